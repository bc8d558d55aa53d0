using Symbolon.Jose.Proofs;

namespace Symbolon.Core.OAuth.Proofs;

/// <summary>
/// Checks DPoP proofs, for the token endpoint and for the gateway alike: RFC 9449 §4.3 without an exception. A request has exactly one proof, and each
/// proof is good for one request; the last word about that is the store's (<see cref="ProofUse"/>). Safe to call from many threads.
/// </summary>
public sealed class ProofValidator(ProofNonces nonces, TimeProvider clock, ProofLimits limits)
{
    /// <summary>Bytes of the largest proof.</summary>
    public const int MostBytes = ProofReader.MostBytes;

    private readonly ProofReader reader = new(limits.Keys);
    private readonly ProofAge ages = new(nonces, clock);
    private readonly SeenProofs seen = new(limits.Proofs);

    public ProofValidator(ProofNonces nonces, TimeProvider clock)
        : this(nonces, clock, new ProofLimits()) { }

    /// <param name="headers">How many <c>DPoP</c> headers the request has.</param>
    /// <param name="proof">The first of them.</param>
    public ProofVerdict Check(int headers, string? proof, in ProofRequest request)
    {
        Span<byte> room = stackalloc byte[ProofReader.Room];
        if (reader.Read(headers, proof, request.BoundTo, room, out var verified) is { } unread) return Refuse(unread, request);
        if (verified.Mismatch(request.Method, request.Target, request.AccessToken) is { } other) return Refuse(other, request);
        if (ages.Judge(verified.Claims, request, out var expiresAt, out var next) is { } age) return Refuse(age, request);
        if (verified.Identify(request.Target) is not { } identity) return Refuse(ProofFault.BadClaim, request);
        if (!seen.TryAdd(identity)) return Refuse(ProofFault.Replayed, request);
        return new ProofVerdict.Accepted(verified.Key.Thumbprint, new ProofUse(request.Organisation, identity, expiresAt), next);
    }

    private ProofVerdict.Refused Refuse(ProofFault fault, in ProofRequest request) =>
        new(new ProofRefusal(fault, fault == ProofFault.NonceNeeded || request.NeedsNonce ? nonces.Current(request.Organisation) : null));
}
