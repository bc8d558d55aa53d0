using System.Collections.Concurrent;
using System.Net;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;

namespace Symbolon.Gateway.Authentication;

/// <summary>
/// Tokens by the hash of their secret. The first sight of a hash costs one indexed read of the store; hashes that are in no store
/// are remembered as unknown, and reads are rationed by address. Bounded; what a rotation has replaced is dropped at once.
/// </summary>
internal sealed class TokenCache
{
    private readonly ConcurrentDictionary<TokenHash, CallerToken?> tokens = new();
    private readonly LookupAllowance allowance;
    private readonly ITokenStore store;
    private readonly int most;
    private long rotations;

    public TokenCache(ITokenStore store, Configuration configuration, GatewayOptions options, TimeProvider clock)
    {
        this.store = store;
        most = options.CachedTokens;
        allowance = new LookupAllowance(options.UnknownTokenBurst, options.UnknownTokenRefill, clock);
        configuration.TokenRotated += Forget;
    }

    /// <param name="token">Null: no such token was in the store.</param>
    /// <returns>False: this hash was not seen yet.</returns>
    public bool TryGet(TokenHash hash, out CallerToken? token) => tokens.TryGetValue(hash, out token);

    /// <summary>Whether this address may cause another read of the store.</summary>
    public bool MayLookUp(IPAddress? peer) => allowance.TryTake(peer);

    /// <summary>The look-up found a token: it counts for nothing.</summary>
    public void GiveBack(IPAddress? peer) => allowance.GiveBack(peer);

    /// <exception cref="StoreUnavailableException">Nothing can be said about this token now.</exception>
    public async ValueTask<CallerToken?> LookUpAsync(TokenHash hash, CancellationToken cancellation)
    {
        while (true)
        {
            var before = Volatile.Read(ref rotations);
            var record = await store.FindBySecretAsync(hash, cancellation);
            var token = record is null ? null : new CallerToken(record);
            Keep(hash, token);
            // A rotation while we read may have made this answer an old one.
            if (before == Volatile.Read(ref rotations)) return token is null ? null : tokens.GetValueOrDefault(hash) ?? token;
            tokens.TryRemove(hash, out _);
        }
    }

    private void Keep(TokenHash hash, CallerToken? token)
    {
        if (tokens.Count >= most) MakeRoom();
        tokens.TryAdd(hash, token);
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
        Interlocked.Increment(ref rotations);
        foreach (var (hash, token) in tokens)
        {
            if (token is null || token.Record.Id != rotation.Token) continue;
            token.Replace();
            tokens.TryRemove(hash, out _);
        }
    }
}
