using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Symbolon.EndToEndTests.Floods;

/// <summary>A client that sends bytes and takes little of what comes back: the system holds a few kilobytes for it.</summary>
internal static class UnreadClient
{
    /// <param name="text">What it sends at once, Latin-1.</param>
    public static async Task<TcpClient> OpenAsync(Uri server, string text)
    {
        var client = new TcpClient { ReceiveBufferSize = 8192 };
        await client.ConnectAsync(server.Host, server.Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text), TestContext.Current.CancellationToken);
        return client;
    }
}
