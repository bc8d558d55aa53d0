using System.Text;

namespace Symbolon.Jose.Keys;

/// <summary>
/// A public key that verifies: EC P-256 or P-384, or RSA (RFC 7517, RFC 7518 §6). It is good for exactly one algorithm. Parsed does not
/// mean usable: whether a point lies on its curve is found when the key is imported (<see cref="VerificationKey.Import"/>).
/// </summary>
public sealed class Jwk
{
    internal Jwk(JwsAlgorithm algorithm, byte[] first, byte[] second, string? keyId)
    {
        Algorithm = algorithm;
        First = first;
        Second = second;
        KeyId = keyId;
        Thumbprint = Sha256Value.Of(Encoding.ASCII.GetBytes(RequiredMembers()));
    }

    /// <summary>The one algorithm of this key: by its curve; for RSA its <c>alg</c>, or RS256 where it names none.</summary>
    public JwsAlgorithm Algorithm { get; }

    /// <summary><c>kid</c> as its owner wrote it, at most 256 bytes; null when there is none.</summary>
    public string? KeyId { get; }

    /// <summary>SHA-256 over the required members in lexicographic order (RFC 7638 §3): the identity of the key.</summary>
    public Sha256Value Thumbprint { get; }

    /// <summary>x, or the modulus.</summary>
    internal byte[] First { get; }

    /// <summary>y, or the exponent.</summary>
    internal byte[] Second { get; }

    internal bool IsRsa => Algorithm is JwsAlgorithm.RS256 or JwsAlgorithm.PS256;

    /// <summary>Reads one public key, strictly.</summary>
    /// <param name="utf8">One JSON object of at most 8 KiB.</param>
    /// <param name="key">The key, or null when it is refused.</param>
    /// <returns>
    /// <see cref="JoseError.None"/>, or why not: <see cref="JoseError.PrivateKey"/> for any private or symmetric member, with any kind of key;
    /// <see cref="JoseError.UnsupportedKey"/>; <see cref="JoseError.InvalidKey"/>; <see cref="JoseError.KeyUseNotAllowed"/>.
    /// </returns>
    /// <remarks>RFC 7517 §4; RFC 7518 §6.2.1 and §6.3.1. Members that nobody defined are ignored (RFC 7517 §4).</remarks>
    public static JoseError Parse(ReadOnlySpan<byte> utf8, out Jwk? key) => JwkReader.Read(utf8, out key);

    /// <summary>The key with <c>kid</c>, <c>use</c> and <c>alg</c>, as a JWKS carries it.</summary>
    public string ToJson()
    {
        var id = KeyId ?? Thumbprint.ToString();
        return $"{RequiredMembers()[..^1]},\"kid\":\"{System.Text.Json.JsonEncodedText.Encode(id)}\",\"use\":\"sig\",\"alg\":\"{Algorithm}\"}}";
    }

    /// <summary>The required members alone: what RFC 7638 hashes, and what a DPoP proof carries (RFC 9449 §4.2).</summary>
    public string RequiredMembers() => IsRsa
        ? $$"""{"e":"{{Base64Url.Encode(Second)}}","kty":"RSA","n":"{{Base64Url.Encode(First)}}"}"""
        : $$"""{"crv":"{{(Algorithm == JwsAlgorithm.ES256 ? "P-256" : "P-384")}}","kty":"EC","x":"{{Base64Url.Encode(First)}}","y":"{{Base64Url.Encode(Second)}}"}""";
}
