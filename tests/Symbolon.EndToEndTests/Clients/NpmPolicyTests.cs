using System.Text.Json.Nodes;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Clients;

/// <summary>What the code behind an unmodified TypeScript client, 1.x and 2.x, gets to see of policies.</summary>
[Trait("area", "policy")]
public sealed class NpmPolicyTests(RunningGateway gateway)
{
    public static TheoryData<string> Clients => NpmClientTests.Clients;

    [Theory, MemberData(nameof(Clients))]
    public async Task Arguments_that_a_rule_denies_come_back_with_its_words_its_name_and_the_code_and_others_are_answered(string client)
    {
        var token = await gateway.Setup.TokenAsync("recording:keep,count");
        var policy = $"of-{token.Grant}";
        await gateway.Setup.PolicyAsync(policy, $$"""
            [{"name":"no-lamps","servers":["recording"],"tools":["keep"],"agents":["{{token.Agent}}"],"when":"args.item == 'lamp'","decision":"deny","message":"Lamps stay. Ask Ada."},
             {"name":"no-count","servers":["recording"],"tools":["count"],"agents":["{{token.Agent}}"],"decision":"deny"}]
            """);
        var steps = await WalkAsync(client, token, """
            [{"list":true},{"call":"keep","args":{"item":"cup","skill":3}},{"call":"keep","args":{"item":"lamp","skill":3}},{"call":"keep","args":{"skill":3}},{"call":"count","args":{"steps":1,"milliseconds":1}}]
            """);
        // Of count no arguments could be permitted, of keep some.
        Assert.Equal(["keep"], steps[0].AsArray().Select(tool => (string)tool!["name"]!));
        Assert.Equal((null, """ran keep {"item":"cup","skill":3}"""), (RefusalOf(steps[1]), TextOf(steps[1])));

        AssertRefused(steps[2], "denied_by_policy", $"{policy}/no-lamps", $"The rule {policy}/no-lamps denies this call of 'keep'. Lamps stay. Ask Ada.");
        AssertRefused(steps[3], "policy_error", $"{policy}/no-lamps", $"The rule {policy}/no-lamps could not be evaluated for this call of 'keep', which denies it. Lamps stay. Ask Ada.");
        AssertRefused(steps[4], "denied_by_policy", $"{policy}/no-count", $"The rule {policy}/no-count denies this call of 'count'.");
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task A_call_beyond_a_limit_comes_back_with_the_time_to_wait_and_the_tool_stays_on_the_list(string client)
    {
        var token = await gateway.Setup.TokenAsync("recording:keep");
        var rule = $"of-{token.Grant}/once";
        await gateway.Setup.PolicyAsync($"of-{token.Grant}", $$"""[{"name":"once","servers":["recording"],"tools":["keep"],"agents":["{{token.Agent}}"],"limit":"1/hour","message":"One an hour will do."}]""");
        var steps = await WalkAsync(client, token, """[{"call":"keep","args":{"item":"cup"}},{"call":"keep","args":{"item":"cup"}},{"list":true}]""");
        Assert.Null(RefusalOf(steps[0]));

        var wait = (int?)RefusalOf(steps[1])?["retryAfter"];
        Assert.InRange(wait ?? 0, 3_000, 3_600);
        AssertRefused(steps[1], "limit_reached", rule, $"The limit of the rule {rule} (rate 1/hour) is reached for this call of 'keep'. Try again in {wait} s. One an hour will do.");
        Assert.Equal(["keep"], steps[2].AsArray().Select(tool => (string)tool!["name"]!));
    }

    private static void AssertRefused(JsonNode step, string code, string rule, string text)
    {
        Assert.True((bool?)step["isError"]);
        Assert.Equal((code, rule), ((string?)RefusalOf(step)?["code"], (string?)RefusalOf(step)?["rule"]));
        // Behind it stands where more is said about the code.
        Assert.StartsWith(text, TextOf(step), StringComparison.Ordinal);
    }

    private static JsonNode? RefusalOf(JsonNode step) => step["_meta"]?["symbolon/refusal"];

    private static string? TextOf(JsonNode step) => (string?)step["content"]?[0]?["text"];

    /// <returns>What each step came to.</returns>
    private async Task<IReadOnlyList<JsonNode>> WalkAsync(string client, IssuedToken token, string steps)
    {
        await using var process = NodeProgram.StartClient(client, gateway.UrlOf("recording"), token.Secret, JsonNode.Parse(steps)!.AsArray());
        var lines = await NodeProgram.LinesAsync(process);
        return [.. lines.Where(line => line["step"] is not null).Select(line => line["result"] ?? throw new InvalidOperationException($"a step failed:\n{string.Join('\n', lines)}"))];
    }
}
