using System.Text.Json.Nodes;
using Symbolon.Client.Revocation;
using Symbolon.Client.Verification;
using Symbolon.Jose.Signatures;
using Symbolon.Testing.Fakes;
using Symbolon.Testing.OAuth;

namespace Symbolon.UnitTests.Client;

/// <summary>An API that verifies, and a server with a key that calls it.</summary>
internal sealed class VerifierStage : IDisposable
{
    public const string Url = "https://api.example/releases/web";

    public VerifierStage(string? server = null, RevocationFeed? feed = null, bool alwaysNonce = false, int mostProofs = 1000, FakeClock? clock = null)
    {
        Clock = clock ?? new FakeClock();
        Wall = new SplitClock(Clock);
        Symbolon = new FakeSymbolon(Wall);
        Http = new HttpClient(Symbolon);
        Verifier = new AccessTokenVerifier(
            new AccessTokenVerifierOptions { Issuer = new Uri(Symbolon.Issuer), Audience = Symbolon.Audience, Server = server, AlwaysNonce = alwaysNonce }, feed, Http, Wall, new UsedProofs(Wall, mostProofs));
    }

    public FakeClock Clock { get; }

    /// <summary>What everybody takes for the time.</summary>
    public SplitClock Wall { get; }

    public FakeSymbolon Symbolon { get; }

    public HttpClient Http { get; }

    public AccessTokenVerifier Verifier { get; }

    public ProofKey Key { get; } = new();

    public long Now => Wall.GetUtcNow().ToUnixTimeSeconds();

    public string Token(Action<JsonObject>? change = null, string type = "at+jwt", Es256SigningKey? by = null) => Symbolon.Token(Key.Thumbprint.ToString(), change, type, by);

    public string Proof(string token, string method = "GET", string url = Url, string? nonce = null, long? at = null) => Key.Proof(method, url, at ?? Now, token, nonce);

    public async Task<CallerVerdict> VerifyAsync(string token, string? proof = null, string scheme = "DPoP") =>
        await SendAsync([$"{scheme} {token}"], [proof ?? Proof(token)]);

    public async Task<CallerVerdict> SendAsync(string[] authorization, string[] proofs) =>
        await Verifier.VerifyAsync(new IncomingRequest { Method = "GET", Url = Url, Authorization = authorization, Proofs = proofs }, TestContext.Current.CancellationToken);

    public void Dispose()
    {
        Verifier.Dispose();
        Http.Dispose();
        Key.Dispose();
    }
}
