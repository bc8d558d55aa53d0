using System.Text;
using Symbolon.Jose.Json;
using Symbolon.Jose.Keys;

namespace Symbolon.Jose.Signatures;

/// <summary>The header parameters that count. Those that name or carry keys never reach a caller, but <c>jwk</c> of a DPoP proof.</summary>
/// <remarks>RFC 7515 §4.1. Unknown parameters are ignored, as it demands, unless <c>crit</c> names them.</remarks>
public readonly ref struct JwsHeader
{
    private const int MostKeyIdBytes = 256;

    private JwsHeader(JwsAlgorithm algorithm, ReadOnlySpan<byte> keyId, ReadOnlySpan<byte> key)
    {
        Algorithm = algorithm;
        KeyId = keyId;
        Key = key;
    }

    public JwsAlgorithm Algorithm { get; }

    /// <summary><c>kid</c> in UTF-8; empty when there is none.</summary>
    public ReadOnlySpan<byte> KeyId { get; }

    /// <summary>The JSON of <c>jwk</c>, to be parsed by <see cref="Jwk.Parse"/>; empty unless the profile asks for one.</summary>
    public ReadOnlySpan<byte> Key { get; }

    internal static JwsHeader Known(JwsAlgorithm algorithm) => new(algorithm, default, default);

    internal static JoseError Read(ReadOnlySpan<byte> utf8, JwsProfile profile, out JwsHeader header)
    {
        header = default;
        if (!StrictJson.Scan(utf8, new JsonLimits(depth: 8, members: 64)).Accepted) return JoseError.InvalidJson;
        var root = JsonValue.Root(utf8);
        if (root.Kind != JsonKind.Object) return JoseError.InvalidJson;
        if (FindForbidden(root, profile.CarriesKey) is var forbidden and not JoseError.None) return forbidden;
        if (!root.TryGetMember("alg"u8, out var named) || named.Value.Kind != JsonKind.String) return JoseError.InvalidHeader;
        var algorithm = named.Value.TryGetPlainText(out var name) ? JwsAlgorithmNames.Find(name) : JwsAlgorithm.None;
        if (algorithm == JwsAlgorithm.None || (profile.Algorithms & algorithm) == 0) return JoseError.AlgorithmNotAllowed;
        if (CheckType(root, profile) is var type and not JoseError.None) return type;
        if (!TryReadKeyId(root, out var keyId)) return JoseError.InvalidHeader;
        ReadOnlySpan<byte> key = default;
        if (profile.CarriesKey)
        {
            if (!root.TryGetMember("jwk"u8, out var carried) || carried.Value.Kind != JsonKind.Object) return JoseError.InvalidHeader;
            key = carried.Value.Raw;
        }
        header = new(algorithm, keyId, key);
        return JoseError.None;
    }

    private static JoseError FindForbidden(JsonValue root, bool mayCarryKey)
    {
        foreach (var member in root.Members)
        {
            if (member.NameEquals("crit"u8) || member.NameEquals("b64"u8)) return JoseError.CriticalHeader;
            if (member.NameEquals("jku"u8) || member.NameEquals("x5u"u8) || member.NameEquals("x5c"u8) || member.NameEquals("zip"u8)
                || member.NameEquals("enc"u8) || member.NameEquals("cty"u8) || (!mayCarryKey && member.NameEquals("jwk"u8)))
                return JoseError.ForbiddenHeader;
        }
        return JoseError.None;
    }

    private static JoseError CheckType(JsonValue root, JwsProfile profile)
    {
        if (!root.TryGetMember("typ"u8, out var member)) return profile.TypeMayBeMissing ? JoseError.None : JoseError.WrongType;
        if (member.Value.Kind != JsonKind.String) return JoseError.InvalidHeader;
        if (!member.Value.TryGetPlainText(out var type)) return JoseError.WrongType;
        // RFC 7515 §4.1.9 lets a sender leave "application/" away, so both spellings are one type.
        if (type.StartsWith("application/"u8)) type = type["application/"u8.Length..];
        return Ascii.Equals(type, profile.Type) || (profile.OtherType is { } other && Ascii.Equals(type, other)) ? JoseError.None : JoseError.WrongType;
    }

    private static bool TryReadKeyId(JsonValue root, out ReadOnlySpan<byte> keyId)
    {
        keyId = default;
        if (!root.TryGetMember("kid"u8, out var member)) return true;
        if (member.Value.Length is <= 2 or > MostKeyIdBytes + 2) return false;
        if (member.Value.TryGetPlainText(out keyId)) return true;
        if (!member.Value.TryGetString(out var text)) return false;
        keyId = Encoding.UTF8.GetBytes(text);
        return true;
    }
}
