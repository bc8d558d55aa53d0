using Symbolon.Jose;
using Symbolon.Jose.Proofs;

namespace Symbolon.Client.Verification;

/// <summary>Checks the proof of a request: RFC 9449 §4.3 without an exception, and §11.1 within this process.</summary>
internal sealed class ProofCheck(TimeProvider clock, bool alwaysNonce, UsedProofs used)
{
    private const int MostKeys = 1024;
    private const int MostNonceBytes = 128;

    /// <summary>Seconds that a clock may differ where a nonce says when a proof was made.</summary>
    private const long MostWithNonce = 300;

    private readonly ProofReader reader = new(MostKeys);
    private readonly OwnNonces nonces = new(clock);

    public string Nonce => nonces.Current;

    /// <param name="token">SHA-256 of the access token.</param>
    /// <param name="key">That the token is bound to.</param>
    /// <param name="nextNonce">To be sent with the answer; null for none.</param>
    /// <param name="isFull">There is no room to remember another proof.</param>
    /// <returns>Null when the proof is good, and was not used before.</returns>
    public ProofFault? Check(IncomingRequest request, Sha256Value token, Sha256Value key, out string? nextNonce, out bool isFull)
    {
        (nextNonce, isFull) = (null, false);
        if (!ProofTarget.TryOf(request.Url, out var target)) return ProofFault.WrongUrl;
        Span<byte> room = stackalloc byte[ProofReader.Room];
        if (reader.Read(request.Proofs.Count, request.Proofs.Count == 0 ? null : request.Proofs[0], key, room, out var proof) is { } unread) return unread;
        if (proof.Mismatch(request.Method, target, token) is { } other) return other;
        if (Age(proof.Claims, out nextNonce) is { } age) return age;
        if (proof.Identify(target) is not { } identity) return ProofFault.BadClaim;
        // One that is from far ahead has a nonce, which ends soon; it shall not make everybody else need one.
        var use = used.TryUse(identity, key, Math.Min(proof.Claims.IssuedAt, clock.GetUtcNow().ToUnixTimeSeconds() + ProofWindow.MostAhead));
        isFull = use == UseOfProof.Full;
        return use == UseOfProof.First ? null : ProofFault.Replayed;
    }

    private ProofFault? Age(in ProofClaims claims, out string? next)
    {
        next = null;
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        if (claims.IssuedAt < now - MostWithNonce || claims.Expires <= now) return ProofFault.TooOld;
        if (claims.IssuedAt > now + MostWithNonce || claims.NotBefore > now + ProofWindow.MostAhead) return ProofFault.TooNew;
        if (claims.Nonce.Length > 0)
        {
            Span<byte> plain = stackalloc byte[MostNonceBytes];
            return nonces.Accepts(ProofClaims.TextOf(claims.Nonce, plain), out next) ? null : ProofFault.NonceNeeded;
        }
        // A proof of before this process's memory may have been used then; with a nonce it cannot.
        var isOfNow = claims.IssuedAt >= now - ProofWindow.MostAge && claims.IssuedAt <= now + ProofWindow.MostAhead && claims.IssuedAt > used.ForgottenUpTo;
        return alwaysNonce || !isOfNow ? ProofFault.NonceNeeded : null;
    }
}
