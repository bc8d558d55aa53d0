using System.Net;
using System.Text.Json.Nodes;
using Symbolon.AuthorizationServer;
using Symbolon.Core.Outbound;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>Clients whose id is the address of their metadata (draft-ietf-oauth-client-id-metadata-document).</summary>
[Trait("area", "oauth")]
public sealed class MetadataDocumentTests
{
    private const string Id = "https://app.example/oauth/client.json";
    private const string Redirect = "http://127.0.0.1:4000/cb";

    [Fact]
    [Trait("clause", "CIMD §3")]
    public async Task A_client_is_what_its_document_says_and_nobody_has_vouched_for_it()
    {
        await using var flow = await CodeFlow.StartAsync();
        flow.Host.Web.Put(Id, Document());
        var code = await flow.CodeAsync(("client_id", Id), ("redirect_uri", Redirect));
        var question = flow.Host.Pages.Asked!;
        Assert.Equal(("App", Id, false, "127.0.0.1:4000", true), (question.ClientName, question.ClientId, question.IsVouchedFor, question.RedirectHost, question.IsLocal));
        var answer = await flow.RedeemAsync(code, ("client_id", Id), ("redirect_uri", Redirect));
        var claims = OAuthHost.PayloadOf(CodeFlow.TokensOf(answer).Access);
        Assert.Equal(Id, claims.GetProperty("client_id").GetString());
        Assert.Equal(200, (await flow.RefreshAsync(CodeFlow.TokensOf(answer).Refresh, ("client_id", Id))).Status);
    }

    [Theory]
    [InlineData("http://app.example/client.json")]
    [InlineData("https://app.example")]
    [InlineData("https://app.example/")]
    [InlineData("https://app.example/client.json#x")]
    [InlineData("https://user@app.example/client.json")]
    [InlineData("https://user:pass@app.example/client.json")]
    [InlineData("https://app.example/a/../client.json")]
    [InlineData("https://app.example/./client.json")]
    [InlineData("https://app.example/%2e%2e/client.json")]
    [InlineData("https://APP.example/client.json")]
    [InlineData("https://app.example:443/client.json")]
    [InlineData("https://app.example./client.json")]
    [InlineData("https://app.example\\client.json")]
    [InlineData("https:///client.json")]
    [InlineData("https://äpp.example/client.json")]
    [InlineData(" https://app.example/client.json")]
    [Trait("clause", "CIMD §3")]
    [Trait("hostile", "cimd")]
    public async Task Another_spelling_of_an_address_is_no_client_and_nothing_is_fetched(string id)
    {
        await using var flow = await CodeFlow.StartAsync();
        flow.Host.Web.Put(id, Document(json => json["client_id"] = id));
        var answer = await flow.AuthorizeAsync(("client_id", id), ("redirect_uri", Redirect));
        Assert.Equal((400, ""), (answer.Status, CodeFlow.Location(answer)));
        Assert.Empty(flow.Host.Web.Asked);
    }

    public static TheoryData<string, string> BadDocuments => new()
    {
        { "another id", Document(json => json["client_id"] = "https://app.example/oauth/other.json") },
        { "the id in another spelling", Document(json => json["client_id"] = Id + "/") },
        { "no id", Document(json => json.Remove("client_id")) },
        { "no name", Document(json => json.Remove("client_name")) },
        { "a name that turns the writing round", Document(json => json["client_name"] = "App\u202eelgoog") },
        { "a name that cannot be seen", Document(json => json["client_name"] = "Ap\u200bp") },
        { "a long name", Document(json => json["client_name"] = new string('n', 101)) },
        { "no redirects", Document(json => json.Remove("redirect_uris")) },
        { "an empty list of redirects", Document(json => json["redirect_uris"] = new JsonArray()) },
        { "a bad redirect among good ones", Document(json => json["redirect_uris"]!.AsArray().Add("http://evil.example/cb")) },
        { "a redirect that is run", Document(json => json["redirect_uris"] = new JsonArray("javascript:alert(1)")) },
        { "a shared secret", Document(json => json["token_endpoint_auth_method"] = "client_secret_basic") },
        { "another shared secret", Document(json => json["token_endpoint_auth_method"] = "client_secret_post") },
        { "a key that is not there", Document(json => json["token_endpoint_auth_method"] = "private_key_jwt") },
        { "a private key", Document(json => { json["token_endpoint_auth_method"] = "private_key_jwt"; json["jwks"] = JsonNode.Parse("""{"keys":[{"kty":"EC","crv":"P-256","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs","y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA","d":"AAAA"}]}"""); }) },
        { "keys in two places", Document(json => { json["jwks"] = JsonNode.Parse("""{"keys":[]}"""); json["jwks_uri"] = "https://app.example/keys"; }) },
        { "another grant", Document(json => json["grant_types"] = new JsonArray("client_credentials")) },
        { "another response", Document(json => json["response_types"] = new JsonArray("token")) },
        { "a logo that is run", Document(json => json["logo_uri"] = "javascript:alert(1)") },
        { "a logo that is data", Document(json => json["logo_uri"] = "data:image/png;base64,AA") },
        { "two ids", Document()[..^1] + $",\"client_id\":\"{Id}\"}}" },
        { "a member twice in other letters", Document()[..^1] + ",\"Client_Id\":\"x\"}" },
        { "no object", "[]" },
        { "no JSON", "<html>" },
        { "a byte order mark", "\ufeff" + Document() },
        { "more than 8 KB", Document(json => json["x"] = new string('x', 9000)) },
    };

    [Theory]
    [MemberData(nameof(BadDocuments))]
    [Trait("clause", "CIMD §4")]
    [Trait("hostile", "cimd")]
    public async Task A_document_that_is_not_right_is_no_client_and_is_not_kept(string what, string document)
    {
        await using var flow = await CodeFlow.StartAsync();
        flow.Host.Web.Put(Id, document);
        for (var i = 1; i <= 2; i++)
        {
            var answer = await flow.AuthorizeAsync(("client_id", Id), ("redirect_uri", Redirect));
            Assert.True(answer.Status == 400 && CodeFlow.Location(answer).Length == 0, what);
            Assert.Equal(i, flow.Host.Web.Asked.Count);
        }
    }

    [Theory]
    [InlineData(null, 5)]
    [InlineData(0, 1)]
    [InlineData(600, 10)]
    [InlineData(1_000_000, 1440)]
    [Trait("clause", "CIMD §5")]
    public async Task It_is_kept_as_long_as_its_server_says_a_minute_to_a_day(int? seconds, int minutes)
    {
        await using var flow = await CodeFlow.StartAsync();
        flow.Host.Web.Put(Id, Document(), seconds is { } age ? TimeSpan.FromSeconds(age) : null);
        await flow.AuthorizeAsync(("client_id", Id), ("redirect_uri", Redirect));
        flow.Host.Clock.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
        await flow.AuthorizeAsync(("client_id", Id), ("redirect_uri", Redirect));
        Assert.Single(flow.Host.Web.Asked);
        flow.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        await flow.AuthorizeAsync(("client_id", Id), ("redirect_uri", Redirect));
        Assert.Equal(2, flow.Host.Web.Asked.Count);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §1 Revocation")]
    [Trait("hostile", "cimd")]
    public async Task What_ends_a_person_while_a_client_is_looked_up_ends_the_consent_that_waits_for_it()
    {
        await using var flow = await CodeFlow.StartAsync();
        flow.Host.Web.Put(Id, Document(), TimeSpan.Zero);
        var asked = await flow.AuthorizeAsync(("client_id", Id), ("redirect_uri", Redirect));
        flow.Host.Clock.Advance(TimeSpan.FromMinutes(1));
        flow.Host.Web.Meanwhile = () =>
        {
            flow.Host.Clock.Advance(TimeSpan.FromSeconds(1));
            return flow.Host.SetAccountAsync(CodeFlow.Alice, notBefore: Core.UnixTime.Microseconds(flow.Host.Clock));
        };
        var code = CodeFlow.Member(await flow.AnswerAsync(asked.Text, tools: "look"), "code")!;
        flow.Host.Web.Meanwhile = null;
        Assert.Equal("invalid_grant", CodeFlow.Error(await flow.RedeemAsync(code, ("client_id", Id), ("redirect_uri", Redirect))));
    }

    [Theory]
    [InlineData("response_type", "token")]
    [InlineData("prompt", "none")]
    [Trait("clause", "RFC 9700 §4.11.2")]
    [Trait("hostile", "cimd")]
    public async Task Nobody_is_led_away_unasked_by_a_client_that_anybody_can_make(string name, string value)
    {
        await using var flow = await CodeFlow.StartAsync();
        const string Elsewhere = "https://app.example/cb";
        flow.Host.Web.Put(Id, Document(json => json["redirect_uris"] = new JsonArray(Elsewhere, Redirect)));
        var query = CodeFlow.Query(("client_id", Id), ("redirect_uri", Elsewhere), (name, value));
        var stopped = await flow.AuthorizeAsync(query, who: null);
        Assert.Equal((400, ""), (stopped.Status, CodeFlow.Location(stopped)));
        // Who is signed in comes from a program that waits for an answer; and on the person's own machine nothing is led astray.
        Assert.NotNull(CodeFlow.Member(await flow.AuthorizeAsync(query), "error"));
        Assert.NotNull(CodeFlow.Member(await flow.AuthorizeAsync(CodeFlow.Query(("client_id", Id), ("redirect_uri", Redirect), (name, value)), who: null), "error"));
    }

    [Fact]
    [Trait("clause", "CIMD §4")]
    [Trait("hostile", "cimd")]
    public async Task A_redirect_that_has_left_the_document_is_answered_no_more()
    {
        await using var flow = await CodeFlow.StartAsync();
        flow.Host.Web.Put(Id, Document(), TimeSpan.Zero);
        var asked = await flow.AuthorizeAsync(("client_id", Id), ("redirect_uri", Redirect));
        flow.Host.Web.Put(Id, Document(json => json["redirect_uris"] = new JsonArray("https://app.example/cb")));
        flow.Host.Clock.Advance(TimeSpan.FromMinutes(1));
        var answer = await flow.AnswerAsync(asked.Text, tools: "look");
        Assert.Equal((400, ""), (answer.Status, CodeFlow.Location(answer)));
    }

    [Fact]
    [Trait("clause", "CIMD §6.2")]
    public async Task A_client_with_keys_in_or_beside_its_document_proves_itself()
    {
        await using var flow = await CodeFlow.StartAsync();
        var keys = $$"""{"keys":[{{flow.Host.Key.PublicKey.ToJson()}}]}""";
        flow.Host.Web.Put(Id, Document(json => { json["token_endpoint_auth_method"] = "private_key_jwt"; json["jwks"] = JsonNode.Parse(keys); }));
        var code = await flow.CodeAsync(("client_id", Id), ("redirect_uri", Redirect));
        Assert.Equal("invalid_client", CodeFlow.Error(await flow.RedeemAsync(code, ("client_id", Id), ("redirect_uri", Redirect))));
        var proved = await flow.RedeemAsync(code, ("client_id", null), ("redirect_uri", Redirect), ("client_assertion_type", OAuthHost.AssertionType), ("client_assertion", flow.Host.Assertion(Id, flow.Host.Key)));
        Assert.Equal(200, proved.Status);

        const string other = "https://app.example/oauth/second.json";
        flow.Host.Web.Put(other, Document(json => { json["client_id"] = other; json["token_endpoint_auth_method"] = "private_key_jwt"; json["jwks_uri"] = "https://app.example/keys"; }));
        flow.Host.Web.Put("https://app.example/keys", keys);
        var second = await flow.CodeAsync(("client_id", other), ("redirect_uri", Redirect));
        Assert.Equal(200, (await flow.RedeemAsync(second, ("client_id", null), ("redirect_uri", Redirect), ("client_assertion_type", OAuthHost.AssertionType), ("client_assertion", flow.Host.Assertion(other, flow.Host.Key)))).Status);
    }

    [Fact]
    [Trait("clause", "CIMD §4")]
    public async Task A_document_that_cannot_be_had_now_is_not_a_client_that_is_gone()
    {
        await using var flow = await CodeFlow.StartAsync();
        flow.Host.Web.Put(Id, Document(), TimeSpan.Zero);
        var tokens = CodeFlow.TokensOf(await flow.RedeemAsync(await flow.CodeAsync(("client_id", Id), ("redirect_uri", Redirect)), ("client_id", Id), ("redirect_uri", Redirect)));
        flow.Host.Clock.Advance(TimeSpan.FromMinutes(1));
        flow.Host.Web.Put(Id, new FetchAnswer.Unreachable());
        // As it was, for as long again as it was good for.
        tokens = CodeFlow.TokensOf(await flow.RefreshAsync(tokens.Refresh, ("client_id", Id)));
        flow.Host.Clock.Advance(TimeSpan.FromSeconds(59));
        tokens = CodeFlow.TokensOf(await flow.RefreshAsync(tokens.Refresh, ("client_id", Id)));
        flow.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(503, (await flow.RefreshAsync(tokens.Refresh, ("client_id", Id))).Status);
        flow.Host.Web.Put(Id, new FetchAnswer.Refused());
        Assert.Equal("invalid_client", CodeFlow.Error(await flow.RefreshAsync(tokens.Refresh, ("client_id", Id))));
    }

    [Fact]
    [Trait("clause", "CIMD §4")]
    [Trait("hostile", "cimd")]
    public async Task A_document_that_its_server_has_taken_back_counts_no_more_while_it_cannot_be_had()
    {
        await using var flow = await CodeFlow.StartAsync();
        flow.Host.Web.Put(Id, Document(), TimeSpan.Zero);
        Assert.Equal(200, (await flow.AuthorizeAsync(("client_id", Id), ("redirect_uri", Redirect))).Status);
        flow.Host.Clock.Advance(TimeSpan.FromMinutes(1));
        flow.Host.Web.Put(Id, new FetchAnswer.Refused());
        Assert.Equal(400, (await flow.AuthorizeAsync(("client_id", Id), ("redirect_uri", Redirect))).Status);
        flow.Host.Web.Put(Id, new FetchAnswer.Unreachable());
        Assert.Equal(503, (await flow.AuthorizeAsync(("client_id", Id), ("redirect_uri", Redirect))).Status);
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §5 no. 6")]
    [Trait("hostile", "cimd")]
    public async Task A_network_causes_so_many_fetches_a_minute_and_takes_nobody_elses_place()
    {
        await using var flow = await CodeFlow.StartAsync();
        flow.Host.Web.Put(Id, Document(), TimeSpan.Zero);
        Assert.Equal(200, (await flow.AuthorizeAsync(("client_id", Id), ("redirect_uri", Redirect))).Status);
        flow.Host.Clock.Advance(TimeSpan.FromSeconds(90));
        for (var i = 0; i < 30; i++) await flow.AuthorizeAsync(("client_id", $"https://app.example/{i}"), ("redirect_uri", Redirect));
        Assert.Equal(21, flow.Host.Web.Asked.Count);
        // What is kept is asked for anew from here too; others fetch what they need.
        Assert.Equal(200, (await flow.AuthorizeAsync(("client_id", Id), ("redirect_uri", Redirect))).Status);
        Assert.Equal(22, flow.Host.Web.Asked.Count);
        Assert.Equal(503, (await flow.AuthorizeAsync(("client_id", "https://app.example/new"), ("redirect_uri", Redirect))).Status);
        flow.Host.Peer = IPAddress.Parse("192.0.2.7");
        Assert.Equal(200, (await flow.AuthorizeAsync(("client_id", Id), ("redirect_uri", Redirect))).Status);
        Assert.Equal(22, flow.Host.Web.Asked.Count);
        flow.Host.Peer = IPAddress.Loopback;
        flow.Host.Clock.Advance(TimeSpan.FromSeconds(3));
        await flow.AuthorizeAsync(("client_id", "https://app.example/next"), ("redirect_uri", Redirect));
        Assert.Equal(23, flow.Host.Web.Asked.Count);
    }

    [Fact]
    [Trait("clause", "CIMD §4")]
    [Trait("hostile", "cimd")]
    public async Task Who_has_used_up_the_ration_does_not_keep_alive_what_was_taken_out_of_a_document()
    {
        await using var flow = await CodeFlow.StartAsync();
        flow.Host.Web.Put(Id, Document(), TimeSpan.Zero);
        Assert.Equal(200, (await flow.AuthorizeAsync(("client_id", Id), ("redirect_uri", Redirect))).Status);
        flow.Host.Clock.Advance(TimeSpan.FromSeconds(90));
        flow.Host.Web.Put(Id, new FetchAnswer.Refused());
        for (var i = 0; i < 30; i++) await flow.AuthorizeAsync(("client_id", $"https://app.example/{i}"), ("redirect_uri", Redirect));
        Assert.Equal(400, (await flow.AuthorizeAsync(("client_id", Id), ("redirect_uri", Redirect))).Status);
    }

    [Fact]
    [Trait("clause", "CIMD §4")]
    [Trait("hostile", "cimd")]
    public async Task Keys_of_a_document_that_cannot_be_had_again_prove_nothing()
    {
        await using var flow = await CodeFlow.StartAsync();
        var jwks = $$"""{"keys":[{{flow.Host.Key.PublicKey.ToJson()}}]}""";
        flow.Host.Web.Put(Id, Document(json => { json["token_endpoint_auth_method"] = "private_key_jwt"; json["jwks"] = JsonNode.Parse(jwks); }), TimeSpan.Zero);
        Assert.Equal(400, (await PostAsync()).Status);
        flow.Host.Clock.Advance(TimeSpan.FromMinutes(1));
        flow.Host.Web.Put(Id, new FetchAnswer.Unreachable());
        Assert.Equal(503, (await PostAsync()).Status);

        Task<Admin.Answer> PostAsync() => flow.Host.PostAsync("/oauth/token", ("grant_type", "refresh_token"), ("refresh_token", "x"), ("client_assertion_type", OAuthHost.AssertionType), ("client_assertion", flow.Host.Assertion(Id, flow.Host.Key)));
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §5 no. 6")]
    [Trait("hostile", "cimd")]
    public async Task Slow_documents_hold_four_places_of_a_network_and_one_document_is_fetched_once_at_a_time()
    {
        await using var flow = await CodeFlow.StartAsync();
        var slow = new TaskCompletionSource();
        flow.Host.Web.Meanwhile = () => slow.Task;
        flow.Host.Web.Put(Id, Document());
        var same = Enumerable.Range(0, 20).Select(_ => flow.AuthorizeAsync(("client_id", Id), ("redirect_uri", Redirect))).ToList();
        var others = Enumerable.Range(0, 10).Select(i => flow.AuthorizeAsync(("client_id", $"https://app.example/{i}"), ("redirect_uri", Redirect))).ToList();
        Assert.Equal(4, flow.Host.Web.Asked.Count);
        Assert.Equal(7, others.Count(each => each.IsCompleted));
        slow.SetResult();
        Assert.All(await Task.WhenAll(same), answer => Assert.Equal(200, answer.Status));
        Assert.All(await Task.WhenAll(others), answer => Assert.Contains(answer.Status, new[] { 400, 503 }));
        Assert.Equal(4, flow.Host.Web.Asked.Count);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §5 no. 5")]
    public async Task An_operator_can_name_the_hosts_or_turn_it_off_and_the_metadata_says_so()
    {
        await using var named = await CodeFlow.StartAsync(new AuthorizationServerOptions { MetadataHosts = ["trusted.example"] });
        named.Host.Web.Put(Id, Document());
        Assert.Equal(400, (await named.AuthorizeAsync(("client_id", Id), ("redirect_uri", Redirect))).Status);
        Assert.Empty(named.Host.Web.Asked);
        await using var off = await CodeFlow.StartAsync(new AuthorizationServerOptions { MetadataDocuments = false });
        off.Host.Web.Put(Id, Document());
        Assert.Equal(400, (await off.AuthorizeAsync(("client_id", Id), ("redirect_uri", Redirect))).Status);
        Assert.False((await off.Host.GetAsync("/.well-known/oauth-authorization-server")).Json.GetProperty("client_id_metadata_document_supported").GetBoolean());
        Assert.True((await named.Host.GetAsync("/.well-known/oauth-authorization-server")).Json.GetProperty("client_id_metadata_document_supported").GetBoolean());
    }

    private static string Document(Action<JsonObject>? change = null)
    {
        var json = new JsonObject
        {
            ["client_id"] = Id, ["client_name"] = "App", ["redirect_uris"] = new JsonArray("http://127.0.0.1/cb", "https://app.example/cb"), ["token_endpoint_auth_method"] = "none",
            ["grant_types"] = new JsonArray("authorization_code", "refresh_token"), ["response_types"] = new JsonArray("code"), ["scope"] = "whatever", ["logo_uri"] = "https://app.example/logo.png",
        };
        change?.Invoke(json);
        return json.ToJsonString();
    }
}
