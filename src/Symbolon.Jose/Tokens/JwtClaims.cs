using Symbolon.Jose.Json;

namespace Symbolon.Jose.Tokens;

/// <summary>
/// The registered claims of a JWT (RFC 7519 §4.1), each of exactly the right type. Times are whole seconds since the Unix epoch, 0 to the end
/// of the year 9999; texts are not empty and have at most 2,048 characters. Says nothing about who signed them.
/// </summary>
public sealed record JwtClaims
{
    private const long LastSecond = 253_402_300_799;
    private const int MostText = 2048;
    private const int MostAudiences = 16;

    private static readonly JsonLimits Limits = new(depth: 8, members: 1024);

    private JwtClaims() { }

    public string? Issuer { get; private init; }
    public string? Subject { get; private init; }

    /// <summary>One for a text, all for a list; empty where there is no <c>aud</c>.</summary>
    public IReadOnlyList<string> Audience { get; private init; } = [];

    /// <summary>Whether <c>aud</c> is a text and no list.</summary>
    public bool AudienceIsText { get; private init; }

    public long? ExpiresAt { get; private init; }
    public long? NotBefore { get; private init; }
    public long? IssuedAt { get; private init; }
    public string? Id { get; private init; }

    /// <summary>Reads a payload.</summary>
    /// <returns><see cref="JoseError.InvalidJson"/>, <see cref="JoseError.InvalidClaims"/> when one has the wrong type or is out of range, or None.</returns>
    public static JoseError Read(ReadOnlySpan<byte> payload, out JwtClaims? claims)
    {
        claims = null;
        if (!StrictJson.Scan(payload, Limits).Accepted || JsonValue.Root(payload) is not { Kind: JsonKind.Object } root) return JoseError.InvalidJson;
        if (!Text(root, "iss"u8, out var issuer) || !Text(root, "sub"u8, out var subject) || !Text(root, "jti"u8, out var id)
            || !Time(root, "exp"u8, out var expires) || !Time(root, "nbf"u8, out var notBefore) || !Time(root, "iat"u8, out var issued)
            || !Audiences(root, out var audience, out var isText))
            return JoseError.InvalidClaims;
        claims = new JwtClaims
        {
            Issuer = issuer,
            Subject = subject,
            Id = id,
            ExpiresAt = expires,
            NotBefore = notBefore,
            IssuedAt = issued,
            Audience = audience,
            AudienceIsText = isText,
        };
        return JoseError.None;
    }

    /// <summary>Another claim that is a text, under the same rules.</summary>
    /// <returns>False when it is there and no such text.</returns>
    public static bool Text(JsonValue root, ReadOnlySpan<byte> name, out string? value)
    {
        value = null;
        if (!root.TryGetMember(name, out var member)) return true;
        return member.Value.TryGetString(out value) && value.Length is > 0 and <= MostText;
    }

    private static bool Time(JsonValue root, ReadOnlySpan<byte> name, out long? seconds)
    {
        seconds = null;
        if (!root.TryGetMember(name, out var member)) return true;
        if (!member.Value.TryGetInt64(out var found) || found is < 0 or > LastSecond) return false;
        seconds = found;
        return true;
    }

    private static bool Audiences(JsonValue root, out IReadOnlyList<string> audience, out bool isText)
    {
        audience = [];
        isText = false;
        if (!root.TryGetMember("aud"u8, out var member)) return true;
        if (member.Value.Kind == JsonKind.String)
        {
            if (!Text(root, "aud"u8, out var only)) return false;
            (audience, isText) = ([only!], true);
            return true;
        }
        if (member.Value.Kind != JsonKind.Array) return false;
        var all = new List<string>();
        foreach (var item in member.Value.Items)
        {
            if (!item.TryGetString(out var text) || text.Length is 0 or > MostText || all.Count == MostAudiences) return false;
            all.Add(text);
        }
        audience = all;
        return all.Count > 0;
    }
}
