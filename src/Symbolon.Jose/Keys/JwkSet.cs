using Symbolon.Jose.Json;

namespace Symbolon.Jose.Keys;

/// <summary>The public keys of an issuer (RFC 7517 §5).</summary>
public sealed class JwkSet
{
    /// <summary>Bytes of the largest set that is read.</summary>
    public const int MostBytes = 64 * 1024;

    /// <summary>Keys of the largest set that is read, those that are passed over included.</summary>
    public const int MostKeys = 100;

    private JwkSet(IReadOnlyList<Jwk> keys) => Keys = keys;

    /// <summary>The keys that can verify, in the order of the set. May be empty.</summary>
    public IReadOnlyList<Jwk> Keys { get; }

    /// <summary>
    /// Reads a set. Keys of an unsupported kind, for another use, or with members out of range are passed over (RFC 7517 §5); a private or
    /// symmetric key refuses the whole set, since whoever publishes one has lost it, and so do two keys with one <c>kid</c>.
    /// </summary>
    public static JoseError Parse(ReadOnlySpan<byte> utf8, out JwkSet? set)
    {
        set = null;
        if (utf8.Length > MostBytes) return JoseError.TooLarge;
        if (!StrictJson.Scan(utf8, new JsonLimits(depth: 6, members: 3000)).Accepted) return JoseError.InvalidJson;
        if (!JsonValue.Root(utf8).TryGetMember("keys"u8, out var list) || list.Value.Kind != JsonKind.Array) return JoseError.InvalidJson;
        var keys = new List<Jwk>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var count = 0;
        foreach (var item in list.Value.Items)
        {
            if (++count > MostKeys) return JoseError.TooLarge;
            var error = JwkReader.Read(item, out var key);
            if (error is JoseError.PrivateKey or JoseError.InvalidJson) return error;
            if (error != JoseError.None) continue;
            if (key!.KeyId is { } id && !ids.Add(id)) return JoseError.DuplicateKeyId;
            keys.Add(key);
        }
        set = new(keys);
        return JoseError.None;
    }

    /// <summary>
    /// The key of exactly this <c>kid</c>. Without one, the only key of the set that has this algorithm; null when several have, so that nobody tries
    /// key after key.
    /// </summary>
    public Jwk? Find(string? keyId, JwsAlgorithm algorithm)
    {
        Jwk? found = null;
        foreach (var key in Keys)
        {
            if (key.Algorithm != algorithm || (keyId is not null && key.KeyId != keyId)) continue;
            if (found is not null) return null;
            found = key;
        }
        return found;
    }
}
