using System.Collections.Immutable;

namespace Symbolon.Core.Keys;

/// <summary>
/// All signing keys of an organisation, in the order in which they were made. One object, so that of two nodes that rotate at once one finds the
/// other's version and yields. The states follow from the times: no write is needed for a key to become active, and no node can miss it.
/// </summary>
public sealed record SigningKeyRing
{
    public static readonly SigningKeyRing Empty = new();

    public ImmutableArray<SigningKey> Keys { get; init; } = [];

    public SigningKey? Find(string id)
    {
        foreach (var key in Keys)
            if (string.Equals(key.Id, id, StringComparison.Ordinal)) return key;
        return null;
    }

    /// <summary>The key that signs at this moment; null when there is none, and then nothing is issued.</summary>
    public SigningKey? SignerAt(long now)
    {
        SigningKey? signer = null;
        foreach (var key in Keys)
            if (!key.IsRevoked && key.ActiveFrom <= now && (signer is null || key.ActiveFrom >= signer.ActiveFrom)) signer = key;
        return signer;
    }

    public SigningKeyState StateOf(SigningKey key, long now) =>
        key.IsRevoked ? SigningKeyState.Revoked
        : key.ActiveFrom > now ? SigningKeyState.Prepared
        : SignerAt(now) == key ? SigningKeyState.Active
        : SigningKeyState.Retired;

    /// <summary>When a younger key took its place; null while none has, and none is prepared.</summary>
    public long? RetiredAt(SigningKey key)
    {
        long? retired = null;
        foreach (var later in Keys.AsSpan()[(Keys.IndexOf(key) + 1)..])
            if (!later.IsRevoked && later.ActiveFrom >= key.ActiveFrom && !(later.ActiveFrom >= retired)) retired = later.ActiveFrom;
        return retired;
    }

    /// <summary>What the key set shows: prepared and active ones, and those that some token may still be signed with.</summary>
    /// <param name="keep">Microseconds after its retirement for which a key is shown: the longest life of a token, and the tolerances.</param>
    public IEnumerable<SigningKey> PublishedAt(long now, long keep) => Keys.Where(key => !key.IsRevoked && !(RetiredAt(key) + keep <= now));
}
