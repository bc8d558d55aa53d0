using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Clients;

/// <summary>The client of the C# SDK through the gateway to servers of three makes.</summary>
[Trait("area", "clients")]
public sealed class CsharpClientTests(RunningGateway gateway)
{
    [Theory]
    [InlineData("everything", "get-sum", "42")]
    [InlineData("sdk2", "add", "42")]
    public async Task It_lists_and_calls_what_its_token_allows(string server, string tool, string expected)
    {
        var token = await gateway.Setup.TokenAsync($"{server}:{tool}");
        await using var client = await ConnectAsync(server, token);
        Assert.Equal([tool], (await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).Select(each => each.Name));
        var answer = await client.CallToolAsync(tool, new Dictionary<string, object?> { ["a"] = 2, ["b"] = 40 }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Contains(expected, Assert.IsType<TextContentBlock>(answer.Content[0]).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_sees_the_progress_of_a_csharp_server()
    {
        var token = await gateway.Setup.TokenAsync("recording:count");
        await using var client = await ConnectAsync("recording", token);
        var seen = new List<double>();
        var answer = await client.CallToolAsync("count", new Dictionary<string, object?> { ["steps"] = 3, ["milliseconds"] = 200 },
            new Collect(seen), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("""ran count {"steps":3}""", Assert.IsType<TextContentBlock>(answer.Content[0]).Text);
        // The SDK hands progress over on a thread of its own, so the last one may come after the answer.
        await Deadline.ForAsync("three reports of progress", () => { lock (seen) return seen.Count == 3; });
        Assert.Equal([1, 2, 3], seen.Order());
    }

    [Fact]
    public async Task It_is_told_why_a_tool_is_refused()
    {
        var token = await gateway.Setup.TokenAsync("recording:keep");
        await using var client = await ConnectAsync("recording", token);
        var answer = await client.CallToolAsync("drop", new Dictionary<string, object?> { ["item"] = "lamp" }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(answer.IsError);
        Assert.Equal("not_granted", (string?)answer.Meta?["symbolon/refusal"]?["code"]);
    }

    private Task<McpClient> ConnectAsync(string server, IssuedToken token) =>
        McpClient.CreateAsync(new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = gateway.UrlOf(server),
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {token.Secret}" },
        }), cancellationToken: TestContext.Current.CancellationToken);

    private sealed class Collect(List<double> seen) : IProgress<ModelContextProtocol.ProgressNotificationValue>
    {
        public void Report(ModelContextProtocol.ProgressNotificationValue value)
        {
            lock (seen) seen.Add(value.Progress);
        }
    }
}
