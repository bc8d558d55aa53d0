using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Testing.Gateway;

namespace Symbolon.UnitTests.Gateway;

/// <summary>A server that tells its own credential, in a fault that quotes its request or on purpose: DESIGN.md section 5, promise 3.</summary>
[Trait("area", "gateway")]
public sealed class OwnCredentialTests : IDisposable
{
    private const string Secret = "canary-77-of-the-server";
    private const string Fine = """{"jsonrpc":"2.0","id":7,"result":{"content":[{"type":"text","text":"done"}]}}""";
    private const string Telling = """{"jsonrpc":"2.0","id":7,"result":{"content":[{"type":"text","text":"I was shown canary-77-of-the-server."}]}}""";
    private const string Failing = """{"jsonrpc":"2.0","id":7,"error":{"code":-32603,"message":"failed with canary-77-of-the-server"}}""";
    private const string Logging = """{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"error","data":"canary-77-of-the-server"}}""";

    private readonly GatewayRig rig = new();

    public OwnCredentialTests() => Show($"Bearer {Secret}");

    public void Dispose() => rig.Dispose();

    [Theory]
    [InlineData(false, Telling)]
    [InlineData(false, Failing)]
    [InlineData(true, "data: " + Telling + "\n\n")]
    [InlineData(true, "data: " + Failing + "\n\n")]
    [InlineData(true, "data: " + Logging + "\n\ndata: " + Fine + "\n\n")]
    public async Task A_message_that_holds_the_servers_own_credential_reaches_no_caller(bool events, string answer)
    {
        rig.Upstream.Answer = _ => events ? ScriptedUpstream.Events(answer) : ScriptedUpstream.Json(answer);
        var answered = await rig.CallAsync("rollout_status");
        Assert.DoesNotContain("canary", answered.Body, StringComparison.Ordinal);
        Assert.Contains("upstream_invalid", answered.Body, StringComparison.Ordinal);
        var last = rig.Audit.Records[^1];
        Assert.Equal((CallOutcome.Failed, ReasonCode.UpstreamInvalid), (last.Outcome, last.Code));
    }

    [Fact]
    public async Task An_answer_without_it_passes_and_a_secret_too_short_to_tell_withholds_nothing()
    {
        rig.Upstream.Answer = _ => ScriptedUpstream.Json(Fine);
        Assert.Equal("done", (await rig.CallAsync("rollout_status")).Result.GetProperty("content")[0].GetProperty("text").GetString());
        Show("Bearer done", version: 2);
        Assert.Equal("done", (await rig.CallAsync("rollout_status")).Result.GetProperty("content")[0].GetProperty("text").GetString());
    }

    private void Show(string value, int version = 1)
    {
        var place = new Core.Sealing.SecretPlace(OrganisationId.Default, "upstream", "api", version);
        rig.Apply(
            new SealedSecret("upstream", "api", version, rig.Secrets.Seal(place, System.Text.Encoding.UTF8.GetBytes(value)), []),
            GatewayRig.Server(manifest => manifest with { Credential = new UpstreamCredential.Static { Header = "Authorization", Secret = "api" } }, number: version));
    }
}
