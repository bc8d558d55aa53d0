using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Access;

/// <summary>A client that opens many connections with a token that the server has not seen yet.</summary>
[Trait("area", "tokens")]
public sealed class FreshTokenTests(RunningGateway gateway)
{
    [Fact]
    public async Task Sixty_four_connections_that_show_one_fresh_token_at_once_are_all_served()
    {
        var connections = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => ConnectAsync()));
        try
        {
            for (var round = 0; round < 3; round++)
            {
                var token = await gateway.Setup.TokenAsync("sdk2:add");
                var request = Encoding.UTF8.GetBytes(Request(token.Secret));
                var statuses = await Task.WhenAll(connections.Select(connection => Task.Run(() => StatusAsync(connection, request))));
                Assert.All(statuses, status => Assert.Equal(200, status));
            }
        }
        finally
        {
            foreach (var connection in connections) connection.Dispose();
        }
    }

    private string Request(string secret) => string.Create(CultureInfo.InvariantCulture,
        $"POST /t/mcp/sdk2 HTTP/1.1\r\nHost: {gateway.Symbolon.Url.Authority}\r\nAuthorization: Bearer {secret}\r\nAccept: application/json, text/event-stream\r\nContent-Type: application/json\r\nMCP-Protocol-Version: {McpText.Modern}\r\nMcp-Method: tools/list\r\nContent-Length: {McpText.List().Length}\r\n\r\n{McpText.List()}");

    private async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(gateway.Symbolon.Url.Host, gateway.Symbolon.Url.Port, TestContext.Current.CancellationToken);
        return client;
    }

    /// <summary>Reads the whole answer, so that the connection can be used again.</summary>
    private static async Task<int> StatusAsync(TcpClient connection, byte[] request)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Deadline.Usual);
        var stream = connection.GetStream();
        await stream.WriteAsync(request, patience.Token);
        var text = "";
        var buffer = new byte[8192];
        while (!IsWhole(text))
        {
            var read = await stream.ReadAsync(buffer, patience.Token);
            Assert.NotEqual(0, read);
            text += Encoding.Latin1.GetString(buffer, 0, read);
        }
        return int.Parse(text["HTTP/1.1 ".Length..][..3], CultureInfo.InvariantCulture);
    }

    private static bool IsWhole(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0) return false;
        const string name = "Content-Length: ";
        var at = text.IndexOf(name, StringComparison.OrdinalIgnoreCase);
        if (at < 0 || at > end) return text.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal);
        var digits = text[(at + name.Length)..text.IndexOf("\r\n", at, StringComparison.Ordinal)];
        return text.Length >= end + 4 + int.Parse(digits, CultureInfo.InvariantCulture);
    }
}
