using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Clients;

/// <summary>Rules of a policy as a real client meets them, each for an agent of its own.</summary>
[Trait("area", "policy")]
public sealed class PolicyStoryTests(RunningGateway gateway)
{
    [Fact]
    public async Task A_client_is_told_which_rule_denies_its_arguments_and_calls_with_others()
    {
        var (token, client) = await ConnectAsync(agent => $$"""
            [{"name":"no-lamps","servers":["recording"],"tools":["keep"],"agents":["{{agent}}"],"when":"args.item == 'lamp'","decision":"deny","message":"Lamps stay."},
             {"name":"no-count","servers":["recording"],"tools":["count"],"agents":["{{agent}}"],"decision":"deny"}]
            """);
        await using var connected = client;
        Assert.Equal(["keep"], await NamesAsync(client));

        var refused = await CallAsync(client, "lamp");
        Assert.True(refused.IsError);
        Assert.Equal("denied_by_policy", (string?)refused.Meta?["symbolon/refusal"]?["code"]);
        Assert.Contains("/no-lamps denies this call of 'keep'. Lamps stay.", Assert.IsType<TextContentBlock>(refused.Content[0]).Text, StringComparison.Ordinal);
        Assert.Equal("""ran keep {"item":"cup","skill":0}""", Assert.IsType<TextContentBlock>((await CallAsync(client, "cup")).Content[0]).Text);

        var records = await gateway.Setup.Api.AuditAsync($"token={token.Id}");
        Assert.EndsWith("/no-lamps", (string?)records.First(record => (string?)record["code"] == "denied_by_policy" && (string?)record["kind"] == "call_intent")["rule"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_is_met_exactly_by_calls_that_come_at_once()
    {
        const int Allowed = 5;
        var (_, client) = await ConnectAsync(agent => $$"""[{"name":"few","servers":["recording"],"tools":["keep"],"agents":["{{agent}}"],"quota":"{{Allowed}}/day","per":"agent"}]""");
        await using var connected = client;
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => CallAsync(client, "cup")));
        Assert.Equal(Allowed, answers.Count(answer => answer.IsError != true));
        Assert.All(answers.Where(answer => answer.IsError == true), answer => Assert.Equal("limit_reached", (string?)answer.Meta?["symbolon/refusal"]?["code"]));
        Assert.All(answers.Where(answer => answer.IsError == true), answer => Assert.InRange((int)answer.Meta!["symbolon/refusal"]!["retryAfter"]!, 1, 86_400));
    }

    private static Task<CallToolResult> CallAsync(McpClient client, string item) =>
        client.CallToolAsync("keep", new Dictionary<string, object?> { ["item"] = item, ["skill"] = 0 }, cancellationToken: TestContext.Current.CancellationToken).AsTask();

    private static async Task<IReadOnlyList<string>> NamesAsync(McpClient client) => [.. (await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).Select(tool => tool.Name)];

    private async Task<(IssuedToken Token, McpClient Client)> ConnectAsync(Func<string, string> rules)
    {
        var token = await gateway.Setup.TokenAsync("recording:keep,count");
        await gateway.Setup.PolicyAsync($"of-{token.Grant}", rules(token.Agent));
        var client = await McpClient.CreateAsync(new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = gateway.UrlOf("recording"),
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {token.Secret}" },
        }), cancellationToken: TestContext.Current.CancellationToken);
        return (token, client);
    }
}
