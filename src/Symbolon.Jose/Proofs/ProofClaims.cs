using Symbolon.Jose.Json;

namespace Symbolon.Jose.Proofs;

/// <summary>The claims of a proof whose signature has been verified. A value of length 0 is missing.</summary>
/// <remarks>RFC 9449 §4.2. Claims that nobody defined are ignored; <c>exp</c> and <c>nbf</c> are heeded where they stand (RFC 7519 §4.1.4, §4.1.5).</remarks>
public ref struct ProofClaims
{
    private static readonly JsonLimits Limits = new(depth: 8, members: 64);

    public JsonValue Jti { get; private set; }

    public JsonValue Htm { get; private set; }

    public JsonValue Htu { get; private set; }

    public JsonValue Ath { get; private set; }

    public JsonValue Nonce { get; private set; }

    /// <summary>Seconds since the Unix epoch.</summary>
    public long IssuedAt { get; private set; }

    public long NotBefore { get; private set; }

    public long Expires { get; private set; }

    /// <returns>False when the text is no object of strict JSON, or a claim is missing or of the wrong type.</returns>
    public static bool TryRead(ReadOnlySpan<byte> verified, out ProofClaims claims, out ProofFault fault)
    {
        claims = new ProofClaims { NotBefore = long.MinValue, Expires = long.MaxValue };
        fault = ProofFault.Malformed;
        if (!StrictJson.Scan(verified, Limits).Accepted) return false;
        var root = JsonValue.Root(verified);
        if (root.Kind != JsonKind.Object) return false;
        fault = ProofFault.BadClaim;
        var hasTime = false;
        foreach (var member in root.Members)
        {
            var value = member.Value;
            var isText = value.Kind == JsonKind.String;
            if (member.NameEquals("jti"u8)) claims.Jti = value;
            else if (member.NameEquals("htm"u8)) claims.Htm = value;
            else if (member.NameEquals("htu"u8)) claims.Htu = value;
            else if (member.NameEquals("ath"u8)) claims.Ath = value;
            else if (member.NameEquals("nonce"u8)) claims.Nonce = value;
            else if (!claims.TryTakeTime(member, ref hasTime)) return false;
            else continue;
            if (!isText) return false;
        }
        return hasTime && claims.Jti.Length > 0 && claims.Htm.Length > 0 && claims.Htu.Length > 0;
    }

    /// <summary>The characters of a text; <paramref name="room"/> is used only where it has escapes.</summary>
    /// <returns>Empty when there are more than the room holds.</returns>
    public static ReadOnlySpan<byte> TextOf(JsonValue value, Span<byte> room) =>
        value.TryGetPlainText(out var plain) ? plain : value.TryGetText(room, out var written) ? room[..written] : default;

    private bool TryTakeTime(JsonMember member, ref bool hasTime)
    {
        var isTime = member.NameEquals("iat"u8);
        if (!isTime && !member.NameEquals("nbf"u8) && !member.NameEquals("exp"u8)) return true;
        if (!member.Value.TryGetInt64(out var seconds)) return false;
        hasTime |= isTime;
        if (isTime) IssuedAt = seconds;
        else if (member.NameEquals("nbf"u8)) NotBefore = seconds;
        else Expires = seconds;
        return true;
    }
}
