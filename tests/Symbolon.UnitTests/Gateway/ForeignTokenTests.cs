using System.Text;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Outbound;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Gateway.Upstreams;
using Symbolon.Gateway.Upstreams.Credentials;
using Symbolon.Testing.Fakes;
using Symbolon.Testing.Gateway;

namespace Symbolon.UnitTests.Gateway;

/// <summary>What a server is shown that is under another authorization server: <c>credential.at</c>.</summary>
[Trait("area", "gateway")]
public sealed class ForeignTokenTests : IDisposable
{
    private const string Endpoint = "https://login.example.com/oauth2/token";
    private const string JwtType = "urn:ietf:params:oauth:token-type:jwt";

    private readonly GatewayRig rig = new();

    public ForeignTokenTests() => Put();

    private IEnumerable<FakeFormPost.Posted> OfCallers => rig.TokenEndpoint.Requests.Where(request => !request.IsOfGateway);

    public void Dispose() => rig.Dispose();

    [Fact]
    [Trait("clause", "RFC 8693 §2.1")]
    public async Task A_call_is_shown_the_token_that_the_other_authorization_server_gave_for_an_assertion_of_ours()
    {
        Assert.True((await rig.CallAsync("rollout_status")).Result.TryGetProperty("content", out _));
        var asked = Assert.Single(OfCallers);
        Assert.Equal(Endpoint, asked.Url);
        Assert.Null(asked.Authorization);
        Assert.Equal(new Dictionary<string, string>
        {
            ["grant_type"] = "urn:ietf:params:oauth:grant-type:token-exchange", ["subject_token"] = asked.Form["subject_token"], ["subject_token_type"] = JwtType,
            ["requested_token_type"] = "urn:ietf:params:oauth:token-type:access_token", ["audience"] = "https://api.example.com", ["scope"] = "orders.read", ["client_id"] = "symbolon-orders",
            ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", ["client_assertion"] = asked.Form["client_assertion"],
        }, asked.Form);
        var order = Assert.Single(rig.ForeignAssertions.Orders, order => order.Caller is not null);
        Assert.Equal((FakeOrigins.Origin, Endpoint, "tok_1"), (order.Order.Issuer, order.Order.Audience, order.Caller!.Id.Value));
        Assert.Equal($"Bearer foreign-token-{rig.TokenEndpoint.Requests.Count}", Assert.Single(rig.Upstream.Calls).Headers["Authorization"]);
        AssertNothingOfTheCallers();
    }

    [Fact]
    public async Task What_the_gateway_asks_for_itself_it_asks_as_the_client_and_names_nobody()
    {
        await rig.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""");
        var own = Assert.Single(rig.TokenEndpoint.Requests, request => request.IsOfGateway);
        Assert.Equal(["audience", "client_assertion", "client_assertion_type", "client_id", "grant_type"], own.Form.Keys.Order(StringComparer.Ordinal));
        Assert.All(rig.Upstream.Requests, request => Assert.StartsWith("Bearer foreign-token-", request.Headers["Authorization"], StringComparison.Ordinal));
        Assert.Equal(2, rig.Upstream.Requests.Select(request => request.Headers["Authorization"]).Distinct().Count());
    }

    [Fact]
    public async Task Each_request_there_is_a_record_of_who_it_was_for_and_none_is_made_that_cannot_be_one()
    {
        await rig.CallAsync("rollout_status");
        await rig.CallAsync("rollout_status");
        var record = Assert.Single(rig.Audit.Records, each => each is { Kind: AuditKind.TokenExchanged, User: not null } or { Kind: AuditKind.TokenExchanged, Agent: not null });
        Assert.Equal((true, "deploy", $"exchange at {Endpoint}", "orders.read"), (record.Allowed, record.Server, record.Action, record.Scope));
        Assert.DoesNotContain("foreign-token-", $"{record.Action} {record.Reason}", StringComparison.Ordinal);
        Assert.Single(rig.Audit.Records, each => each is { Kind: AuditKind.TokenExchanged, User: null, Agent: null });

        Put(at => at with { Client = "another" }, number: 2);
        var before = rig.TokenEndpoint.Requests.Count;
        rig.Audit.IsHealthy = false;
        await rig.CallAsync("rollout_status");
        Assert.Equal(before, rig.TokenEndpoint.Requests.Count);
    }

    [Fact]
    [Trait("clause", "draft-ietf-oauth-rfc7523bis §4")]
    public async Task Where_the_file_names_the_issuer_what_is_shown_is_for_it()
    {
        Put(at => at with { Issuer = "https://login.example.com" }, number: 2);
        await rig.CallAsync("rollout_status");
        Assert.All(rig.ForeignAssertions.Orders, each => Assert.Equal("https://login.example.com", each.Order.Audience));
        Assert.Contains(rig.ForeignAssertions.Orders, each => each.Caller is not null);
        Assert.Equal(Endpoint, OfCallers.Last().Url);
    }

    [Fact]
    [Trait("clause", "RFC 7523 §2.1")]
    public async Task On_behalf_of_is_the_other_form_of_the_same()
    {
        Put(at => at with { Style = ForeignStyle.OnBehalfOf }, number: 2);
        await rig.CallAsync("rollout_status");
        var form = Assert.Single(OfCallers).Form;
        Assert.Equal(["assertion", "client_assertion", "client_assertion_type", "client_id", "grant_type", "requested_token_use", "scope"], form.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(("urn:ietf:params:oauth:grant-type:jwt-bearer", "on_behalf_of"), (form["grant_type"], form["requested_token_use"]));
        Assert.StartsWith("assertion-of-caller-", form["assertion"], StringComparison.Ordinal);
        Assert.DoesNotContain("audience", rig.TokenEndpoint.Requests.First(request => request.IsOfGateway).Form.Keys);
    }

    [Fact]
    [Trait("clause", "RFC 6749 §2.3.1")]
    public async Task A_client_with_a_secret_shows_it_in_the_forms_encoding_and_signs_nothing()
    {
        PutSecret("p@ss:wörd +%", 1);
        Put(at => at with { Client = "symbolon orders:1", Secret = "idp", Expires = DateOnly.FromDateTime(rig.Clock.GetUtcNow().UtcDateTime) }, number: 2);
        await rig.CallAsync("rollout_status");
        var asked = Assert.Single(OfCallers);
        Assert.DoesNotContain("client_assertion", asked.Form.Keys);
        Assert.DoesNotContain("client_id", asked.Form.Keys);
        Assert.Equal("symbolon+orders%3A1:p%40ss%3Aw%C3%B6rd+%2B%25", Encoding.ASCII.GetString(Convert.FromBase64String(asked.Authorization!["Basic ".Length..])));
        Assert.DoesNotContain(rig.ForeignAssertions.Orders, order => order.Client is not null);
    }

    [Fact]
    public async Task A_callers_token_is_asked_for_once_while_it_is_good_and_never_for_another_caller()
    {
        await rig.CallAsync("rollout_status");
        await rig.CallAsync("delete_release");
        Assert.Single(OfCallers);
        var other = PastedToken.Create(TokenKind.Agent);
        rig.Tokens.Put(other, rig.TokenOf("tok_2"));
        await rig.CallAsync("rollout_status", change: context => context.Request.Headers.Authorization = "Bearer " + other);
        Assert.Equal(2, OfCallers.Count());
        Assert.Equal(3, rig.Upstream.Calls.Count());
        Assert.Equal(2, rig.Upstream.Calls.Select(call => call.Headers["Authorization"]).Distinct().Count());
        Forward(269);
        await rig.CallAsync("rollout_status");
        Assert.Equal(2, OfCallers.Count());
        Forward(2);
        await rig.CallAsync("rollout_status");
        Assert.Equal(3, OfCallers.Count());
    }

    [Theory]
    [InlineData("", 39, 41)]
    [InlineData(",\"expires_in\":90", 59, 61)]
    [InlineData(",\"expires_in\":36000", 299, 301)]
    [InlineData(",\"expires_in\":10", 6, 7)]
    public async Task It_is_used_until_shortly_before_it_ends_and_for_five_minutes_at_most(string life, int still, int over)
    {
        rig.TokenEndpoint.Answer = _ => FakeFormPost.Json($$"""{"access_token":"foreign-token","token_type":"Bearer"{{life}}}""");
        await rig.CallAsync("rollout_status");
        Forward(still);
        await rig.CallAsync("rollout_status");
        Assert.Single(OfCallers);
        Forward(over - still);
        await rig.CallAsync("rollout_status");
        Assert.Equal(2, OfCallers.Count());
    }

    [Fact]
    public async Task A_hundred_calls_of_one_caller_at_once_are_one_request()
    {
        await rig.CallAsync("delete_release");
        // The gateway's own token and the tools that it read are good still: its requests do not stand in the way.
        Forward(200);
        var other = PastedToken.Create(TokenKind.Agent);
        rig.Tokens.Put(other, rig.TokenOf("tok_2"));
        var before = OfCallers.Count();
        var gate = new TaskCompletionSource();
        rig.TokenEndpoint.Meanwhile = () => gate.Task;
        var calls = Enumerable.Range(0, 100).Select(_ => rig.CallAsync("delete_release", change: context => context.Request.Headers.Authorization = "Bearer " + other)).ToList();
        for (var i = 0; i < 100_000 && OfCallers.Count() == before; i++) await Task.Yield();
        gate.SetResult();
        await Task.WhenAll(calls);
        Assert.Equal(before + 1, OfCallers.Count());
        Assert.Equal(101, rig.Upstream.Calls.Count());
    }

    [Fact]
    public async Task A_failure_refuses_the_call_with_no_word_of_the_other_side_and_is_remembered_for_two_seconds()
    {
        await rig.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"ping"}""");
        rig.TokenEndpoint.Answer = posted => posted.IsOfGateway ? FakeFormPost.Json("""{"access_token":"own-token-of-gateway","token_type":"Bearer","expires_in":300}""")
            : FakeFormPost.Json("""{"error":"invalid_target","error_description":"words of a stranger"}""", 400);
        for (var i = 0; i < 3; i++)
        {
            var answer = await rig.CallAsync("rollout_status");
            Assert.Equal("server_suspended", answer.Refusal.GetProperty("code").GetString());
            Assert.DoesNotContain("invalid_target", answer.Body, StringComparison.Ordinal);
        }
        Assert.Single(OfCallers);
        Assert.Empty(rig.Upstream.Calls);
        Assert.Equal(ReasonCode.ServerSuspended, rig.Audit.Records[^1].Code);
        var said = rig.Get<IUpstreamHealth>().Of(OrganisationId.Default, rig.Configuration.Server(OrganisationId.Default, new ServerName("deploy"))!);
        Assert.Equal("The token endpoint of its credential.at answered status 400 with the error invalid_target.", said.Fault);
        Forward(3);
        rig.TokenEndpoint.Answer = null;
        Assert.True((await rig.CallAsync("rollout_status")).Result.TryGetProperty("content", out _));
        Assert.Null(rig.Get<IUpstreamHealth>().Of(OrganisationId.Default, rig.Configuration.Server(OrganisationId.Default, new ServerName("deploy"))!).Fault);
    }

    [Fact]
    public async Task Without_a_token_of_its_own_the_gateway_reads_no_tools_and_refuses_the_calls()
    {
        rig.TokenEndpoint.Answer = _ => new FormAnswer.Unanswered("no answer within 10 s");
        var answer = await rig.CallAsync("rollout_status");
        Assert.Contains("server_suspended", answer.Body, StringComparison.Ordinal);
        Assert.Empty(rig.Upstream.Requests);
        Assert.Contains("could not be asked: no answer within 10 s",
            rig.Get<IUpstreamHealth>().Of(OrganisationId.Default, rig.Configuration.Server(OrganisationId.Default, new ServerName("deploy"))!).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_asked_or_sent_while_there_is_no_key_or_no_secret_or_its_day_is_over()
    {
        rig.ForeignAssertions.HasKey = false;
        Assert.Contains("server_suspended", (await rig.CallAsync("rollout_status")).Body, StringComparison.Ordinal);
        rig.ForeignAssertions.HasKey = true;
        var today = DateOnly.FromDateTime(rig.Clock.GetUtcNow().UtcDateTime);
        Put(at => at with { Secret = "idp", Expires = today }, number: 2);
        Assert.Contains("is not there", (await rig.CallAsync("rollout_status")).Body, StringComparison.Ordinal);
        PutSecret("a-secret-of-the-client", 1);
        Put(at => at with { Secret = "idp", Expires = today.AddDays(-1) }, number: 3);
        Assert.Contains("has expired", (await rig.CallAsync("rollout_status")).Body, StringComparison.Ordinal);
        Assert.Empty(rig.TokenEndpoint.Requests);
        Assert.Empty(rig.Upstream.Requests);
    }

    [Fact]
    public async Task Another_version_another_secret_and_a_suspension_between_use_none_of_before()
    {
        var today = DateOnly.FromDateTime(rig.Clock.GetUtcNow().UtcDateTime);
        PutSecret("a-secret-of-the-client", 1);
        Put(at => at with { Secret = "idp", Expires = today }, number: 2);
        await rig.CallAsync("delete_release");
        Put(at => at with { Secret = "idp", Expires = today }, number: 3);
        await rig.CallAsync("delete_release");
        Assert.Equal(2, OfCallers.Count());
        PutSecret("another-secret-of-it", 2);
        await rig.CallAsync("delete_release");
        Assert.Equal(3, OfCallers.Count());
        Put(at => at with { Secret = "idp", Expires = today }, number: 3, Lifecycle.Suspended);
        await rig.CallAsync("delete_release");
        Put(at => at with { Secret = "idp", Expires = today }, number: 3);
        await rig.CallAsync("delete_release");
        Assert.Equal(4, OfCallers.Count());
        Assert.Equal(4, rig.Upstream.Calls.Select(call => call.Headers["Authorization"]).Distinct().Count());
    }

    [Fact]
    public async Task Five_thousand_callers_leave_no_more_than_the_bound_behind()
    {
        var tokens = rig.Get<ForeignTokens>();
        for (var i = 0; i < 5000; i++) await tokens.FindAsync(Upstream(), rig.TokenOf($"tok_{i + 10}"), rig.Now, CancellationToken.None);
        Assert.InRange(tokens.Count, 1, 4096);
    }

    [Fact]
    public async Task A_server_that_tells_the_token_is_withheld()
    {
        rig.Upstream.Answer = request => ScriptedUpstream.Json($$$"""{"jsonrpc":"2.0","id":7,"result":{"content":[{"type":"text","text":"{{{request.Headers["Authorization"]}}}"}]}}""");
        var answer = await rig.CallAsync("rollout_status");
        Assert.DoesNotContain("foreign-token", answer.Body, StringComparison.Ordinal);
        Assert.Contains("upstream_invalid", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Neither_tokens_nor_assertions_nor_secrets_are_in_a_log()
    {
        PutSecret("a-secret-of-the-client", 1);
        Put(at => at with { Secret = "idp", Expires = DateOnly.FromDateTime(rig.Clock.GetUtcNow().UtcDateTime) }, number: 2);
        await rig.CallAsync("rollout_status");
        rig.TokenEndpoint.Answer = _ => FakeFormPost.Json("""{"access_token":"a-secret-of-the-client","token_type":"Bearer"}""");
        Forward(301);
        await rig.CallAsync("rollout_status");
        var lines = string.Join('\n', rig.Log.Lines);
        Assert.Contains("what it was sent", lines, StringComparison.Ordinal);
        foreach (var canary in new[] { "foreign-token", "assertion-of", "a-secret-of-the-client", rig.Token }) Assert.DoesNotContain(canary, lines, StringComparison.Ordinal);
    }

    private void AssertNothingOfTheCallers()
    {
        Assert.DoesNotContain(rig.Token, string.Join('\n', rig.Upstream.Requests.SelectMany(request => request.Headers.Values.Append(request.Body))), StringComparison.Ordinal);
        Assert.DoesNotContain(rig.Token, string.Join('\n', rig.TokenEndpoint.Requests.SelectMany(request => request.Form.Values.Append(request.Authorization ?? "").Append(request.Url))), StringComparison.Ordinal);
    }

    private Upstream Upstream() =>
        rig.Get<UpstreamDirectory>().For(OrganisationId.Default, rig.Configuration.Server(OrganisationId.Default, new ServerName("deploy"))!);

    private void Forward(int seconds)
    {
        rig.Clock.Advance(TimeSpan.FromSeconds(seconds));
        rig.Freshness.Confirm(rig.Clock.GetTimestamp());
    }

    private void PutSecret(string value, int version) => rig.Apply(
        new SealedSecret("upstream", "idp", version, rig.Secrets.Seal(new(OrganisationId.Default, "upstream", "idp", version), Encoding.UTF8.GetBytes(value)), []));

    private void Put(Func<UpstreamCredential.Foreign, UpstreamCredential.Foreign>? change = null, int number = 1, Lifecycle state = Lifecycle.Active)
    {
        var at = new UpstreamCredential.Foreign { Audience = "https://api.example.com", TokenEndpoint = Endpoint, Client = "symbolon-orders", Scope = "orders.read" };
        rig.Apply(GatewayRig.Server(manifest => manifest with { Credential = change is null ? at : change(at) }, state, number));
    }
}
