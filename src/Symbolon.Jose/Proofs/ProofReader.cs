using System.Buffers;
using System.Text;
using Symbolon.Jose.Keys;
using Symbolon.Jose.Signatures;
using Symbolon.Jose.Tokens;

namespace Symbolon.Jose.Proofs;

/// <summary>
/// Reads DPoP proofs and verifies their signatures: the part of RFC 9449 §4.3 that looks at nothing but the proof and the key that it must be of. Safe to
/// call from many threads.
/// </summary>
/// <param name="most">Imported keys, and headers of proofs, that are kept, some kilobytes each; past it the oldest go.</param>
public sealed class ProofReader(int most)
{
    /// <summary>Bytes of the largest proof.</summary>
    public const int MostBytes = 4 * 1024;

    /// <summary>Bytes that reading needs.</summary>
    public const int Room = 2 * MostBytes;

    private readonly VerificationKeyCache keys = new(most);
    private readonly KnownHeaders known = new(most);

    /// <param name="headers">How many <c>DPoP</c> headers the request has.</param>
    /// <param name="proof">The first of them.</param>
    /// <param name="boundTo">Thumbprint of the only key that will do; null where a key is shown for the first time.</param>
    /// <param name="room">At least <see cref="Room"/> bytes, in which the proof is then read.</param>
    /// <returns>Null when the proof is in form and signed by the key in it.</returns>
    public ProofFault? Read(int headers, string? proof, Sha256Value? boundTo, Span<byte> room, out VerifiedProof verified)
    {
        verified = default;
        if (headers == 0 || string.IsNullOrEmpty(proof)) return ProofFault.Missing;
        if (headers > 1) return ProofFault.Several;
        if (proof.Length > MostBytes) return ProofFault.TooLarge;
        if (Ascii.FromUtf16(proof, room[..MostBytes], out var length) != OperationStatus.Done) return ProofFault.Malformed;
        ReadOnlySpan<byte> ascii = room[..length];
        var scratch = room[MostBytes..];
        var found = known.Find(proof);
        var fault = found is null ? ReadNew(ascii, scratch, boundTo, out var jws, out var key) : ReadKnown(ascii, scratch, boundTo, found, out jws, out key);
        if (fault is not null) return fault;
        if (jws.Verify(key!, out var payload) != JoseError.None) return ProofFault.BadSignature;
        if (found is null) known.Add(proof, key!);
        if (!ProofClaims.TryRead(payload, out var claims, out var wrong)) return wrong;
        verified = new(key!, claims);
        return null;
    }

    private ProofFault? ReadNew(ReadOnlySpan<byte> proof, Span<byte> scratch, Sha256Value? boundTo, out Jws jws, out VerificationKey? key)
    {
        key = null;
        if (Jws.Read(proof, TokenProfiles.DPoPProof, scratch, out jws) is var error and not JoseError.None) return FaultOf(error);
        if (Jwk.Parse(jws.Header.Key, out var jwk) != JoseError.None || jwk!.Algorithm != jws.Header.Algorithm) return ProofFault.BadKey;
        // Before the costly part: with a token, only its own key is worth a look.
        if (boundTo is { } bound && bound != jwk.Thumbprint) return ProofFault.WrongKey;
        key = keys.Get(jwk);
        return key is null ? ProofFault.BadKey : null;
    }

    private static ProofFault? ReadKnown(
        ReadOnlySpan<byte> proof, Span<byte> scratch, Sha256Value? boundTo, VerificationKey known, out Jws jws, out VerificationKey? key)
    {
        key = known;
        if (Jws.ReadBehindKnownHeader(proof, TokenProfiles.DPoPProof, known.Algorithm, scratch, out jws) is var error and not JoseError.None) return FaultOf(error);
        return boundTo is { } bound && bound != known.Thumbprint ? ProofFault.WrongKey : null;
    }

    private static ProofFault FaultOf(JoseError error) => error switch
    {
        JoseError.TooLarge => ProofFault.TooLarge,
        JoseError.AlgorithmNotAllowed => ProofFault.WrongAlgorithm,
        JoseError.WrongType => ProofFault.WrongType,
        JoseError.ForbiddenHeader or JoseError.CriticalHeader => ProofFault.ForbiddenHeader,
        _ => ProofFault.Malformed,
    };
}
