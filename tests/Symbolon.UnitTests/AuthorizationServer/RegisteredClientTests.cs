using System.Text;
using Symbolon.AuthorizationServer.Clients;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Jose.Signatures;
using Symbolon.Testing.OAuth;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>Clients that an administrator registers: with keys, or marked legacy with a secret (RFC 6749 §2.3.1).</summary>
[Trait("area", "oauth")]
public sealed class RegisteredClientTests
{
    private static readonly Requester Admin = new(OrganisationId.Default, "admin");

    [Fact]
    [Trait("clause", "RFC 7523 §2.2")]
    public async Task A_client_with_a_key_gets_the_tokens_of_the_agent_that_it_is()
    {
        await using var host = await OAuthHost.StartAsync();
        using var key = Es256SigningKey.Generate();
        var created = Done(await RegisterAsync(host, "ci", key));
        Assert.Null(created.Secret);
        var token = (await host.TokenWithAsync(host.Assertion("ci", key), ("scope", "mcp:shop:look"))).Json.GetProperty("access_token").GetString()!;
        var claims = OAuthHost.PayloadOf(token);
        Assert.Equal(("agent:bot", "ci"), (claims.GetProperty("sub").GetString(), claims.GetProperty("client_id").GetString()));
    }

    [Fact]
    [Trait("clause", "RFC 9449 §5.2")]
    public async Task A_client_of_bound_tokens_alone_gets_none_without_a_proof()
    {
        await using var host = await OAuthHost.StartAsync();
        using var key = Es256SigningKey.Generate();
        using var holder = new ProofKey();
        Done(await host.Get<ClientDesk>().RegisterAsync(
            Admin, new NewClient("ci", "owner@example.com", "bot", null, [key.PublicKey.ToJson()], LegacySecret: false, Reason: null, DpopBound: true), CancellationToken.None));

        var refused = await host.TokenWithAsync(host.Assertion("ci", key));
        Assert.Equal((400, "invalid_dpop_proof"), (refused.Status, refused.Json.GetProperty("error").GetString()));
        Assert.Equal(Symbolon.Core.Policy.ReasonCode.ProofRequired, host.Proofs.Records.Last().Code);
        var given = await host.SendAsync(
            "POST", "/oauth/token",
            $"grant_type=client_credentials&client_assertion_type={Uri.EscapeDataString(OAuthHost.AssertionType)}&client_assertion={host.Assertion("ci", key)}&resource={Uri.EscapeDataString(OAuthHost.Shop)}",
            headers: ("DPoP", holder.Proof("POST", OAuthHost.Issuer + "/oauth/token", host.Now)));
        Assert.Equal((200, "DPoP"), (given.Status, given.Json.GetProperty("token_type").GetString()));
    }

    [Fact]
    [Trait("hostile", "one key, two holders")]
    public async Task The_key_of_a_servers_instance_makes_no_client()
    {
        await using var rig = await ServerRig.StartAsync();
        var refused = Assert.IsType<Result<RegisteredClientResult>.Refused>(await rig.Host.Get<ClientDesk>().RegisterAsync(
            Admin, new NewClient("ci", "owner@example.com", "bot", null, [rig.Key.Jwk], LegacySecret: false, Reason: null), CancellationToken.None));
        Assert.Equal("keys", Assert.Single(refused.Why.Errors).Path);
    }

    [Fact]
    [Trait("clause", "RFC 6749 §2.3.1")]
    public async Task A_legacy_client_proves_itself_by_its_secret_in_the_header_or_in_the_body()
    {
        await using var host = await OAuthHost.StartAsync();
        var created = Done(await RegisterAsync(host, "old"));
        var secret = created.Secret!;
        Assert.DoesNotContain(secret, created.Client.ToString(), StringComparison.Ordinal);

        var body = await host.PostAsync("/oauth/token", ("grant_type", "client_credentials"), ("resource", OAuthHost.Shop), ("client_id", "old"), ("client_secret", secret));
        Assert.True(body.Status == 200, body.Text);
        Assert.Equal(200, (await BasicAsync(host, $"old:{secret}")).Status);
        var methods = (await host.GetAsync("/.well-known/oauth-authorization-server")).Json.GetProperty("token_endpoint_auth_methods_supported");
        Assert.Equal(["private_key_jwt", "client_secret_basic", "client_secret_post", "none"], methods.EnumerateArray().Select(each => each.GetString()));
    }

    [Theory]
    [InlineData("old:wrong")]
    [InlineData("old:")]
    [InlineData("old")]
    [InlineData(":SECRET")]
    [InlineData("agent%3Abot:SECRET")]
    [InlineData("nobody:SECRET")]
    [InlineData("OLD:SECRET")]
    [InlineData("old:SECRETx")]
    [InlineData("old:%zz")]
    [InlineData("old:%00")]
    [Trait("clause", "RFC 6749 §5.2")]
    [Trait("hostile", "client authentication")]
    public async Task Another_secret_or_another_client_is_invalid_client(string credentials)
    {
        await using var host = await OAuthHost.StartAsync();
        var secret = Done(await RegisterAsync(host, "old")).Secret!;
        var answer = await BasicAsync(host, credentials.Replace("SECRET", secret, StringComparison.Ordinal));
        Assert.Equal((401, "invalid_client"), (answer.Status, answer.Json.GetProperty("error").GetString()));
        Assert.StartsWith("Basic", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Basic")]
    [InlineData("Basic !!!!")]
    [InlineData("Bearer b2xkOng=")]
    [InlineData("b2xkOng=")]
    [Trait("clause", "RFC 6749 §2.3.1")]
    [Trait("hostile", "client authentication")]
    public async Task A_header_that_is_no_basic_one_is_invalid_client(string header)
    {
        await using var host = await OAuthHost.StartAsync();
        Done(await RegisterAsync(host, "old"));
        Assert.Equal(401, (await host.SendAsync("POST", "/oauth/token", "grant_type=client_credentials", headers: ("Authorization", header))).Status);
    }

    [Fact]
    [Trait("clause", "RFC 6749 §2.3")]
    [Trait("hostile", "client authentication")]
    public async Task A_secret_in_both_places_and_a_client_id_that_differs_are_refused()
    {
        await using var host = await OAuthHost.StartAsync();
        var secret = Done(await RegisterAsync(host, "old")).Secret!;
        var basic = "Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"old:{secret}"));
        Assert.Equal(400, (await host.SendAsync("POST", "/oauth/token", $"grant_type=client_credentials&client_id=old&client_secret={secret}", headers: ("Authorization", basic))).Status);
        Assert.Equal(401, (await host.SendAsync("POST", "/oauth/token", "grant_type=client_credentials&client_id=other", headers: ("Authorization", basic))).Status);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §1 Revocation")]
    public async Task A_client_that_is_suspended_or_whose_agent_is_gets_nothing()
    {
        await using var host = await OAuthHost.StartAsync();
        var desk = host.Get<ClientDesk>();
        var secret = Done(await RegisterAsync(host, "old")).Secret!;
        Done(await desk.MoveAsync(Admin, "old", "suspend", Lifecycle.Suspended, null, CancellationToken.None));
        Assert.Equal(401, (await BasicAsync(host, $"old:{secret}")).Status);
        Done(await desk.MoveAsync(Admin, "old", "resume", Lifecycle.Active, null, CancellationToken.None));
        Assert.Equal(200, (await BasicAsync(host, $"old:{secret}")).Status);
        host.Apply(OAuthHost.Agent("bot", host.Key) with { State = Lifecycle.Suspended });
        Assert.Equal(401, (await BasicAsync(host, $"old:{secret}")).Status);
        Done(await desk.MoveAsync(Admin, "old", "retire", Lifecycle.Retired, null, CancellationToken.None));
        var refused = Assert.IsType<Result<RegisteredClientResult>.Refused>(await desk.MoveAsync(Admin, "old", "resume", Lifecycle.Active, null, CancellationToken.None));
        Assert.Equal("retired", refused.Why.Code);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §5 no. 9")]
    public async Task What_is_wrong_with_an_order_is_told_by_field_all_at_once()
    {
        await using var host = await OAuthHost.StartAsync();
        using var key = Es256SigningKey.Generate();
        var order = new NewClient("a:b", "nobody", "missing", "missing", [key.PublicKey.ToJson(), key.PublicKey.ToJson(), """{"kty":"oct","k":"AA"}"""], LegacySecret: true, Reason: null);
        var refused = Assert.IsType<Result<RegisteredClientResult>.Refused>(await host.Get<ClientDesk>().RegisterAsync(Admin, order, CancellationToken.None));
        Assert.Equal(["agent", "agent", "keys", "keys[1]", "keys[2]", "name", "owner", "workflow"], refused.Why.Errors.Select(error => error.Path).Order(StringComparer.Ordinal));
        Done(await RegisterAsync(host, "old"));
        Assert.Equal("exists", Assert.IsType<Result<RegisteredClientResult>.Refused>(await RegisterAsync(host, "old")).Why.Code);
    }

    [Theory]
    [InlineData("https://app.example.com/cb", true)]
    [InlineData("https://app.example.com", true)]
    [InlineData("https://app.example.com:8443/cb?x=1", true)]
    [InlineData("http://127.0.0.1:33418", true)]
    [InlineData("http://localhost:8787/callback", true)]
    [InlineData("http://[::1]/callback", true)]
    [InlineData("cursor://anysphere.cursor-mcp/oauth/callback", true)]
    [InlineData("com.example.app:/oauth", true)]
    [InlineData("https://vscode.dev/redirect", true)]
    [InlineData("http://app.example.com/cb", false)]
    [InlineData("http://localhost.evil/cb", false)]
    [InlineData("http://127.0.0.1.evil/cb", false)]
    [InlineData("http://127.0.0.2/cb", false)]
    [InlineData("http://10.0.0.1/cb", false)]
    [InlineData("https://app.example.com/cb#x", false)]
    [InlineData("https://user@app.example.com/cb", false)]
    [InlineData("https://user:pass@app.example.com/cb", false)]
    [InlineData("https://app.example.com/a/../cb", false)]
    [InlineData("https://app.example.com/a/%2e%2e/cb", false)]
    [InlineData("https://app.example.com/..", false)]
    [InlineData("https://app.example.com./cb", false)]
    [InlineData("https://APP.example.com/cb", false)]
    [InlineData("https://*.example.com/cb", false)]
    [InlineData("https://0x7f.example/cb", true)]
    [InlineData("https://0x.0x.0/cb", false)]
    [InlineData("https://0x7f000001/cb", false)]
    [InlineData("https://127.0.0.256/cb", false)]
    [InlineData("https://example.0x/cb", false)]
    [InlineData("https://app.example.com\\@evil.example/cb", false)]
    [InlineData("https:/app.example.com/cb", false)]
    [InlineData("https:app.example.com/cb", false)]
    [InlineData("HTTPS://app.example.com/cb", false)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("data:text/html,x", false)]
    [InlineData("vbscript:x", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("blob:https://app.example.com/x", false)]
    [InlineData("view-source:https://app.example.com/", false)]
    [InlineData("/callback", false)]
    [InlineData("callback", false)]
    [InlineData("//app.example.com/cb", false)]
    [InlineData("https://", false)]
    [InlineData("app:", false)]
    [InlineData("", false)]
    [InlineData("https://app.example.com/c b", false)]
    [InlineData("https://äpp.example.com/cb", false)]
    [Trait("clause", "OAuth 2.1 §2.3")]
    [Trait("hostile", "redirect")]
    public async Task A_redirect_is_one_that_only_the_client_can_receive_by(string redirect, bool isGood)
    {
        await using var host = await OAuthHost.StartAsync();
        var order = new NewClient("cli", "owner@example.com", null, null, [], LegacySecret: false, Reason: null, [redirect]);
        var result = await host.Get<ClientDesk>().RegisterAsync(Admin, order, CancellationToken.None);
        if (isGood) Assert.True(Done(result).Client.IsPublic);
        else Assert.Equal("redirects[0]", Assert.Single(Assert.IsType<Result<RegisteredClientResult>.Refused>(result).Why.Errors).Path);
    }

    [Fact]
    [Trait("clause", "RFC 6749 §2.1")]
    public async Task A_client_that_can_prove_itself_by_nothing_is_nobody_itself()
    {
        await using var host = await OAuthHost.StartAsync();
        var order = new NewClient("cli", "owner@example.com", "bot", null, [], LegacySecret: false, Reason: null, ["https://app.example.com/cb"]);
        Assert.Equal("keys", Assert.Single(Assert.IsType<Result<RegisteredClientResult>.Refused>(await host.Get<ClientDesk>().RegisterAsync(Admin, order, CancellationToken.None)).Why.Errors).Path);
        Assert.True(Done(await host.Get<ClientDesk>().RegisterAsync(Admin, order with { Agent = null }, CancellationToken.None)).Client.IsPublic);
        var refused = await host.PostAsync("/oauth/token", ("grant_type", "client_credentials"), ("client_id", "cli"), ("resource", OAuthHost.Shop));
        Assert.Equal("unauthorized_client", refused.Json.GetProperty("error").GetString());
    }

    private static Task<Result<RegisteredClientResult>> RegisterAsync(OAuthHost host, string name, Es256SigningKey? key = null) => host.Get<ClientDesk>().RegisterAsync(
        Admin, new NewClient(name, "owner@example.com", "bot", null, key is null ? [] : [key.PublicKey.ToJson()], LegacySecret: key is null, Reason: null), CancellationToken.None);

    private static Task<UnitTests.Admin.Answer> BasicAsync(OAuthHost host, string credentials) => host.SendAsync(
        "POST", "/oauth/token", $"grant_type=client_credentials&resource={Uri.EscapeDataString(OAuthHost.Shop)}",
        headers: ("Authorization", "Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes(credentials))));

    private static RegisteredClientResult Done(Result<RegisteredClientResult> result) => Assert.IsType<Result<RegisteredClientResult>.Done>(result).Value;
}
