using System.Text;
using Symbolon.Client.Http;
using Symbolon.Client.Revocation;
using Symbolon.Client.Tokens;
using Symbolon.Jose;
using Symbolon.Jose.Keys;
using Symbolon.Jose.Proofs;
using Symbolon.Jose.Signatures;
using Symbolon.Jose.Tokens;

namespace Symbolon.Client.Verification;

/// <summary>
/// Verifies what a request shows: a token of Symbolon for this audience, bound to a key, with a proof of that key for this request, used once, and not revoked. Asks
/// the network only for signing keys. Safe to call from many threads.
/// </summary>
/// <remarks>RFC 9068 §4, RFC 9449 §7, RFC 8693 §4.1, RFC 6750 §3.</remarks>
public sealed class AccessTokenVerifier : IDisposable
{
    private const int MostBytes = 8 * 1024;
    private const int MostKeyId = 128;
    private const long Tolerance = 5;
    private const int ShortWait = 1;

    private readonly AccessTokenVerifierOptions options;
    private readonly RevocationFeed? feed;
    private readonly TimeProvider clock;
    private readonly HttpClient http;
    private readonly bool ownsHttp;
    private readonly string issuer;
    private readonly SigningKeys keys;
    private readonly ProofCheck proofs;

    /// <param name="feed">What was revoked, asked at every request; a feed that is not current refuses all. Null only at a server's own endpoint, whose calls the gateway has decided a moment ago.</param>
    /// <param name="http">To fetch keys with: one that follows no redirects. Null makes one.</param>
    /// <exception cref="ArgumentException">The issuer is no https address, or http on loopback, or there is no audience, or no feed at an API, or there would be room for too few or too many proofs.</exception>
    public AccessTokenVerifier(AccessTokenVerifierOptions options, RevocationFeed? feed, HttpClient? http = null, TimeProvider? clock = null)
        : this(options, FeedFor(options, feed), http, clock ?? TimeProvider.System, new UsedProofs(clock ?? TimeProvider.System, options.RoomForProofs)) { }

    internal AccessTokenVerifier(AccessTokenVerifierOptions options, RevocationFeed? feed, HttpClient? http, TimeProvider clock, UsedProofs used)
    {
        ArgumentException.ThrowIfNullOrEmpty(options.Audience, nameof(options));
        (this.options, this.feed, this.clock, ownsHttp) = (options, feed, clock, http is null);
        var symbolon = SymbolonAddress.Of(options.Issuer, nameof(options.Issuer));
        issuer = symbolon.Issuer;
        this.http = http ?? SymbolonHttp.Create();
        keys = new SigningKeys(symbolon, this.http, clock);
        proofs = new ProofCheck(clock, options.AlwaysNonce, used);
    }

    public async ValueTask<CallerVerdict> VerifyAsync(IncomingRequest request, CancellationToken cancellation = default)
    {
        if (ReadToken(request, out var token) is { } none) return none;
        var bytes = Encoding.ASCII.GetBytes(token);
        if (ReadKeyId(bytes) is not { } keyId) return Invalid("This is no access token of Symbolon.");
        var found = await keys.FindAsync(keyId, cancellation);
        if (found is KeyAnswer.Unavailable) return Unavailable("The keys that tokens are signed with cannot be had at this moment.");
        if (found is not KeyAnswer.Found { Key: var key }) return Invalid("The token is signed by no key of Symbolon.");
        if (ReadContent(bytes, key, keyId) is not { } content) return Invalid("This is no access token of Symbolon.");
        if (Misfit(content) is { } misfit) return Invalid(misfit);
        // Asked before the proof is used up, so that a call that was not judged can be made again.
        if (feed is not null && !feed.IsCurrent) return Unavailable("What was revoked is not known at this moment.");
        if (feed is not null && feed.IsRevoked(content)) return Invalid("The token was revoked.");
        return CheckProof(request, content, token, Sha256Value.Of(bytes));
    }

    private static RevocationFeed? FeedFor(AccessTokenVerifierOptions options, RevocationFeed? feed) =>
        feed is null && options.Server is null ? throw new ArgumentNullException(nameof(feed), "An API needs the feed of revocations: without it whoever was revoked would be taken.") : feed;

    public void Dispose()
    {
        if (ownsHttp) http.Dispose();
    }

    private static CallerVerdict.Refused? ReadToken(IncomingRequest request, out string token)
    {
        var count = request.Authorization.Count;
        var scheme = AuthorizationHeader.Read(count, count == 0 ? null : request.Authorization[0], out var text);
        token = text.ToString();
        return AuthorizationHeader.Judge(scheme, isBound: scheme == AuthorizationScheme.DPoP, mustBeBound: true) switch
        {
            SchemeVerdict.Fits => text.Length > MostBytes ? Invalid("The token is larger than 8 KiB.") : null,
            SchemeVerdict.NoToken => Refuse(401, null, "A token is needed."),
            SchemeVerdict.Ambiguous => new CallerVerdict.Refused { Status = 400, Error = "invalid_request", Description = "Send the token once, in one Authorization header." },
            SchemeVerdict.BindingNeeded => Invalid("Tokens are taken with the scheme DPoP and a proof alone."),
            _ => Invalid("This is no access token of Symbolon."),
        };
    }

    private static string? ReadKeyId(byte[] token)
    {
        if (Jws.Read(token, TokenProfiles.AccessToken, new byte[token.Length], out var jws) != JoseError.None) return null;
        return jws.Header.KeyId.Length is 0 or > MostKeyId ? null : Encoding.UTF8.GetString(jws.Header.KeyId);
    }

    private static TokenContent? ReadContent(byte[] token, VerificationKey key, string keyId) =>
        Jws.Read(token, TokenProfiles.AccessToken, new byte[token.Length], out var jws) == JoseError.None && jws.Verify(key, out var payload) == JoseError.None
            ? TokenContent.Read(payload, keyId) : null;

    private string? Misfit(TokenContent content)
    {
        var claims = content.Claims;
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        if (claims.Issuer != issuer) return "The token is of another issuer.";
        if (claims is not { AudienceIsText: true, Audience: [var audience] } || audience != options.Audience) return "The token is for another audience.";
        if (now >= claims.ExpiresAt + Tolerance) return "The token has expired.";
        if (claims.IssuedAt > now + Tolerance || claims.NotBefore > now + Tolerance) return "The token is not valid yet.";
        if (options.Server is { } server) return IsCallToken(content, server) ? null : "This is no call token of the gateway for this server.";
        return content.MayAct is null && content.Chain.Server is not null ? null : "This is no token that a server has got for this API.";
    }

    /// <summary>The gateway is no actor, and lets this server alone act on what it sends.</summary>
    private static bool IsCallToken(TokenContent content, string server) => content.Chain.Server is null && content.MayAct == $"server:{server}";

    private CallerVerdict CheckProof(IncomingRequest request, TokenContent content, string token, Sha256Value hash)
    {
        var fault = proofs.Check(request, hash, content.Key, out var next, out var isFull);
        if (isFull) return Unavailable("Too many requests to remember their proofs.");
        if (fault is null) return new CallerVerdict.Accepted(content.Caller, token, next);
        var refusal = new ProofRefusal(fault.Value);
        return Refuse(401, refusal.Error, refusal.Description) with { Nonce = fault == ProofFault.NonceNeeded ? proofs.Nonce : null };
    }

    private static CallerVerdict.Refused Invalid(string why) => Refuse(401, "invalid_token", why);

    private static CallerVerdict.Refused Refuse(int status, string? error, string why) => new()
    {
        Status = status,
        Error = error,
        Description = why,
        Challenge = ProofChallenge.Write(error, error is null ? null : why, scope: null, resourceMetadata: null),
    };

    private static CallerVerdict.Refused Unavailable(string why) => new() { Status = 503, Error = "temporarily_unavailable", Description = why, RetryAfter = ShortWait };
}
