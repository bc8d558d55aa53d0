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
        if (token.Length > profile.MostBytes) return JoseError.TooLarge;
        if (scratch.Length < token.Length) throw new ArgumentException("Shorter than the token.", nameof(scratch));
        var first = token.IndexOf((byte)'.');
        var last = token.LastIndexOf((byte)'.');
        if (first <= 0 || last == first || last == token.Length - 1 || token[(first + 1)..last].Contains((byte)'.')) return JoseError.Malformed;
        if (first > MostHeaderBytes) return JoseError.TooLarge;
        if (!Base64Url.TryDecode(token[..first], scratch, out var header)
            || !Base64Url.TryDecode(token[(first + 1)..last], scratch[header..], out var payload)
            || !Base64Url.TryDecode(token[(last + 1)..], scratch[(header + payload)..], out var signature))
            return JoseError.Malformed;
        var error = JwsHeader.Read(scratch[..header], profile, out var read);
        if (error != JoseError.None) return error;
        jws = new(read, token[..last], scratch.Slice(header, payload), scratch.Slice(header + payload, signature));
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
