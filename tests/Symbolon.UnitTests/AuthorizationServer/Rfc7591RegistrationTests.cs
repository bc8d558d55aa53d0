using Symbolon.AuthorizationServer;
using Symbolon.UnitTests.Admin;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>Clients that register themselves (RFC 7591), with the bodies that clients in the field send (ECOSYSTEM.md).</summary>
[Trait("area", "oauth")]
public sealed class Rfc7591RegistrationTests
{
    private const string Cursor = """
        {"client_name":"Cursor","redirect_uris":["cursor://anysphere.cursor-mcp/oauth/callback","https://www.cursor.com/agents/mcp/oauth/callback","http://localhost:8787/callback"],
         "grant_types":["authorization_code","refresh_token"],"response_types":["code"],"token_endpoint_auth_method":"none","application_type":"native"}
        """;

    [Theory]
    [InlineData(Cursor)]
    [InlineData("""{"client_name":"Codex","redirect_uris":["http://127.0.0.1:1455/callback"],"grant_types":["authorization_code"],"token_endpoint_auth_method":"client_secret_post"}""")]
    [InlineData("""{"client_name":"Visual Studio Code","redirect_uris":["http://127.0.0.1:33418","https://vscode.dev/redirect"],"client_uri":"https://code.visualstudio.com","software_id":"x","scope":"a b"}""")]
    [InlineData("""{"redirect_uris":["http://localhost:7777/oauth/callback"],"token_endpoint_auth_method":"client_secret_basic","logo_uri":null}""")]
    [Trait("clause", "RFC 7591 §3.2.1")]
    public async Task What_clients_send_is_taken_and_makes_them_public(string body)
    {
        await using var flow = await StartAsync();
        var answer = await RegisterAsync(flow, body);
        Assert.True(answer.Status == 201, answer.Text);
        Assert.Equal("none", answer.Json.GetProperty("token_endpoint_auth_method").GetString());
        Assert.False(answer.Json.TryGetProperty("client_secret", out _));
        Assert.StartsWith("dyn:", answer.Json.GetProperty("client_id").GetString(), StringComparison.Ordinal);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
    }

    [Fact]
    [Trait("clause", "RFC 7591 §3.2.1")]
    public async Task A_registered_client_gets_a_persons_consent_and_when_it_is_gone_it_is_told_to_register_again()
    {
        await using var flow = await StartAsync();
        var id = (await RegisterAsync(flow, Cursor)).Json.GetProperty("client_id").GetString()!;
        const string redirect = "cursor://anysphere.cursor-mcp/oauth/callback";
        var asked = await flow.AuthorizeAsync(("client_id", id), ("redirect_uri", redirect));
        Assert.Equal(("Cursor", false, "cursor:", "cursor:"), (flow.Host.Pages.Asked!.ClientName, flow.Host.Pages.Asked.IsVouchedFor, flow.Host.Pages.Asked.RedirectHost, flow.Host.Pages.Asked.LeadsTo));
        var code = CodeFlow.Member(await flow.AnswerAsync(asked.Text, tools: "look"), "code")!;
        var (_, refresh) = CodeFlow.TokensOf(await flow.RedeemAsync(code, ("client_id", id), ("redirect_uri", redirect)));
        flow.Host.DynamicClients.Forget();
        var gone = await flow.RefreshAsync(refresh, ("client_id", id));
        Assert.Equal((401, "invalid_client"), (gone.Status, CodeFlow.Error(gone)));
        flow.Host.DynamicClients.IsBroken = true;
        Assert.Equal(503, (await flow.RefreshAsync(refresh, ("client_id", id))).Status);
    }

    [Theory]
    [InlineData("""{"redirect_uris":["http://evil.example/cb"]}""", "invalid_redirect_uri")]
    [InlineData("""{"redirect_uris":["javascript:alert(1)"]}""", "invalid_redirect_uri")]
    [InlineData("""{"redirect_uris":["data:text/html,x"]}""", "invalid_redirect_uri")]
    [InlineData("""{"redirect_uris":["https://a.example/cb#x"]}""", "invalid_redirect_uri")]
    [InlineData("""{"redirect_uris":[]}""", "invalid_redirect_uri")]
    [InlineData("""{"redirect_uris":"https://a.example/cb"}""", "invalid_redirect_uri")]
    [InlineData("""{"redirect_uris":[1]}""", "invalid_redirect_uri")]
    [InlineData("""{"client_name":"x"}""", "invalid_redirect_uri")]
    [InlineData("""{"redirect_uris":["https://a.example/cb"],"logo_uri":"javascript:alert(1)"}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://a.example/cb"],"client_uri":"data:text/html,x"}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://a.example/cb"],"jwks":{"keys":[]},"jwks_uri":"https://a.example/k"}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://a.example/cb"],"token_endpoint_auth_method":"private_key_jwt","jwks_uri":"https://a.example/k"}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://a.example/cb"],"jwks":{"keys":[{"kty":"oct","k":"AA"}]}}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://a.example/cb"],"grant_types":["implicit"]}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://a.example/cb"],"response_types":["token"]}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://a.example/cb"],"application_type":"browser"}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://a.example/cb"],"redirect_uris":["https://b.example/cb"]}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://a.example/cb"],"client_name":7}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://a.example/cb"],"jwks":{"keys":[{"kty":"EC","crv":"P-256","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs","y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA","d":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE"}]}}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://a.example/cb"],"client_name":"Claude\u202egnp.exe"}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://a.example/cb"],"client_name":"Cla\u200bude"}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://a.example/cb"],"client_name":" Claude"}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://a.example/cb"],"client_name":"Claude\nCode"}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://a.example/cb"],"tos_uri":"http:x"}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://a.example/cb"],"dpop_bound_access_tokens":"yes"}""", "invalid_client_metadata")]
    [InlineData("[]", "invalid_client_metadata")]
    [InlineData("x", "invalid_client_metadata")]
    [InlineData("", "invalid_client_metadata")]
    [Trait("clause", "RFC 7591 §3.2.2")]
    [Trait("hostile", "registration")]
    public async Task What_is_not_right_is_refused_with_its_code(string body, string error)
    {
        await using var flow = await StartAsync();
        var answer = await RegisterAsync(flow, body);
        Assert.Equal((400, error), (answer.Status, CodeFlow.Error(answer)));
    }

    [Fact]
    [Trait("clause", "RFC 7591 §5")]
    [Trait("hostile", "registration")]
    public async Task Metadata_of_a_megabyte_a_form_and_too_many_clients_are_refused()
    {
        await using var flow = await StartAsync();
        Assert.Equal(400, (await RegisterAsync(flow, $$"""{"redirect_uris":["https://a.example/cb"],"x":"{{new string('x', 1_000_000)}}"}""")).Status);
        Assert.Equal(400, (await flow.Host.PostAsync("/oauth/register", ("redirect_uris", "https://a.example/cb"))).Status);
        flow.Host.DynamicClients.IsFull = true;
        Assert.Equal(503, (await RegisterAsync(flow, Cursor)).Status);
    }

    [Fact]
    [Trait("clause", "PROTOCOL.md §4 DCR")]
    public async Task It_is_off_until_the_operator_turns_it_on()
    {
        await using var off = await CodeFlow.StartAsync();
        Assert.Equal(404, (await RegisterAsync(off, Cursor)).Status);
        Assert.False((await off.Host.GetAsync("/.well-known/oauth-authorization-server")).Json.TryGetProperty("registration_endpoint", out _));
        await using var on = await StartAsync();
        Assert.Equal(OAuthHost.Issuer + "/oauth/register", (await on.Host.GetAsync("/.well-known/oauth-authorization-server")).Json.GetProperty("registration_endpoint").GetString());
    }

    private static Task<CodeFlow> StartAsync() => CodeFlow.StartAsync(new AuthorizationServerOptions { DynamicRegistration = true });

    private static Task<Answer> RegisterAsync(CodeFlow flow, string body) => flow.Host.SendAsync("POST", "/oauth/register", body, "application/json");
}
