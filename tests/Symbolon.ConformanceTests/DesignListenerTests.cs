using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Symbolon.Testing.Processes;

namespace Symbolon.ConformanceTests;

/// <summary>What the listener refuses before there is a request: DESIGN.md sections 4 (Audit durability) and 5 (9).</summary>
public sealed class DesignListenerTests
{
    [Theory]
    [InlineData("GET /healthz HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", "400", "malformed_request")]
    [InlineData("no http at all\r\n\r\n", "400", "malformed_request")]
    [InlineData("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: LONG\r\n\r\n", "431", "too_large")]
    [InlineData("GET /LONG HTTP/1.1\r\nHost: x\r\n\r\n", "414", "too_large")]
    public async Task A_request_that_never_becomes_one_is_counted_in_the_audit(string request, string status, string code)
    {
        await using var server = await RunningServer.StartAsync();
        var answer = await ExchangeAsync(new Uri(server.Host.Addresses[0]), request.Replace("LONG", new string('a', 40_000), StringComparison.Ordinal));
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        var record = await Deadline.ForAsync("the record of it", async () =>
        {
            var records = await server.SendAsync(HttpMethod.Get, "/api/v1/audit?kind=refusals", server.AdminToken);
            return JsonNode.Parse(await records.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsArray().FirstOrDefault()?["event"];
        });
        Assert.Equal((code, 1, "127.0.0.1"), ((string?)record["code"], (int)record["count"]!, (string?)record["peer"]));
    }

    private static async Task<string> ExchangeAsync(Uri to, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, to.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return await reader.ReadLineAsync(TestContext.Current.CancellationToken) ?? "";
    }
}
