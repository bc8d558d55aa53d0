using System.Net;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;

namespace Symbolon.Gateway.Authentication;

/// <summary>
/// First sights of tokens. Whoever asks for one hash while it is being read shares that one indexed read of the store, and the one
/// ration of the address that came first: the connections of a client that starts show one token at once, and are no flood. At most
/// 1024 reads are under way, each as long as the store takes to answer or to fail.
/// </summary>
internal sealed class TokenLookups(TokenCache tokens, ITokenStore store, GatewayOptions options, TimeProvider clock)
{
    private const int Most = 1024;
    private readonly Lock gate = new();
    private readonly Dictionary<TokenHash, TaskCompletionSource<CallerToken?>> underWay = [];
    private readonly LookupAllowance allowance = new(options.UnknownTokenBurst, options.UnknownTokenRefill, clock);

    /// <summary>
    /// What the store says about a hash: null when it does not know it. Fails for all who wait with
    /// <see cref="StoreUnavailableException"/> when nothing can be said now; that is not remembered. Each waits with its own cancellation,
    /// the read goes on for the others.
    /// </summary>
    /// <returns>Null: this address may not cause another read now.</returns>
    public Task<CallerToken?>? Join(TokenHash hash, IPAddress? peer)
    {
        TaskCompletionSource<CallerToken?> waiting;
        lock (gate)
        {
            if (underWay.TryGetValue(hash, out var running)) return running.Task;
            // A read is kept before it leaves the table: one that ended since the caller looked is found here.
            if (tokens.TryGet(hash, out var known)) return Task.FromResult(known);
            if (underWay.Count >= Most || !allowance.TryTake(peer)) return null;
            underWay[hash] = waiting = new TaskCompletionSource<CallerToken?>(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        _ = AnswerAsync(hash, peer, waiting);
        return waiting.Task;
    }

    private async Task AnswerAsync(TokenHash hash, IPAddress? peer, TaskCompletionSource<CallerToken?> waiting)
    {
        try
        {
            var token = await ReadAsync(hash);
            // After a start every caller behind one address is new at once; only those that are in no store are rationed.
            if (token is not null) allowance.GiveBack(peer);
            Leave(hash);
            waiting.SetResult(token);
        }
        catch (Exception e)
        {
            // Whoever asks next asks the store again.
            Leave(hash);
            waiting.SetException(e);
        }
    }

    private async Task<CallerToken?> ReadAsync(TokenHash hash)
    {
        while (true)
        {
            var before = tokens.Rotations;
            var record = await store.FindBySecretAsync(hash, CancellationToken.None);
            var token = record is null ? null : new CallerToken(record);
            if (tokens.TryKeep(hash, token, before)) return token;
        }
    }

    private void Leave(TokenHash hash)
    {
        lock (gate) underWay.Remove(hash);
    }
}
