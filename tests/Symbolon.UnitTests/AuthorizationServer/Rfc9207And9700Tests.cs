using Symbolon.AuthorizationServer.Clients;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.UnitTests.Admin;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>What keeps a client from being fooled about who answers (RFC 9207), and rules of RFC 9700 that are about no one parameter.</summary>
[Trait("area", "oauth")]
public sealed class Rfc9207And9700Tests
{
    [Theory]
    [InlineData("symbolon.example.com", "https://symbolon.example.com")]
    [InlineData("127.0.0.1:8750", "http://127.0.0.1:8750")]
    [InlineData("localhost:8750", "http://localhost:8750")]
    [Trait("clause", "RFC 9207 §2")]
    public async Task Every_answer_of_a_code_and_of_an_error_names_the_issuer_as_its_metadata_does(string host, string issuer)
    {
        await using var flow = await CodeFlow.StartAsync();
        var metadata = (await flow.Host.GetAsync("/.well-known/oauth-authorization-server", host)).Json;
        Assert.True(metadata.GetProperty("authorization_response_iss_parameter_supported").GetBoolean());
        Assert.Equal(issuer, metadata.GetProperty("issuer").GetString());

        (string, string?) here = ("resource", issuer + "/mcp/shop");
        Answer[] answers =
        [
            await AnswerAsync(flow, host, "allow", here), await AnswerAsync(flow, host, "deny", here), await AskAsync(flow, host, "alice@example.com", here, ("prompt", "none")),
            await AskAsync(flow, host, null, here, ("prompt", "none")), await AskAsync(flow, host, "alice@example.com", here, ("scope", "openid")),
            await AskAsync(flow, host, "alice@example.com", ("resource", "https://evil.example/mcp/shop")), await AskAsync(flow, host, "alice@example.com", here, ("response_type", "token")),
        ];
        Assert.Equal(
            [null, "access_denied", "consent_required", "login_required", "invalid_scope", "invalid_target", "unsupported_response_type"],
            answers.Select(answer => CodeFlow.Member(answer, "error")));
        Assert.All(answers, answer => Assert.Equal(issuer, CodeFlow.Member(answer, "iss")));
    }

    /// <summary>A browser that gets 307 sends the form, and with it the answer or the password, to the client.</summary>
    [Fact]
    [Trait("clause", "RFC 9700 §4.12")]
    public async Task A_browser_that_has_sent_a_form_is_sent_on_by_303_alone()
    {
        await using var flow = await CodeFlow.StartAsync();
        foreach (var answer in new[] { "allow", "deny" })
            Assert.Equal(303, (await flow.AnswerAsync((await flow.AuthorizeAsync(("prompt", "consent"))).Text, answer, tools: "look")).Status);
        Assert.Equal(303, (await flow.AuthorizeAsync(("prompt", "none"))).Status);
    }

    [Theory]
    [InlineData("/oauth/authorize")]
    [InlineData("/oauth/consent")]
    [InlineData("/oauth/token")]
    [InlineData("/oauth/par")]
    [Trait("clause", "RFC 9700 §2.6")]
    [Trait("hostile", "cross-origin")]
    public async Task No_page_of_another_origin_may_read_an_answer(string path)
    {
        await using var flow = await CodeFlow.StartAsync();
        foreach (var method in new[] { "OPTIONS", "GET", "POST" })
        {
            var answer = await flow.Host.SendAsync(method, path + "?" + CodeFlow.Query(), null, headers: [("Origin", "https://evil.example"), ("Access-Control-Request-Method", "POST")]);
            Assert.DoesNotContain(answer.Headers.Keys, name => name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
            if (method == "OPTIONS") Assert.Equal(405, answer.Status);
        }
    }

    /// <summary>Else a client could choose an id by which its own tokens look like a person's.</summary>
    [Theory]
    [InlineData("alice@example.com")]
    [InlineData("agent:bot")]
    [InlineData("workflow:ci")]
    [InlineData("dyn:0000000000000000000000")]
    [InlineData("https://app.example/client")]
    [InlineData("*")]
    [Trait("clause", "RFC 9700 §4.15")]
    [Trait("hostile", "registration")]
    public async Task No_client_can_be_registered_under_the_id_of_a_person_or_of_another_kind_of_client(string name)
    {
        await using var host = await OAuthHost.StartAsync();
        var order = new NewClient(name, "owner@example.com", null, null, [], LegacySecret: false, Reason: null, [CodeFlow.Cli]);
        var refused = Assert.IsType<Result<RegisteredClientResult>.Refused>(await host.Get<ClientDesk>().RegisterAsync(new Requester(OrganisationId.Default, "admin"), order, CancellationToken.None));
        Assert.Equal("name", Assert.Single(refused.Why.Errors).Path);
    }

    [Theory]
    [InlineData("request", "eyJhbGciOiJub25lIn0.e30.", "request_not_supported")]
    [InlineData("request_uri", "https://evil.example/request", "request_uri_not_supported")]
    [InlineData("request_uri", "http://169.254.169.254/latest", "request_uri_not_supported")]
    [InlineData("request_uri", "file:///etc/passwd", "request_uri_not_supported")]
    [Trait("clause", "RFC 9101 §5")]
    [Trait("hostile", "request object")]
    public async Task A_request_object_is_refused_wherever_it_comes_and_nothing_is_fetched(string name, string value, string error)
    {
        await using var flow = await CodeFlow.StartAsync();
        Assert.Equal(error, CodeFlow.Member(await flow.AuthorizeAsync((name, value)), "error"));
        var pushed = await flow.Host.SendAsync("POST", "/oauth/par", CodeFlow.Query((name, value)));
        Assert.Equal((400, name == "request" ? error : "invalid_request"), (pushed.Status, CodeFlow.Error(pushed)));
        var metadata = (await flow.Host.GetAsync("/.well-known/oauth-authorization-server")).Json;
        Assert.False(metadata.GetProperty("request_parameter_supported").GetBoolean());
        Assert.False(metadata.GetProperty("request_uri_parameter_supported").GetBoolean());
        Assert.Empty(flow.Host.Web.Asked);
    }

    private static Task<Answer> AskAsync(CodeFlow flow, string host, string? who, params (string, string?)[] more) =>
        flow.Host.SendAsync("GET", "/oauth/authorize?" + CodeFlow.Query(more), null, host: host, headers: ("Cookie", who is null ? "none=1" : $"who={who}; session="));

    private static async Task<Answer> AnswerAsync(CodeFlow flow, string host, string answer, (string, string?) resource)
    {
        var asked = await AskAsync(flow, host, CodeFlow.Alice, resource, ("prompt", "consent"));
        return await flow.Host.SendAsync("POST", "/oauth/consent", $"ticket={asked.Text}&answer={answer}&life=3600&tool=look", host: host, headers: ("Cookie", $"who={CodeFlow.Alice}; session="));
    }
}
