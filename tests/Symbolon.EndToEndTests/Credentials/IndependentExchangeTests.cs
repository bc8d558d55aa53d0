using System.Text;
using System.Text.Json.Nodes;
using Symbolon.EndToEndTests.Jose;
using Symbolon.Jose;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Credentials;

/// <summary>The exchange by libraries that are not ours: npm's <c>oauth4webapi</c> asks, and it and Python's authlib verify what came of it.</summary>
[Trait("area", "credentials")]
[Trait("clause", "RFC 8693 §2")]
public sealed class IndependentExchangeTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    [Fact]
    public async Task A_client_of_npm_exchanges_the_token_of_a_call_and_authlib_verifies_the_chain_in_it()
    {
        await using var stage = await ReleaseStage.StartAsync(StartAsync);
        await stage.EnrolAsync();
        await using var server = await StartAsync(stage, stage.Symbolon.Url.GetLeftPart(UriPartial.Authority), Path.Combine(stage.Folder, "code"), stage.Audience);
        var caller = await stage.Setup.TokenAsync("releases");

        Assert.Contains("4.2.0", (await stage.CallAsync(caller.Secret, "rollout_status", "web", Trace)).Text, StringComparison.Ordinal);

        var steps = server.Output.Select(line => JsonNode.Parse(line)!).ToDictionary(line => (string)line["step"]!);
        Assert.Equal(((string?)steps["enrolled"]["own"], stage.Audience), ((string?)steps["enrolled"]["key"], (string?)steps["enrolled"]["audience"]));
        Assert.Equal(("dpop", "urn:ietf:params:oauth:token-type:access_token", "read:cluster:prod/namespace:checkout/release/*"),
            ((string?)steps["exchanged"]["type"], (string?)steps["exchanged"]["issued"], (string?)steps["exchanged"]["scope"]));
        Assert.InRange((int)steps["exchanged"]["expires"]!, 1, 300);
        foreach (var (step, error) in new[] { ("its own credential as the subject", "invalid_request"), ("another API", "invalid_target"), ("more than the tool needs", "invalid_scope"), ("a token of another type", "invalid_request"), ("half an actor", "invalid_request") })
            Assert.Equal((step, error, 400), (step, (string?)steps[step]["error"], (int)steps[step]["status"]!));

        var (own, exchanged) = ((string)steps["credential"]["token"]!, (string)steps["exchanged"]["token"]!);
        var tampered = exchanged.Split('.');
        var payload = Encoding.UTF8.GetString(Base64Url.Decode(Encoding.ASCII.GetBytes(tampered[1]))!);
        Assert.Contains("\"act\":{\"sub\":\"server:releases\"", payload, StringComparison.Ordinal);
        tampered[1] = Base64Url.Encode(Encoding.UTF8.GetBytes(payload.Replace("\"act\":{\"sub\":\"server:releases\"", "\"act\":{\"sub\":\"server:payments\"", StringComparison.Ordinal)));
        var lines = await PythonVerifier.VerifyAsync(stage.Symbolon.Url, stage.Audience, [exchanged, own, string.Join('.', tampered)]);

        foreach (var claims in new[] { steps["validated"], lines[0]["claims"]! })
        {
            Assert.Equal(("alice@example.com", "server:releases", "mcp:releases:rollout_status"), ((string?)claims["sub"], (string?)claims["client_id"], (string?)claims["tool"]));
            Assert.Equal(("server:releases", $"agent:agent-of-{caller.Grant}", null), ((string?)claims["act"]!["sub"], (string?)claims["act"]!["act"]!["sub"], (string?)claims["act"]!["act"]!["act"]?["sub"]));
        }
        Assert.Equal((string?)steps["enrolled"]["own"], (string?)lines[0]["claims"]!["cnf"]!["jkt"]);
        Assert.Equal(("server:releases", null), ((string?)lines[1]["claims"]!["sub"], lines[1]["claims"]!["act"]));
        Assert.NotNull(lines[2]["error"]);
        Assert.NotNull(Assert.Single(await PythonVerifier.VerifyAsync(stage.Symbolon.Url, $"{stage.Server}/mcp", [exchanged]))["error"]);

        // What was refused stands in the audit beside what was allowed.
        var actions = (await stage.Setup.Api.AuditAsync("kind=token_exchanged")).Select(record => (string?)record["action"]).Order(StringComparer.Ordinal);
        Assert.Equal(["exchange", "exchange refused: invalid_request", "exchange refused: invalid_request", "exchange refused: invalid_request", "exchange refused: invalid_scope", "exchange refused: invalid_target"], actions);
    }

    private static async Task<ChildProcess> StartAsync(ReleaseStage stage, params string[] more)
    {
        var process = NodeProgram.Start([NodeProgram.File("exchange.mjs"), $"{stage.Server}/mcp", .. more]);
        await process.LineAsync(line => line.Contains("\"listening\"", StringComparison.Ordinal));
        return process;
    }

    private static Task<ChildProcess> StartAsync(ReleaseStage stage) => StartAsync(stage, []);
}
