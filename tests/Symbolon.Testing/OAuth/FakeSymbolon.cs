using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Symbolon.Jose;
using Symbolon.Jose.Signatures;

namespace Symbolon.Testing.OAuth;

/// <summary>One request that reached <see cref="FakeSymbolon"/>, with the claims of its assertion and its proof.</summary>
public sealed record HeardRequest(string Path, IReadOnlyDictionary<string, string> Form, JsonObject? Assertion, JsonObject? Proof, string? ProofKey, string? Trace);

/// <summary>The endpoints of Symbolon that a client speaks to, as a handler: without a network, or behind a listener. Everything can be made to go wrong.</summary>
public sealed class FakeSymbolon : HttpMessageHandler
{
    private readonly TimeProvider clock;
    private readonly ConcurrentDictionary<string, (string Key, string Answer)> claims = new();
    private long microseconds;

    public FakeSymbolon(TimeProvider clock, string issuer = "https://symbolon.example", string audience = "https://api.example")
    {
        (this.clock, Issuer, Audience) = (clock, issuer, audience);
        Keys = [Key];
    }

    public string Issuer { get; set; }

    public string Audience { get; }

    /// <summary>Signs tokens.</summary>
    public Es256SigningKey Key { get; set; } = Es256SigningKey.Generate();

    /// <summary>What the JWKS names.</summary>
    public List<Es256SigningKey> Keys { get; }

    public ConcurrentQueue<HeardRequest> Heard { get; } = new();

    /// <summary>Codes, and tokens of a platform, that are good for an enrolment.</summary>
    public HashSet<string> Codes { get; } = [];

    /// <summary>Where not null, proofs without it are asked for it.</summary>
    public string? Nonce { get; set; }

    /// <summary>Seconds of a token's life.</summary>
    public int Life { get; set; } = 3600;

    /// <summary>What happens instead of an answer; null answers as it should.</summary>
    public Func<HeardRequest, HttpResponseMessage?>? Instead { get; set; }

    /// <summary>Answers wait for it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Called with each connection to the feed; writes to it.</summary>
    public Func<FeedConnection, Task>? OnFeed { get; set; }

    public int CountOf(string path) => Heard.Count(request => request.Path == path);

    /// <summary>An access token with the claims of <see cref="Claims"/>, changed.</summary>
    public string Token(string boundTo, Action<JsonObject>? change = null, string type = "at+jwt", Es256SigningKey? by = null)
    {
        var claims = Claims(boundTo);
        change?.Invoke(claims);
        return (by ?? Key).Sign(type, Encoding.UTF8.GetBytes(claims.ToJsonString()));
    }

    /// <summary>What an exchanged token says: alice, through release-bot, by the server releases.</summary>
    public JsonObject Claims(string boundTo)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        return new JsonObject
        {
            ["iss"] = Issuer, ["sub"] = "alice@example.com", ["aud"] = Audience, ["client_id"] = "server:releases", ["jti"] = $"tok_{Guid.NewGuid():n}",
            ["iat"] = now, ["iat_us"] = now * 1_000_000 + Interlocked.Increment(ref microseconds) % 1_000_000, ["exp"] = now + 300,
            ["scope"] = "read:cluster:prod/namespace:checkout/*", ["tool"] = "mcp:releases:rollout_status", ["authorization_id"] = "aut_1", ["origin_jti"] = "tok_origin",
            ["authorization_details"] = new JsonArray(new JsonObject { ["type"] = "symbolon_resource", ["actions"] = new JsonArray("read"), ["resource"] = "cluster:prod/namespace:checkout/*" }),
            ["cnf"] = new JsonObject { ["jkt"] = boundTo },
            ["act"] = new JsonObject { ["sub"] = "server:releases", ["act"] = new JsonObject { ["sub"] = "agent:release-bot" } },
        };
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var heard = await ReadAsync(request);
        Heard.Enqueue(heard);
        await Gate.WaitAsync(cancellationToken);
        if (Instead?.Invoke(heard) is { } other) return other;
        if (Nonce is not null && heard.Proof is { } proof && (string?)proof["nonce"] != Nonce)
        {
            var asked = Json(HttpStatusCode.BadRequest, """{"error":"use_dpop_nonce"}""");
            asked.Headers.Add("DPoP-Nonce", Nonce);
            return asked;
        }
        return heard.Path switch
        {
            "/oauth/jwks" => Json(HttpStatusCode.OK, $$"""{"keys":[{{string.Join(',', Keys.Select(key => key.PublicKey.ToJson()))}}]}"""),
            "/oauth/enroll" => Enrol(heard),
            "/oauth/token" => Issue(heard),
            "/oauth/revocations" => Feed(cancellationToken),
            _ => new HttpResponseMessage(HttpStatusCode.NotFound),
        };
    }

    private HttpResponseMessage Enrol(HeardRequest heard)
    {
        var code = heard.Form.TryGetValue("assertion", out var assertion) ? assertion : heard.Form["code"];
        if (!Codes.Contains(code)) return Json(HttpStatusCode.BadRequest, """{"error":"invalid_grant","error_description":"The code is unknown, used or over."}""");
        var answer = $$"""{"client_id":"server:releases","instance":"{{heard.Form.GetValueOrDefault("instance", "one")}}","key":"{{heard.ProofKey}}","issuer":"{{Issuer}}","audience":"{{Audience}}","expires_in":3600,"enrolled_at":1}""";
        var claim = claims.GetOrAdd(code, (heard.ProofKey!, answer));
        return claim.Key == heard.ProofKey ? Json(HttpStatusCode.Created, claim.Answer) : Json(HttpStatusCode.BadRequest, """{"error":"invalid_grant"}""");
    }

    private HttpResponseMessage Issue(HeardRequest heard)
    {
        var token = heard.Form["grant_type"] == "client_credentials"
            ? Token(heard.ProofKey!, said => { said["sub"] = "server:releases"; said.Remove("act"); said.Remove("tool"); })
            : Token(heard.ProofKey!);
        return Json(HttpStatusCode.OK, $$"""{"access_token":"{{token}}","token_type":"DPoP","expires_in":{{Life}}}""");
    }

    private HttpResponseMessage Feed(CancellationToken cancellation)
    {
        var pipe = new Pipe();
        var connection = new FeedConnection(pipe.Writer, clock, cancellation);
        _ = Task.Run(() => OnFeed?.Invoke(connection) ?? connection.StateAsync(), cancellation);
        var content = new StreamContent(pipe.Reader.AsStream());
        content.Headers.ContentType = new MediaTypeHeaderValue("text/event-stream");
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }

    private static async Task<HeardRequest> ReadAsync(HttpRequestMessage request)
    {
        var form = request.Content is null ? [] : (await request.Content.ReadAsStringAsync()).Split('&')
            .Select(pair => pair.Split('=')).ToDictionary(pair => Decode(pair[0]), pair => Decode(pair[1]));
        var proof = request.Headers.TryGetValues("DPoP", out var proofs) ? proofs.Single() : null;
        var jwk = proof is null ? null : Part(proof, 0)["jwk"]!.AsObject();
        var key = jwk is null ? null : Sha256Value.Of(Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{jwk["x"]}}","y":"{{jwk["y"]}}"}""")).ToString();
        return new HeardRequest(request.RequestUri!.AbsolutePath, form, form.TryGetValue("client_assertion", out var assertion) ? Part(assertion, 1) : null, proof is null ? null : Part(proof, 1), key,
            request.Headers.TryGetValues("traceparent", out var trace) ? trace.Single() : null);
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static JsonObject Part(string jws, int index) => JsonNode.Parse(Base64Url.Decode(Encoding.ASCII.GetBytes(jws.Split('.')[index])))!.AsObject();

    public static HttpResponseMessage Json(HttpStatusCode status, string body) => new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
}
