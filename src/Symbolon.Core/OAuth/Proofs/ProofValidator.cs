using System.Buffers;
using System.Text;
using Symbolon.Jose;
using Symbolon.Jose.Keys;
using Symbolon.Jose.Signatures;

namespace Symbolon.Core.OAuth.Proofs;

/// <summary>
/// Checks DPoP proofs, for the token endpoint and for the gateway alike: RFC 9449 §4.3 without an exception. A request has exactly one proof, and each
/// proof is good for one request; the last word about that is the store's (<see cref="ProofUse"/>). Safe to call from many threads.
/// </summary>
public sealed class ProofValidator(ProofNonces nonces, TimeProvider clock, ProofLimits limits)
{
    /// <summary>Bytes of the largest proof.</summary>
    public const int MostBytes = 4 * 1024;

    private const int MostMethodBytes = 32;
    private static readonly JwsProfile Profile = new() { Type = "dpop+jwt", CarriesKey = true, MostBytes = MostBytes };

    private readonly ProofAge ages = new(nonces, clock);
    private readonly VerificationKeyCache keys = new(limits.Keys);
    private readonly KnownHeaders known = new(limits.Keys);
    private readonly SeenProofs seen = new(limits.Proofs);

    public ProofValidator(ProofNonces nonces, TimeProvider clock)
        : this(nonces, clock, new ProofLimits()) { }

    /// <param name="headers">How many <c>DPoP</c> headers the request has.</param>
    /// <param name="proof">The first of them.</param>
    public ProofVerdict Check(int headers, string? proof, in ProofRequest request)
    {
        if (headers == 0 || string.IsNullOrEmpty(proof)) return Refuse(ProofFault.Missing, request);
        if (headers > 1) return Refuse(ProofFault.Several, request);
        if (proof.Length > MostBytes) return Refuse(ProofFault.TooLarge, request);
        Span<byte> ascii = stackalloc byte[MostBytes];
        if (Ascii.FromUtf16(proof, ascii, out var length) != OperationStatus.Done) return Refuse(ProofFault.Malformed, request);
        Span<byte> scratch = stackalloc byte[MostBytes];
        var found = known.Find(proof);
        var fault = found is null ? Read(ascii[..length], scratch, request, out var jws, out var key) : ReadKnown(ascii[..length], scratch, request, found, out jws, out key);
        if (fault is { } unread) return Refuse(unread, request);
        if (jws.Verify(key!, out var payload) != JoseError.None) return Refuse(ProofFault.BadSignature, request);
        if (found is null) known.Add(proof, key!);
        return Check(payload, key!, request);
    }

    private ProofFault? Read(ReadOnlySpan<byte> proof, Span<byte> scratch, in ProofRequest request, out Jws jws, out VerificationKey? key)
    {
        key = null;
        if (Jws.Read(proof, Profile, scratch, out jws) is var error and not JoseError.None) return FaultOf(error);
        if (Jwk.Parse(jws.Header.Key, out var jwk) != JoseError.None || jwk!.Algorithm != jws.Header.Algorithm) return ProofFault.BadKey;
        // Before the costly part: with a token, only its own key is worth a look.
        if (request.BoundTo is { } bound && bound != jwk.Thumbprint) return ProofFault.WrongKey;
        key = keys.Get(jwk);
        return key is null ? ProofFault.BadKey : null;
    }

    private static ProofFault? ReadKnown(
        ReadOnlySpan<byte> proof, Span<byte> scratch, in ProofRequest request, VerificationKey known, out Jws jws, out VerificationKey? key)
    {
        key = known;
        if (Jws.ReadBehindKnownHeader(proof, Profile, known.Algorithm, scratch, out jws) is var error and not JoseError.None) return FaultOf(error);
        return request.BoundTo is { } bound && bound != known.Thumbprint ? ProofFault.WrongKey : null;
    }

    private ProofVerdict Check(ReadOnlySpan<byte> payload, VerificationKey key, in ProofRequest request)
    {
        if (!ProofClaims.TryRead(payload, out var claims, out var fault)) return Refuse(fault, request);
        if (!IsForMethod(claims, request.Method)) return Refuse(ProofFault.WrongMethod, request);
        Span<byte> room = stackalloc byte[CanonicalUri.MostBytes];
        if (!request.Target.IsNamedBy(ProofClaims.TextOf(claims.Htu, room))) return Refuse(ProofFault.WrongUrl, request);
        if (request.AccessToken is { } token && !IsForToken(claims, token)) return Refuse(ProofFault.WrongToken, request);
        if (ages.Judge(claims, request, out var expiresAt, out var next) is { } age) return Refuse(age, request);
        if (ProofUse.Identify(key.Thumbprint, request.Target, ProofClaims.TextOf(claims.Jti, room)) is not { } identity) return Refuse(ProofFault.BadClaim, request);
        if (!seen.TryAdd(identity)) return Refuse(ProofFault.Replayed, request);
        return new ProofVerdict.Accepted(key.Thumbprint, new ProofUse(request.Organisation, identity, expiresAt), next);
    }

    private static bool IsForMethod(in ProofClaims claims, string method)
    {
        Span<byte> expected = stackalloc byte[MostMethodBytes];
        return method.Length <= MostMethodBytes && Ascii.FromUtf16(method, expected, out var length) == OperationStatus.Done && claims.Htm.TextEquals(expected[..length]);
    }

    private static bool IsForToken(in ProofClaims claims, Sha256Value token) =>
        claims.Ath.Length > 0 && claims.Ath.TryGetPlainText(out var hash) && Sha256Value.TryParse(hash, out var named) && named == token;

    private static ProofFault FaultOf(JoseError error) => error switch
    {
        JoseError.TooLarge => ProofFault.TooLarge,
        JoseError.AlgorithmNotAllowed => ProofFault.WrongAlgorithm,
        JoseError.WrongType => ProofFault.WrongType,
        JoseError.ForbiddenHeader or JoseError.CriticalHeader => ProofFault.ForbiddenHeader,
        _ => ProofFault.Malformed,
    };

    private ProofVerdict.Refused Refuse(ProofFault fault, in ProofRequest request) =>
        new(new ProofRefusal(fault, fault == ProofFault.NonceNeeded || request.NeedsNonce ? nonces.Current(request.Organisation) : null));
}
