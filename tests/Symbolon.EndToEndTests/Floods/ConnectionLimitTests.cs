using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Floods;

/// <summary>One address cannot take all connections. Over an address of this machine that is not loopback, since loopback is not counted.</summary>
[Trait("area", "floods")]
public sealed class ConnectionLimitTests
{
    private const int Most = 4;

    [Fact]
    public async Task An_address_has_so_many_connections_at_once_and_loopback_any_number()
    {
        var address = NetworkInterface.GetAllNetworkInterfaces().SelectMany(each => each.GetIPProperties().UnicastAddresses).Select(each => each.Address)
            .FirstOrDefault(each => each.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(each));
        Assert.True(address is not null, "This machine has no address but loopback, so that nothing can be counted.");
        var outside = new IPEndPoint(address, FreePort.Take());
        await using var symbolon = await SymbolonProcess.StartAsync(
            ["--urls", string.Create(CultureInfo.InvariantCulture, $"http://{outside}"), "--trusted-proxy", "203.0.113.9"],
            ("SYMBOLON_LIMITS_CONNECTIONS_PER_ADDRESS", Most.ToString(CultureInfo.InvariantCulture)));
        var held = new List<TcpClient>();
        try
        {
            for (var i = 0; i < Most; i++) held.Add(await OpenAsync(outside) ?? throw new InvalidOperationException($"connection {i} was refused"));
            Assert.Null(await OpenAsync(outside));

            var loopback = new IPEndPoint(IPAddress.Loopback, symbolon.Url.Port);
            for (var i = 0; i < 4 * Most; i++) held.Add(await OpenAsync(loopback) ?? throw new InvalidOperationException("loopback was counted"));

            held[0].Dispose();
            held.Add(await Deadline.ForAsync("the place of a connection that ended", () => OpenAsync(outside)));
            using var setup = new Setup(symbolon);
            await Deadline.ForAsync("a record of what was refused", async () =>
                (await setup.Api.AuditAsync("kind=refusals")).Any(record => (string?)record["code"] == "overloaded") ? "there" : null);
        }
        finally
        {
            held.ForEach(client => client.Dispose());
        }
    }

    /// <summary>Opens a connection and asks something over it, whatever the answer is.</summary>
    /// <returns>Null when it was closed without an answer.</returns>
    private static async Task<TcpClient?> OpenAsync(IPEndPoint to)
    {
        var client = new TcpClient();
        try
        {
            await client.ConnectAsync(to, TestContext.Current.CancellationToken);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /healthz HTTP/1.1\r\nHost: {to}\r\n\r\n"), TestContext.Current.CancellationToken);
            if (await client.GetStream().ReadAsync(new byte[4096], TestContext.Current.CancellationToken) > 0) return client;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // Reset: as good as closed.
        }
        client.Dispose();
        return null;
    }
}
