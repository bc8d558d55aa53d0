using System.Text.Json.Nodes;
using Symbolon.AuthorizationServer;
using Symbolon.Testing.OAuth;
using Symbolon.UnitTests.Admin;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>DPoP for people: codes and refresh tokens that only one key redeems (RFC 9449 §5 and §10), and tokens of one kind shown as another.</summary>
[Trait("area", "oauth")]
public sealed class Rfc9449CodeTests : IDisposable
{
    private const string Document = "https://app.example/oauth/client.json";

    private readonly ProofKey key = new();
    private readonly ProofKey other = new();

    public void Dispose()
    {
        key.Dispose();
        other.Dispose();
    }

    [Fact]
    [Trait("clause", "RFC 9449 §10")]
    [Trait("hostile", "code")]
    public async Task A_code_that_names_a_key_is_redeemed_by_that_key_alone()
    {
        await using var flow = await CodeFlow.StartAsync();
        foreach (var thief in new[] { null, other })
        {
            var stolen = await flow.CodeAsync(("dpop_jkt", key.Thumbprint.ToString()));
            Assert.Equal("invalid_grant", CodeFlow.Error(await RedeemAsync(flow, stolen, thief)));
        }
        var given = await RedeemAsync(flow, await flow.CodeAsync(("dpop_jkt", key.Thumbprint.ToString())), key);
        Assert.Equal("DPoP", given.Json.GetProperty("token_type").GetString());
        Assert.Equal(key.Thumbprint.ToString(), OAuthHost.PayloadOf(CodeFlow.TokensOf(given).Access).GetProperty("cnf").GetProperty("jkt").GetString());
    }

    [Fact]
    [Trait("clause", "RFC 9449 §10.1")]
    public async Task A_pushed_request_with_a_proof_binds_its_code_to_that_key()
    {
        await using var flow = await CodeFlow.StartAsync();
        async Task<string> CodeAsync()
        {
            var pushed = await SendAsync(flow, "/oauth/par", CodeFlow.Query(), key);
            Assert.True(pushed.Status == 201, pushed.Text);
            var asked = await flow.AuthorizeAsync($"client_id=cli&request_uri={Uri.EscapeDataString(pushed.Json.GetProperty("request_uri").GetString()!)}");
            if (asked.Status == 303) return CodeFlow.Member(asked, "code")!;
            return CodeFlow.Member(await flow.AnswerAsync(asked.Text, tools: [.. flow.Host.Pages.Asked!.Tools.Select(tool => tool.Name)]), "code")!;
        }
        Assert.Equal("invalid_grant", CodeFlow.Error(await RedeemAsync(flow, await CodeAsync(), other)));
        Assert.Equal("invalid_grant", CodeFlow.Error(await RedeemAsync(flow, await CodeAsync(), null)));
        Assert.Equal(200, (await RedeemAsync(flow, await CodeAsync(), key)).Status);
    }

    [Fact]
    [Trait("clause", "RFC 9449 §5")]
    [Trait("hostile", "refresh token")]
    public async Task The_refresh_token_of_a_public_client_works_with_the_key_that_it_was_given_to_alone()
    {
        await using var flow = await CodeFlow.StartAsync();
        var refresh = CodeFlow.TokensOf(await RedeemAsync(flow, await flow.CodeAsync(), key)).Refresh;
        foreach (var thief in new[] { null, other }) Assert.Equal("invalid_grant", CodeFlow.Error(await RefreshAsync(flow, refresh, thief)));
        var (access, next) = CodeFlow.TokensOf(await RefreshAsync(flow, refresh, key));
        Assert.Equal(key.Thumbprint.ToString(), OAuthHost.PayloadOf(access).GetProperty("cnf").GetProperty("jkt").GetString());
        Assert.Equal("invalid_grant", CodeFlow.Error(await RefreshAsync(flow, next, other)));
        Assert.Equal(200, (await RefreshAsync(flow, next, key)).Status);
    }

    [Fact]
    [Trait("clause", "RFC 9449 §5.2")]
    public async Task A_client_whose_metadata_says_so_gets_no_bearer_token()
    {
        await using var flow = await CodeFlow.StartAsync(new AuthorizationServerOptions { DynamicRegistration = true });
        var metadata = new JsonObject { ["client_id"] = Document, ["client_name"] = "App", ["redirect_uris"] = new JsonArray(CodeFlow.Cli), ["dpop_bound_access_tokens"] = true };
        flow.Host.Web.Put(Document, metadata.ToJsonString());
        metadata.Remove("client_id");
        var registered = await flow.Host.SendAsync("POST", "/oauth/register", metadata.ToJsonString(), type: "application/json");
        Assert.True(registered.Status == 201, registered.Text);
        Assert.True(registered.Json.GetProperty("dpop_bound_access_tokens").GetBoolean());

        foreach (var client in new[] { Document, registered.Json.GetProperty("client_id").GetString()! })
        {
            var code = await flow.CodeAsync(("client_id", client));
            Assert.Equal("invalid_dpop_proof", CodeFlow.Error(await RedeemAsync(flow, code, null, client)));
            Assert.Equal("DPoP", (await RedeemAsync(flow, code, key, client)).Json.GetProperty("token_type").GetString());
        }
        metadata["dpop_bound_access_tokens"] = "yes";
        Assert.Equal("invalid_client_metadata", CodeFlow.Error(await flow.Host.SendAsync("POST", "/oauth/register", metadata.ToJsonString(), type: "application/json")));
    }

    [Fact]
    [Trait("clause", "RFC 8725 §3.12")]
    [Trait("hostile", "confusion")]
    public async Task No_token_of_another_kind_is_taken_for_a_code_or_a_refresh_token_and_neither_for_another()
    {
        await using var flow = await CodeFlow.StartAsync();
        var (access, refresh) = CodeFlow.TokensOf(await RedeemAsync(flow, await flow.CodeAsync(), null));
        var bound = CodeFlow.TokensOf(await RedeemAsync(flow, await flow.CodeAsync(), key)).Access;
        var code = await flow.CodeAsync();
        var proof = key.Proof("POST", OAuthHost.Issuer + "/oauth/token", flow.Host.Now);
        string[] others = [access, bound, flow.Host.Assertion(), proof, "sym_usr_" + new string('a', 49), "sym_adm_" + new string('a', 49)];
        foreach (var text in (string[])[.. others, refresh]) Assert.Equal("invalid_grant", CodeFlow.Error(await RedeemAsync(flow, text, null)));
        foreach (var text in (string[])[.. others, code]) Assert.Equal("invalid_grant", CodeFlow.Error(await RefreshAsync(flow, text, null)));
        foreach (var text in (string[])[code, refresh])
        {
            Assert.Equal("invalid_dpop_proof", CodeFlow.Error(await flow.Host.SendAsync("POST", "/oauth/token", Form(("grant_type", "refresh_token"), ("refresh_token", refresh), ("client_id", "cli")), headers: ("DPoP", text))));
            Assert.Equal(401, (await flow.Host.TokenWithAsync(text)).Status);
            Assert.IsType<Symbolon.Core.AccessTokens.AccessTokenReading.Refused>(flow.Host.Read(text));
        }
        // Nothing of it has used the two up.
        Assert.Equal(200, (await RedeemAsync(flow, code, null)).Status);
        Assert.Equal(200, (await RefreshAsync(flow, refresh, null)).Status);
    }

    private static Task<Answer> RedeemAsync(CodeFlow flow, string code, ProofKey? by, string client = "cli") => SendAsync(
        flow, "/oauth/token", Form(("grant_type", "authorization_code"), ("code", code), ("client_id", client), ("redirect_uri", CodeFlow.Cli), ("code_verifier", CodeFlow.Verifier)), by);

    private static Task<Answer> RefreshAsync(CodeFlow flow, string token, ProofKey? by) =>
        SendAsync(flow, "/oauth/token", Form(("grant_type", "refresh_token"), ("refresh_token", token), ("client_id", "cli")), by);

    private static Task<Answer> SendAsync(CodeFlow flow, string path, string form, ProofKey? by) => by is null
        ? flow.Host.SendAsync("POST", path, form)
        : flow.Host.SendAsync("POST", path, form, headers: ("DPoP", by.Proof("POST", OAuthHost.Issuer + path, flow.Host.Now)));

    private static string Form(params (string Name, string Value)[] form) => string.Join('&', form.Select(each => $"{each.Name}={Uri.EscapeDataString(each.Value)}"));
}
