using Symbolon.Jose.Keys;

namespace Symbolon.Jose.Signatures;

/// <summary>
/// A JWS in compact form whose shape and header were accepted, and whose signature is still to be verified (RFC 7515 §5.2). Lives in the token's bytes and
/// the caller's scratch; reading and verifying allocate nothing of their own, but for a <c>kid</c> with escapes.
/// </summary>
public readonly ref struct Jws
{
    private const int MostHeaderBytes = 4 * 1024;

    private readonly ReadOnlySpan<byte> signed;
    private readonly ReadOnlySpan<byte> payload;
    private readonly ReadOnlySpan<byte> signature;

    private Jws(JwsHeader header, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> signature)
    {
        Header = header;
        this.signed = signed;
        this.payload = payload;
        this.signature = signature;
    }

    /// <summary>What the header says, to select the key with; nobody has vouched for it yet.</summary>
    public JwsHeader Header { get; }

    /// <summary>The payload before anybody has vouched for it: for finding the issuer whose key to ask for, nothing else.</summary>
    public ReadOnlySpan<byte> UnverifiedPayload => payload;

    /// <summary>Reads the three parts and the header. Never throws on any token.</summary>
    /// <param name="scratch">At least as long as the token.</param>
    /// <exception cref="ArgumentException">The scratch is shorter than a token that the profile admits.</exception>
    public static JoseError Read(ReadOnlySpan<byte> token, JwsProfile profile, Span<byte> scratch, out Jws jws)
    {
        jws = default;
        if (Split(token, profile, scratch, out var first, out var last) is var split and not JoseError.None) return split;
        if (!Base64Url.TryDecode(token[..first], scratch, out var header)) return JoseError.Malformed;
        if (ReadBody(token, first, last, scratch[header..], out var payload, out var signature) is var body and not JoseError.None) return body;
        var error = JwsHeader.Read(scratch[..header], profile, out var read);
        if (error != JoseError.None) return error;
        jws = new(read, token[..last], payload, signature);
        return JoseError.None;
    }

    /// <summary>
    /// Reads a token whose header is byte for byte that of another one, which was read under this profile and accepted: a client says the same of all its
    /// proofs. The header then tells its algorithm and nothing else.
    /// </summary>
    /// <inheritdoc cref="Read"/>
    /// <param name="algorithm">The accepted header's.</param>
    public static JoseError ReadBehindKnownHeader(ReadOnlySpan<byte> token, JwsProfile profile, JwsAlgorithm algorithm, Span<byte> scratch, out Jws jws)
    {
        jws = default;
        if (Split(token, profile, scratch, out var first, out var last) is var split and not JoseError.None) return split;
        if (ReadBody(token, first, last, scratch, out var payload, out var signature) is var body and not JoseError.None) return body;
        jws = new(JwsHeader.Known(algorithm), token[..last], payload, signature);
        return JoseError.None;
    }

    private static JoseError Split(ReadOnlySpan<byte> token, JwsProfile profile, Span<byte> scratch, out int first, out int last)
    {
        first = last = 0;
        if (token.Length > profile.MostBytes) return JoseError.TooLarge;
        if (scratch.Length < token.Length) throw new ArgumentException("Shorter than the token.", nameof(scratch));
        first = token.IndexOf((byte)'.');
        last = token.LastIndexOf((byte)'.');
        if (first <= 0 || last == first || last == token.Length - 1 || token[(first + 1)..last].Contains((byte)'.')) return JoseError.Malformed;
        return first > MostHeaderBytes ? JoseError.TooLarge : JoseError.None;
    }

    private static JoseError ReadBody(
        ReadOnlySpan<byte> token, int first, int last, Span<byte> scratch, out ReadOnlySpan<byte> payload, out ReadOnlySpan<byte> signature)
    {
        payload = signature = default;
        if (!Base64Url.TryDecode(token[(first + 1)..last], scratch, out var length)) return JoseError.Malformed;
        if (!Base64Url.TryDecode(token[(last + 1)..], scratch[length..], out var rest)) return JoseError.Malformed;
        payload = scratch[..length];
        signature = scratch.Slice(length, rest);
        return JoseError.None;
    }

    /// <returns><see cref="JoseError.KeyMismatch"/> unless the key is one of the header's algorithm, <see cref="JoseError.InvalidSignature"/>, or None.</returns>
    /// <param name="verified">The payload, empty unless verified.</param>
    public JoseError Verify(VerificationKey key, out ReadOnlySpan<byte> verified)
    {
        verified = default;
        if (key.Algorithm != Header.Algorithm) return JoseError.KeyMismatch;
        if (!key.Verify(signed, signature)) return JoseError.InvalidSignature;
        verified = payload;
        return JoseError.None;
    }
}
