using System.Net;
using Symbolon.Client.Credentials;
using Symbolon.Client.Http;
using Symbolon.Client.Keys;
using Symbolon.Testing.Fakes;
using Symbolon.Testing.OAuth;

namespace Symbolon.UnitTests.Client;

/// <summary>What is sent to the token endpoint and to the enrolment, and which answers are believed.</summary>
[Trait("area", "client")]
public sealed class TokenRequestTests : IDisposable
{
    private const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private readonly FakeClock clock = new();
    private readonly FakeSymbolon symbolon;
    private readonly HttpClient http;
    private readonly InstanceKey key = InstanceKey.Generate();

    public TokenRequestTests()
    {
        symbolon = new FakeSymbolon(clock);
        http = new HttpClient(symbolon);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        http.Dispose();
        key.Dispose();
    }

    [Fact]
    [Trait("clause", "RFC 7523 §3")]
    public async Task The_assertion_is_for_the_issuer_alone_ends_within_a_minute_and_is_of_the_key_that_is_proved()
    {
        Assert.IsType<TokenAnswer.Granted>(await Requests().OwnAsync(Cancellation));
        var heard = Assert.Single(symbolon.Heard);
        Assert.Equal("client_credentials", heard.Form["grant_type"]);
        Assert.Equal("server:releases", (string?)heard.Assertion!["iss"]);
        Assert.Equal("server:releases", (string?)heard.Assertion["sub"]);
        Assert.Equal(symbolon.Issuer, (string?)heard.Assertion["aud"]);
        Assert.Equal(60, (long)heard.Assertion["exp"]! - (long)heard.Assertion["iat"]!);
        Assert.Equal(symbolon.Issuer + "/oauth/token", (string?)heard.Proof!["htu"]);
        Assert.Equal("POST", (string?)heard.Proof["htm"]);
        Assert.Equal(key.Thumbprint, heard.ProofKey);
    }

    [Fact]
    [Trait("clause", "RFC 8693 §2.1")]
    public async Task An_exchange_names_the_callers_token_as_the_subject_and_no_actor_but_the_client()
    {
        await Requests().ExchangedAsync("the-call-token", new TraceContext(Trace, null), Cancellation);
        var heard = Assert.Single(symbolon.Heard);
        Assert.Equal("urn:ietf:params:oauth:grant-type:token-exchange", heard.Form["grant_type"]);
        Assert.Equal("the-call-token", heard.Form["subject_token"]);
        Assert.Equal("urn:ietf:params:oauth:token-type:access_token", heard.Form["subject_token_type"]);
        Assert.DoesNotContain("actor_token", heard.Form.Keys);
        Assert.Equal(Trace, heard.Trace);
    }

    [Fact]
    [Trait("clause", "RFC 9449 §8")]
    public async Task A_nonce_that_is_asked_for_is_given_with_a_new_assertion_and_kept_for_the_next_request()
    {
        symbolon.Nonce = "first";
        Assert.IsType<TokenAnswer.Granted>(await Requests(out var requests).OwnAsync(Cancellation));
        Assert.Equal([null, "first"], symbolon.Heard.Select(heard => (string?)heard.Proof!["nonce"]));
        Assert.Equal(2, symbolon.Heard.Select(heard => (string?)heard.Assertion!["jti"]).Distinct().Count());
        Assert.Equal(2, symbolon.Heard.Select(heard => (string?)heard.Proof!["jti"]).Distinct().Count());

        await requests.OwnAsync(Cancellation);
        Assert.Equal(3, symbolon.Heard.Count);
    }

    [Fact]
    public async Task A_nonce_that_is_asked_for_twice_is_not_given_a_third_time()
    {
        symbolon.Instead = _ =>
        {
            var answer = FakeSymbolon.Json(HttpStatusCode.BadRequest, """{"error":"use_dpop_nonce"}""");
            answer.Headers.Add("DPoP-Nonce", Guid.NewGuid().ToString());
            return answer;
        };
        Assert.Equal("use_dpop_nonce", await CodeAsync());
        Assert.Equal(2, symbolon.Heard.Count);
    }

    [Theory]
    [InlineData(200, """{"access_token":"a.b.c","token_type":"Bearer","expires_in":300}""", "invalid_answer")]
    [InlineData(200, """{"access_token":"a.b.c","expires_in":300}""", "invalid_answer")]
    [InlineData(200, """{"access_token":"a.b.c","token_type":"DPoP"}""", "invalid_answer")]
    [InlineData(200, """{"access_token":"a.b.c","token_type":"DPoP","expires_in":0}""", "invalid_answer")]
    [InlineData(200, """{"access_token":"a.b.c","token_type":"DPoP","expires_in":"300"}""", "invalid_answer")]
    [InlineData(200, """{"access_token":"a b","token_type":"DPoP","expires_in":300}""", "invalid_answer")]
    [InlineData(200, """{"access_token":"a\r\nX-Evil: 1","token_type":"DPoP","expires_in":300}""", "invalid_answer")]
    [InlineData(200, """{"access_token":"a.b.c","access_token":"d.e.f","token_type":"DPoP","expires_in":300}""", "invalid_answer")]
    [InlineData(200, """["access_token"]""", "invalid_answer")]
    [InlineData(200, "<html>", "invalid_answer")]
    [InlineData(302, "", "invalid_answer")]
    [InlineData(500, "{}", "invalid_answer")]
    [InlineData(400, """{"error":"invalid_scope","error_description":"no"}""", "invalid_scope")]
    [InlineData(401, """{"error":"invalid_client"}""", "invalid_client")]
    public async Task An_answer_that_gives_no_bound_token_gives_none(int status, string body, string code)
    {
        symbolon.Instead = _ => FakeSymbolon.Json((HttpStatusCode)status, body);
        Assert.Equal(code, await CodeAsync());
    }

    [Fact]
    public async Task An_answer_without_end_is_read_no_further_than_its_limit()
    {
        symbolon.Instead = _ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new MemoryStream(new byte[10_000_000])) };
        Assert.Equal("invalid_answer", await CodeAsync());
    }

    [Fact]
    public async Task A_server_that_does_not_answer_or_breaks_off_is_unreachable()
    {
        symbolon.Instead = _ => throw new HttpRequestException("Connection refused");
        Assert.Equal("unreachable", await CodeAsync());
        symbolon.Instead = null;
        symbolon.Gate = new TaskCompletionSource().Task;
        var waiting = CodeAsync();
        while (!waiting.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        Assert.Equal("unreachable", await waiting);
    }

    [Fact]
    public async Task A_life_of_more_than_four_hours_is_not_believed()
    {
        symbolon.Life = 1_000_000;
        var granted = Assert.IsType<TokenAnswer.Granted>(await Requests().OwnAsync(Cancellation));
        Assert.Equal(TimeSpan.FromHours(4), granted.Token.Life);
    }

    [Fact]
    public async Task A_code_is_claimed_with_the_key_and_claimed_again_when_the_answer_was_lost()
    {
        symbolon.Codes.Add("sym_enr_x");
        var lost = 0;
        symbolon.Instead = heard => heard.Path == "/oauth/enroll" && lost++ == 0 ? throw new HttpRequestException("reset") : null;
        var claiming = EnrolAsync("sym_enr_x");
        while (!claiming.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        var enrolled = await claiming;
        Assert.Equal(("server:releases", symbolon.Issuer, "green", key.Thumbprint), (enrolled.Client, enrolled.Issuer, enrolled.Instance, enrolled.Key));
        Assert.All(symbolon.Heard, heard => Assert.Equal(key.Thumbprint, heard.ProofKey));
    }

    [Fact]
    public async Task An_enrolment_that_is_refused_or_speaks_for_another_issuer_or_key_is_none()
    {
        var claiming = EnrolAsync("sym_enr_unknown");
        while (!claiming.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        Assert.Equal("invalid_grant", (await Assert.ThrowsAsync<Symbolon.Client.SymbolonException>(() => claiming)).Code);
        // Once more, since another node may not have heard of the code yet; and no third time.
        Assert.Equal(2, symbolon.Heard.Count);
        foreach (var (issuer, thumbprint) in new[] { ("https://evil.example", key.Thumbprint), (symbolon.Issuer, "other") })
        {
            symbolon.Instead = _ => FakeSymbolon.Json(HttpStatusCode.Created,
                $$"""{"client_id":"server:releases","key":"{{thumbprint}}","issuer":"{{issuer}}","audience":"https://api.example"}""");
            Assert.Equal("invalid_answer", (await Assert.ThrowsAsync<Symbolon.Client.SymbolonException>(() => EnrolAsync("sym_enr_x"))).Code);
        }
    }

    private Task<EnrolledInstance> EnrolAsync(string code) =>
        new Enrolment(Address(), http, clock).ByCodeAsync(key, code, "green", Cancellation);

    private SymbolonAddress Address() => SymbolonAddress.Of(new Uri(symbolon.Issuer), "Symbolon");

    private TokenRequests Requests() => Requests(out _);

    private TokenRequests Requests(out TokenRequests requests) =>
        requests = new TokenRequests(Address(), key, "server:releases", new SignedRequests(key, http, new NonceMemory(), clock), clock);

    private async Task<string> CodeAsync() => Assert.IsType<TokenAnswer.Refused>(await Requests().OwnAsync(Cancellation)).Why.Code;
}
