using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;
using Symbolon.Testing.OAuth;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>What a grant, a server, an effect class or the organisation gives to a key alone: at the token endpoint, in metadata and for pasted tokens.</summary>
[Trait("area", "oauth")]
public sealed class BindingDemandTests : IDisposable
{
    private const string Url = OAuthHost.Issuer + "/oauth/token";

    private readonly ProofKey key = new();

    public void Dispose() => key.Dispose();

    /// <summary>Who demands; the scopes that are asked for; whether a bearer token is given.</summary>
    [Theory]
    [InlineData("nobody", "mcp:shop:look mcp:shop:change", true)]
    [InlineData("grant", "mcp:shop:look", false)]
    [InlineData("grant", null, false)]
    [InlineData("grant, another allows look", "mcp:shop:look", true)]
    [InlineData("grant, another allows look", "mcp:shop:look mcp:shop:change", false)]
    [InlineData("grant, another allows look", null, true)]
    [InlineData("server", "mcp:shop:look", false)]
    [InlineData("server", null, false)]
    [InlineData("server for write", "mcp:shop:look", true)]
    [InlineData("server for write", "mcp:shop:change", false)]
    [InlineData("server for write", "mcp:shop:look mcp:shop:change", false)]
    [InlineData("server for write", null, true)]
    [Trait("clause", "RFC 9449 §5.2")]
    public async Task A_bearer_token_is_given_only_for_what_nobody_demands_a_key(string who, string? scope, bool isGiven)
    {
        await using var host = await OAuthHost.StartAsync();
        Demand(host, who);
        var answer = await host.TokenAsync(("scope", scope));
        if (isGiven)
        {
            Assert.True(answer.Status == 200, answer.Text);
        }
        else
        {
            Assert.Equal((400, "invalid_dpop_proof"), (answer.Status, answer.Json.GetProperty("error").GetString()));
            Assert.Contains("DPoP proof", answer.Json.GetProperty("error_description").GetString(), StringComparison.Ordinal);
            Assert.Equal((false, ReasonCode.ProofRequired), (host.Proofs.Records.Last().Allowed, host.Proofs.Records.Last().Code));
        }
        var bound = await host.SendAsync(
            "POST", "/oauth/token",
            $"grant_type=client_credentials&client_assertion_type={Uri.EscapeDataString(OAuthHost.AssertionType)}&client_assertion={host.Assertion()}&resource={Uri.EscapeDataString(OAuthHost.Shop)}"
            + (scope is null ? "" : "&scope=" + Uri.EscapeDataString(scope)),
            headers: ("DPoP", key.Proof("POST", Url, host.Now)));
        Assert.Equal((200, "DPoP"), (bound.Status, bound.Json.GetProperty("token_type").GetString()));
    }

    [Theory]
    [InlineData("nobody", false)]
    [InlineData("server", true)]
    [InlineData("server for write", false)]
    [InlineData("grant", false)]
    [Trait("clause", "RFC 9728 §2")]
    public async Task The_metadata_of_a_server_says_whether_every_token_must_be_bound(string who, bool isRequired)
    {
        await using var host = await OAuthHost.StartAsync();
        Demand(host, who);
        var metadata = (await host.GetAsync("/.well-known/oauth-protected-resource/mcp/shop")).Json;
        Assert.Equal("""["ES256"]""", metadata.GetProperty("dpop_signing_alg_values_supported").GetRawText());
        Assert.Equal(isRequired, metadata.TryGetProperty("dpop_bound_access_tokens_required", out var required) && required.GetBoolean());
    }

    [Theory]
    [InlineData("server", "look", false)]
    [InlineData("server for write", "look", true)]
    [InlineData("server for write", "change", false)]
    [InlineData("server for write", "@write", false)]
    [InlineData("server for write", "@granted", true)]
    [InlineData("grant", "look", false)]
    [InlineData("grant", "@granted", false)]
    [Trait("clause", "DESIGN.md §4 Files binding")]
    public async Task No_pasted_token_is_issued_for_what_is_given_to_a_key_alone(string who, string access, bool isIssued)
    {
        var desk = new TokenDesk();
        desk.Grant("g", """{"users":["*"]}""", "\"effects\":[\"read\",\"write\"]");
        if (who == "grant") desk.Put(new ObjectKey(ObjectKind.Grant, "g"), Granted(desk));
        else desk.Put(new ObjectKey(ObjectKind.Server, "shop"), Bound(desk.Configuration.Server(TokenDesk.Admin.Organisation, new("shop"))!, who));
        var order = TokenDesk.Order("alice@example.com", null, access);
        if (isIssued) await desk.IssueAsync(order);
        else Assert.Contains("bound to a key", (await desk.RefusedAsync(order)).Message, StringComparison.Ordinal);
    }

    private static GrantObject Granted(TokenDesk desk) => desk.Configuration.Grant(TokenDesk.Admin.Organisation, new("g"))! with { Binding = TokenBinding.Dpop };

    private static void Demand(OAuthHost host, string who)
    {
        var grant = OAuthHost.Grant("bot-shop", "bot", "shop", [new("look"), new("change")], [], null);
        if (who.StartsWith("grant", StringComparison.Ordinal)) host.Apply(grant with { Binding = TokenBinding.Dpop });
        if (who.EndsWith("look", StringComparison.Ordinal)) host.Apply(OAuthHost.Grant("other", "bot", "shop", [new("look")], [], null));
        if (who.StartsWith("server", StringComparison.Ordinal)) host.Apply(Bound(OAuthHost.ServerOf("shop"), who));
    }

    private static ServerObject Bound(ServerObject server, string who) => server with
    {
        Approved = server.Approved! with
        {
            Manifest = server.Approved.Manifest with { Binding = new BindingRule { Binding = TokenBinding.Dpop, Effects = who.EndsWith("write", StringComparison.Ordinal) ? [Effect.Write] : [] } },
        },
    };
}
