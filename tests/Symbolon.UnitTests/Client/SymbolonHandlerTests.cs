using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Symbolon.Client;
using Symbolon.Client.Calls;
using Symbolon.Client.Credentials;
using Symbolon.Client.Http;
using Symbolon.Client.Keys;
using Symbolon.Jose;
using Symbolon.Testing.Fakes;
using Symbolon.Testing.OAuth;

namespace Symbolon.UnitTests.Client;

/// <summary>What goes out to the API: the right token, a fresh proof, and never what came in.</summary>
[Trait("area", "client")]
public sealed class SymbolonHandlerTests : IDisposable
{
    private const string Caller = "header.call-token.signature";

    private readonly FakeClock clock = new();
    private readonly FakeSymbolon symbolon;
    private readonly FakeApi api = new();
    private readonly ServerCredential credential;
    private readonly HttpClient client;
    private readonly HttpClient own;
    private IncomingCall? incoming;

    public SymbolonHandlerTests()
    {
        symbolon = new FakeSymbolon(clock);
        credential = CredentialFor("https://api.example");
        client = new HttpClient(new SymbolonHandler(credential, () => incoming) { InnerHandler = api });
        own = new HttpClient(OwnHandler(credential));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        client.Dispose();
        own.Dispose();
        credential.Dispose();
    }

    [Fact]
    public async Task In_the_servers_name_its_own_token_goes_out_with_a_new_proof_for_each_request()
    {
        await own.GetAsync("https://api.example/releases/web?x=1", Cancellation);
        await own.DeleteAsync("https://api.example/releases/web", Cancellation);

        Assert.Equal(1, symbolon.CountOf("/oauth/token"));
        Assert.Equal("client_credentials", symbolon.Heard.First().Form["grant_type"]);
        Assert.Equal(["GET", "DELETE"], api.Heard.Select(heard => (string?)heard.Proof["htm"]));
        Assert.All(api.Heard, heard =>
        {
            Assert.Equal("https://api.example/releases/web", (string?)heard.Proof["htu"]);
            Assert.Equal(Base64Url.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(heard.Token))), (string?)heard.Proof["ath"]);
        });
        Assert.Equal(2, api.Heard.Select(heard => (string?)heard.Proof["jti"]).Distinct().Count());
    }

    [Fact]
    public async Task With_a_caller_the_exchanged_token_goes_out_and_the_callers_own_never()
    {
        incoming = new IncomingCall(Caller);
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://api.example/releases");
        // A careless server that copies what it got.
        request.Headers.Authorization = new AuthenticationHeaderValue("DPoP", Caller);
        request.Headers.TryAddWithoutValidation("DPoP", "the gateway's proof");
        request.Content = new StringContent("");
        request.Content.Headers.TryAddWithoutValidation("DPoP", "the gateway's proof");
        await client.SendAsync(request, Cancellation);

        Assert.Equal(Caller, Assert.Single(symbolon.Heard).Form["subject_token"]);
        var heard = Assert.Single(api.Heard);
        Assert.NotEqual(Caller, heard.Token);
        Assert.DoesNotContain(Caller, heard.All, StringComparison.Ordinal);
        Assert.DoesNotContain("the gateway's proof", heard.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_exchange_is_refused_no_request_is_made_and_the_servers_own_token_is_no_substitute()
    {
        incoming = new IncomingCall(Caller);
        symbolon.Instead = _ => FakeSymbolon.Json(HttpStatusCode.BadRequest, """{"error":"invalid_grant","error_description":"The call token is over."}""");
        var refused = await Assert.ThrowsAsync<SymbolonException>(() => client.GetAsync("https://api.example/releases", Cancellation));
        Assert.Equal("invalid_grant", refused.Code);
        Assert.DoesNotContain(Caller, refused.ToString(), StringComparison.Ordinal);
        Assert.Empty(api.Heard);
        Assert.Single(symbolon.Heard);
    }

    [Fact]
    public async Task Where_no_call_is_being_answered_no_request_is_made_and_the_servers_own_token_is_no_substitute()
    {
        Assert.Equal("no_caller", (await Assert.ThrowsAsync<SymbolonException>(() => client.GetAsync("https://api.example/releases", Cancellation))).Code);
        Assert.Empty(api.Heard);
        Assert.Empty(symbolon.Heard);
        Assert.Throws<ArgumentNullException>(() => new SymbolonHandler(credential, null!));
    }

    [Theory]
    [InlineData("https://evil.example/releases")]
    [InlineData("http://api.example/releases")]
    [InlineData("https://api.example:8443/releases")]
    [InlineData("https://alice@api.example/releases")]
    [InlineData("https://api.example.evil.example/releases")]
    public async Task No_token_goes_to_another_address_than_the_api(string url)
    {
        Assert.Equal("wrong_target", (await Assert.ThrowsAsync<SymbolonException>(() => own.GetAsync(url, Cancellation))).Code);
        Assert.Empty(api.Heard);
        Assert.Empty(symbolon.Heard);
    }

    [Theory]
    [InlineData("https://api.example/v1", true)]
    [InlineData("https://api.example/v1/releases?x=1", true)]
    [InlineData("https://api.example/v10/releases", false)]
    [InlineData("https://api.example/v2/releases", false)]
    [InlineData("https://api.example/", false)]
    [InlineData("https://api.example/v1/../v2/releases", false)]
    [InlineData("https://api.example/v1/%2e%2e/v2/releases", false)]
    [InlineData("https://api.example/v1/..%2fv2/releases", false)]
    [InlineData("https://api.example/v1/..%5cv2/releases", false)]
    public async Task Of_several_apis_behind_one_origin_only_its_own_gets_the_token(string url, bool isOurs)
    {
        using var below = CredentialFor("https://api.example/v1");
        using var some = new HttpClient(OwnHandler(below));
        if (isOurs) Assert.Equal(HttpStatusCode.OK, (await some.GetAsync(url, Cancellation)).StatusCode);
        else Assert.Equal("wrong_target", (await Assert.ThrowsAsync<SymbolonException>(() => some.GetAsync(url, Cancellation))).Code);
        Assert.Equal(isOurs ? 1 : 0, api.Heard.Count);
    }

    [Fact]
    [Trait("clause", "RFC 9449 §9")]
    public async Task A_nonce_that_the_api_asks_for_is_given_once_with_the_whole_body_and_kept()
    {
        api.Nonce = "n1";
        using var body = new StringContent("all of it");
        Assert.Equal(HttpStatusCode.OK, (await own.PostAsync("https://api.example/releases", body, Cancellation)).StatusCode);
        Assert.Equal([null, "n1"], api.Heard.Select(heard => (string?)heard.Proof["nonce"]));
        Assert.All(api.Heard, heard => Assert.Equal("all of it", heard.Body));

        await own.GetAsync("https://api.example/releases", Cancellation);
        Assert.Equal(3, api.Heard.Count);

        api.Nonce = "never met";
        api.NoncesSent = "another";
        Assert.Equal(HttpStatusCode.Unauthorized, (await own.GetAsync("https://api.example/releases", Cancellation)).StatusCode);
        Assert.Equal(5, api.Heard.Count);
    }

    [Fact]
    public async Task A_body_that_cannot_be_kept_is_not_sent_twice()
    {
        api.Nonce = "n1";
        using var body = new StreamContent(new OnceStream());
        Assert.Equal(HttpStatusCode.Unauthorized, (await own.PostAsync("https://api.example/releases", body, Cancellation)).StatusCode);
        Assert.Single(api.Heard);
    }

    [Fact]
    public async Task A_token_that_the_api_calls_invalid_is_replaced_by_another_and_the_request_made_once_more()
    {
        await own.GetAsync("https://api.example/releases", Cancellation);
        clock.Advance(TimeSpan.FromSeconds(10));
        api.Dead.Add(api.Heard.Last().Token);
        Assert.Equal(HttpStatusCode.OK, (await own.GetAsync("https://api.example/releases", Cancellation)).StatusCode);
        Assert.Equal(2, symbolon.CountOf("/oauth/token"));

        incoming = new IncomingCall(Caller);
        await client.GetAsync("https://api.example/releases", Cancellation);
        api.Dead.Add(api.Heard.Last().Token);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("https://api.example/releases", Cancellation)).StatusCode);
        Assert.Equal(4, symbolon.CountOf("/oauth/token"));
    }

    [Fact]
    public async Task An_api_that_takes_no_token_costs_one_more_request_and_no_more()
    {
        await own.GetAsync("https://api.example/releases", Cancellation);
        api.TakesNone = true;
        for (var i = 0; i < 20; i++) Assert.Equal(HttpStatusCode.Unauthorized, (await own.GetAsync("https://api.example/releases", Cancellation)).StatusCode);
        Assert.Equal(1, symbolon.CountOf("/oauth/token"));
        Assert.Equal(21, api.Heard.Count);
    }

    [Fact]
    public async Task The_trace_of_the_call_goes_on()
    {
        const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        incoming = new IncomingCall(Caller, Trace, "vendor=1");
        await client.GetAsync("https://api.example/releases", Cancellation);
        Assert.Contains($"traceparent: {Trace}", api.Heard.Last().All, StringComparison.Ordinal);
        Assert.Contains("tracestate: vendor=1", api.Heard.Last().All, StringComparison.Ordinal);

        // Where the program traces by itself, its own span is the parent, and the handler below writes it.
        using var span = new Activity("own").SetIdFormat(ActivityIdFormat.W3C).Start();
        await client.GetAsync("https://api.example/releases", Cancellation);
        Assert.DoesNotContain(Trace, api.Heard.Last().All, StringComparison.Ordinal);
    }

    [Fact]
    public void A_synchronous_request_is_not_sent_without_a_token() =>
        Assert.Throws<NotSupportedException>(() => client.Send(new HttpRequestMessage(HttpMethod.Get, "https://api.example/releases"), Cancellation));

    private ServerCredential CredentialFor(string audience)
    {
        var enrolled = new EnrolledInstance { Client = "server:releases", Issuer = symbolon.Issuer, Key = "", Audience = new Uri(audience) };
        var (address, http) = (SymbolonAddress.Of(new Uri(symbolon.Issuer), "Symbolon"), new HttpClient(symbolon));
        return new ServerCredential(InstanceKey.Generate(), enrolled, address, new KeySuccession(new KeyFiles("nowhere"), address, platform: null, http, clock), rotateEvery: null, http, ownsHttp: true, clock);
    }

    private SymbolonHandler OwnHandler(ServerCredential of)
    {
        var handler = SymbolonHandler.AsServer(of);
        handler.InnerHandler = api;
        return handler;
    }

    private sealed record HeardCall(string Token, JsonObject Proof, string Body, string All);

    private sealed class FakeApi : HttpMessageHandler
    {
        public ConcurrentQueue<HeardCall> Heard { get; } = new();

        public HashSet<string> Dead { get; } = [];

        public string? Nonce { get; set; }

        public string? NoncesSent { get; set; }

        public bool TakesNone { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.Equal("DPoP", request.Headers.Authorization!.Scheme);
            var proof = Assert.Single(request.Headers.GetValues("DPoP"));
            var claims = JsonNode.Parse(Base64Url.Decode(Encoding.ASCII.GetBytes(proof.Split('.')[1])))!.AsObject();
            var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            var token = request.Headers.Authorization.Parameter!;
            Heard.Enqueue(new HeardCall(token, claims, body, request.ToString() + string.Join('\n', request.Headers.Select(header => $"{header.Key}: {string.Join(',', header.Value)}"))));
            if (TakesNone || Dead.Contains(token)) return Refuse("invalid_token");
            return Nonce is null || (string?)claims["nonce"] == Nonce ? new HttpResponseMessage(HttpStatusCode.OK) : Refuse("use_dpop_nonce");
        }

        private HttpResponseMessage Refuse(string error)
        {
            var refusal = new HttpResponseMessage(HttpStatusCode.Unauthorized);
            refusal.Headers.WwwAuthenticate.ParseAdd($"DPoP error=\"{error}\", algs=\"ES256\"");
            if (error == "use_dpop_nonce") refusal.Headers.Add("DPoP-Nonce", NoncesSent ?? Nonce);
            return refusal;
        }
    }

    /// <summary>Of unknown length, and read once.</summary>
    private sealed class OnceStream : MemoryStream
    {
        public OnceStream()
            : base("once"u8.ToArray()) { }

        public override bool CanSeek => false;
    }
}
