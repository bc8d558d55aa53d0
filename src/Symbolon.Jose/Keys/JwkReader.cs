using Symbolon.Jose.Json;

namespace Symbolon.Jose.Keys;

/// <summary>Reads a public JWK; see <see cref="Jwk.Parse"/> for the contract.</summary>
internal static class JwkReader
{
    public const int MostBytes = 8 * 1024;
    private const int MostKeyIdBytes = 256;
    private const int LeastModulusBits = 2048;
    private const int MostModulusBits = 4096;

    public static JoseError Read(ReadOnlySpan<byte> utf8, out Jwk? key)
    {
        key = null;
        if (utf8.Length > MostBytes) return JoseError.TooLarge;
        if (!StrictJson.Scan(utf8, new JsonLimits(depth: 4, members: 64)).Accepted) return JoseError.InvalidJson;
        return Read(JsonValue.Root(utf8), out key);
    }

    /// <param name="value">Of a text that was scanned with <see cref="MemberRule.EveryObject"/>.</param>
    public static JoseError Read(JsonValue value, out Jwk? key)
    {
        key = null;
        if (value.Kind != JsonKind.Object) return JoseError.InvalidJson;
        if (IsPrivate(value)) return JoseError.PrivateKey;
        if (JwkUse.Check(value) is var use and not JoseError.None) return use;
        if (!TryReadKeyId(value, out var id)) return JoseError.InvalidKey;
        if (!value.TryGetMember("kty"u8, out var kind) || kind.Value.Kind != JsonKind.String) return JoseError.InvalidKey;
        if (kind.Value.TextEquals("EC"u8)) return ReadCurve(value, id, out key);
        return kind.Value.TextEquals("RSA"u8) ? ReadRsa(value, id, out key) : JoseError.UnsupportedKey;
    }

    // Whatever the kind of key: a member of this name is a secret that was published.
    private static bool IsPrivate(JsonValue value)
    {
        foreach (var member in value.Members)
        {
            if (member.NameEquals("d"u8) || member.NameEquals("p"u8) || member.NameEquals("q"u8) || member.NameEquals("dp"u8)
                || member.NameEquals("dq"u8) || member.NameEquals("qi"u8) || member.NameEquals("oth"u8) || member.NameEquals("k"u8)
                || member.NameEquals("priv"u8))
                return true;
        }
        return value.TryGetMember("kty"u8, out var kind) && kind.Value.TextEquals("oct"u8);
    }

    private static bool TryReadKeyId(JsonValue value, out string? id)
    {
        id = null;
        if (!value.TryGetMember("kid"u8, out var member)) return true;
        return member.Value.Length is > 2 and <= MostKeyIdBytes + 2 && member.Value.TryGetString(out id);
    }

    private static JoseError ReadCurve(JsonValue value, string? id, out Jwk? key)
    {
        key = null;
        if (!value.TryGetMember("crv"u8, out var curve) || curve.Value.Kind != JsonKind.String) return JoseError.InvalidKey;
        var algorithm = curve.Value.TextEquals("P-256"u8) ? JwsAlgorithm.ES256
            : curve.Value.TextEquals("P-384"u8) ? JwsAlgorithm.ES384 : JwsAlgorithm.None;
        if (algorithm == JwsAlgorithm.None) return JoseError.UnsupportedKey;
        if (value.TryGetMember("alg"u8, out var named) && !named.Value.TextEquals(algorithm == JwsAlgorithm.ES256 ? "ES256"u8 : "ES384"u8))
            return JoseError.UnsupportedKey;
        // The full length of the field, leading zeros included (RFC 7518 §6.2.1.2).
        var size = algorithm == JwsAlgorithm.ES256 ? 32 : 48;
        if (Bytes(value, "x"u8) is not { } x || x.Length != size || Bytes(value, "y"u8) is not { } y || y.Length != size) return JoseError.InvalidKey;
        key = new(algorithm, x, y, id);
        return JoseError.None;
    }

    private static JoseError ReadRsa(JsonValue value, string? id, out Jwk? key)
    {
        key = null;
        var algorithm = JwsAlgorithm.RS256;
        if (value.TryGetMember("alg"u8, out var named))
        {
            algorithm = named.Value.TextEquals("RS256"u8) ? JwsAlgorithm.RS256
                : named.Value.TextEquals("PS256"u8) ? JwsAlgorithm.PS256 : JwsAlgorithm.None;
            if (algorithm == JwsAlgorithm.None) return JoseError.UnsupportedKey;
        }
        if (Bytes(value, "n"u8) is not { } modulus || Bytes(value, "e"u8) is not { } exponent) return JoseError.InvalidKey;
        if (!IsModulus(modulus) || !IsExponent(exponent)) return JoseError.InvalidKey;
        key = new(algorithm, modulus, exponent, id);
        return JoseError.None;
    }

    // The fewest octets (RFC 7518 §2, Base64urlUInt), or one key would have several thumbprints.
    private static bool IsModulus(ReadOnlySpan<byte> modulus)
    {
        if (modulus.Length is 0 or > MostModulusBits / 8 || modulus[0] == 0 || (modulus[^1] & 1) == 0) return false;
        var bits = (modulus.Length * 8) - byte.LeadingZeroCount(modulus[0]);
        return bits >= LeastModulusBits && !RocaKeys.Includes(modulus);
    }

    // 65537 at least (NIST SP 800-56B §6.2), and below 2^32: an exponent of thousands of bits makes verifying slow at will.
    private static bool IsExponent(ReadOnlySpan<byte> exponent)
    {
        if (exponent.Length is < 3 or > 4 || exponent[0] == 0 || (exponent[^1] & 1) == 0) return false;
        return exponent.Length == 4 || (exponent[0] << 16 | exponent[1] << 8 | exponent[2]) >= 65537;
    }

    private static byte[]? Bytes(JsonValue value, ReadOnlySpan<byte> name) =>
        value.TryGetMember(name, out var member) && member.Value.TryGetPlainText(out var digits) ? Base64Url.Decode(digits) : null;
}
