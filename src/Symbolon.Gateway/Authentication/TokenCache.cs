using System.Collections.Concurrent;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;

namespace Symbolon.Gateway.Authentication;

/// <summary>
/// Tokens by the hash of their secret; hashes that are in no store are remembered as unknown. Bounded; what a rotation has replaced is
/// dropped at once. Revocations are no business of this table: they are asked for at every request.
/// </summary>
internal sealed class TokenCache
{
    private readonly ConcurrentDictionary<TokenHash, CallerToken?> tokens = new();
    private readonly Lock gate = new();
    private readonly int most;
    private long rotations;

    public TokenCache(Configuration configuration, GatewayOptions options)
    {
        most = options.CachedTokens;
        configuration.TokenRotated += Forget;
    }

    /// <summary>Rotations seen so far; taken before the store is read, for <see cref="TryKeep"/>.</summary>
    public long Rotations => Volatile.Read(ref rotations);

    /// <param name="token">Null: no such token was in the store.</param>
    /// <returns>False: this hash was not seen yet.</returns>
    public bool TryGet(TokenHash hash, out CallerToken? token) => tokens.TryGetValue(hash, out token);

    /// <summary>Remembers what was read, unless a rotation since then may have made it an old answer: that must be seen by nobody.</summary>
    /// <param name="before"><see cref="Rotations"/> before the read.</param>
    /// <returns>False: read again.</returns>
    public bool TryKeep(TokenHash hash, CallerToken? token, long before)
    {
        if (tokens.Count >= most) MakeRoom();
        lock (gate)
        {
            if (before != rotations) return false;
            tokens[hash] = token;
            return true;
        }
    }

    /// <summary>Drops a quarter, unknown ones first: what is still in use costs one read each to come back.</summary>
    private void MakeRoom()
    {
        var target = most - most / 4;
        foreach (var (hash, token) in tokens)
            if (token is null) tokens.TryRemove(hash, out _);
        foreach (var (hash, _) in tokens)
        {
            if (tokens.Count <= target) return;
            tokens.TryRemove(hash, out _);
        }
    }

    private void Forget(TokenRotation rotation)
    {
        // Counted first: what is kept from here on was read behind the rotation, and what was kept before is found below.
        lock (gate) Volatile.Write(ref rotations, rotations + 1);
        foreach (var (hash, token) in tokens)
        {
            if (token is null || token.Record.Id != rotation.Token) continue;
            token.Replace();
            tokens.TryRemove(hash, out _);
        }
    }
}
