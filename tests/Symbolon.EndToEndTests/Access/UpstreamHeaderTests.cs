using System.Text.Json.Nodes;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing.Mcp;
using Xunit;

namespace Symbolon.EndToEndTests.Access;

[Trait("area", "credentials")]
public sealed class UpstreamHeaderTests(RunningGateway gateway)
{
    [Fact]
    public async Task The_callers_token_cookies_and_forwarding_headers_never_reach_the_server()
    {
        var token = await gateway.Setup.TokenAsync("hostile:fine");
        var marker = Guid.NewGuid().ToString("N");
        var answer = await gateway.Wire.PostAsync("/t/mcp/hostile", token.Secret, McpText.Call("fine", $$"""{"marker":"{{marker}}"}"""),
        [
            .. McpWire.Modern("tools/call", "fine"), ("Cookie", "session=stolen"), ("X-Forwarded-For", "10.0.0.1"), ("X-Forwarded-Host", "evil.example"),
            ("Forwarded", "for=10.0.0.1"), ("Proxy-Authorization", "Basic eDp5"), ("X-Real-IP", "10.0.0.1"), ("X-Api-Key", "mine"),
        ]);
        Assert.Equal("good", answer.ToolText);
        var arrived = Assert.Single(gateway.Hostile.Requests, request => request.Text.Contains(marker, StringComparison.Ordinal));
        string[] never = ["Authorization", "Cookie", "X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "Proxy-Authorization", "X-Real-IP", "X-Api-Key"];
        Assert.DoesNotContain(arrived.Headers, header => never.Contains(header.Key, StringComparer.OrdinalIgnoreCase));
        Assert.DoesNotContain(arrived.Headers, header => header.Value.Contains(token.Secret, StringComparison.Ordinal));
        Assert.DoesNotContain(token.Secret, arrived.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_servers_own_secret_is_put_in_and_seen_nowhere_else()
    {
        const string Secret = "Bearer upstream-secret-5d41402abc4b2a76";
        await using var upstream = new RawServer(AnswerAsync);
        var file = Path.Combine(gateway.Symbolon.Folder, "upstream-secret.txt");
        await File.WriteAllTextAsync(file, Secret, TestContext.Current.CancellationToken);
        await gateway.Setup.ServerAsync("guarded", upstream.Url, null, "--header", $"Authorization=@{file}");
        var token = await gateway.Setup.TokenAsync("guarded");
        var answer = await gateway.Wire.CallAsync("guarded", token.Secret, "tell");
        Assert.Equal("told", answer.ToolText);

        var call = upstream.Requests.Last(request => request.Text.Contains("tools/call", StringComparison.Ordinal));
        Assert.Equal(Secret, Assert.Single(call.Values("Authorization")));
        string[] seen =
        [
            answer.Text, answer.Headers.ToString(),
            (await gateway.Setup.Api.SendAsync(HttpMethod.Get, "/audit/export", null)).Text,
            (await gateway.Setup.Api.GetAsync("/servers/guarded")).ToJsonString(),
            (await gateway.Setup.Api.GetAsync("/export")).ToJsonString(),
            string.Join('\n', gateway.Symbolon.Process.Output.Concat(gateway.Symbolon.Process.Errors)),
        ];
        Assert.All(seen, text => Assert.DoesNotContain("upstream-secret-5d41402abc4b2a76", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Arguments_arrive_as_the_very_bytes_that_were_sent()
    {
        const string Odd = """{ "n" : 1.50e+02,"big":9007199254740993 , "s":"\u0041\/\ud83d\ude00é" , "nested" : [ 1 , { } ] }""";
        var token = await gateway.Setup.TokenAsync("sdk2:echo");
        var answer = await gateway.Wire.CallAsync("sdk2", token.Secret, "echo", Odd);
        Assert.Contains($"\"arguments\":{Odd}", answer.ToolText, StringComparison.Ordinal);
    }

    private static Task AnswerAsync(RawRequest request, Stream stream, CancellationToken stop)
    {
        // A guarded server shows its tools to nobody without the secret, register included.
        if (!request.Values("Authorization").Any(value => value.Contains("upstream-secret", StringComparison.Ordinal)))
            return RawServer.WriteAsync(stream, "401 Unauthorized", "text/plain", "no", stop);
        var message = JsonNode.Parse(request.Text)!;
        var id = message["id"]?.ToJsonString() ?? "null";
        return (string?)message["method"] switch
        {
            "server/discover" => RawServer.WriteAsync(stream, "200 OK", "application/json", McpText.Response(id, McpText.DiscoverResult), stop),
            "tools/list" => RawServer.WriteAsync(stream, "200 OK", "application/json", McpText.Response(id, McpText.ToolsResult(["tell"])), stop),
            "tools/call" => RawServer.WriteAsync(stream, "200 OK", "application/json", McpText.Response(id, McpText.TextResult("told")), stop),
            _ => RawServer.WriteAsync(stream, "400 Bad Request", "text/plain", "no", stop),
        };
    }
}
