using System.Net;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;

namespace Symbolon.Gateway.Authentication;

/// <summary>
/// First sights of tokens. Whoever asks for one hash while it is being read shares that one indexed read of the store, and the one
/// ration of the address that came first: the connections of a client that starts show one token at once, and are no flood. After a start every caller
/// behind one address is new at once: those above its ration wait for the reads of that address under way, which cost it nothing when they find a token. At most
/// 1024 reads are under way, each as long as the store takes to answer or to fail.
/// </summary>
internal sealed class TokenLookups(TokenCache tokens, ITokenStore store, GatewayOptions options, TimeProvider clock)
{
    private const int Most = 1024;

    /// <summary>Of one address, so that one cannot take the places of all.</summary>
    private const int MostInLine = 512;
    private const int MostInLines = 4096;

    private readonly Lock gate = new();
    private readonly Dictionary<TokenHash, TaskCompletionSource<LookUp>> underWay = [];
    private readonly Dictionary<UInt128, Line> lines = [];
    private readonly LookupAllowance allowance = new(options.UnknownTokenBurst, options.UnknownTokenRefill, clock);
    private int inLines;

    /// <summary>
    /// What the store says about a hash. Fails for all who wait with <see cref="StoreUnavailableException"/> when nothing can be said now; that is not
    /// remembered. Each waits with its own cancellation, the read goes on for the others.
    /// </summary>
    public Task<LookUp> JoinAsync(TokenHash hash, IPAddress peer)
    {
        TaskCompletionSource<LookUp> waiting;
        lock (gate)
        {
            if (underWay.TryGetValue(hash, out var running)) return running.Task;
            // A read is kept before it leaves the table: one that ended since the caller looked is found here.
            if (tokens.TryGet(hash, out var known)) return Task.FromResult(new LookUp(known, IsRationed: false));
            var network = PeerNetwork.KeyOf(peer);
            var line = lines.GetValueOrDefault(network);
            var mayRead = underWay.Count - inLines < Most && line is not { Waiting.Count: > 0 } && allowance.TryTake(peer);
            if (!mayRead && (line is null || line.Waiting.Count >= MostInLine || inLines >= MostInLines)) return Task.FromResult(LookUp.Rationed);
            underWay[hash] = waiting = new TaskCompletionSource<LookUp>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!mayRead)
            {
                line!.Waiting.Enqueue(hash);
                inLines++;
                return waiting.Task;
            }
            line ??= lines[network] = new Line();
            line.Reads++;
        }
        _ = AnswerAsync(hash, peer, waiting);
        return waiting.Task;
    }

    private async Task AnswerAsync(TokenHash hash, IPAddress peer, TaskCompletionSource<LookUp> waiting)
    {
        try
        {
            var token = await ReadAsync(hash);
            // Only those that are in no store are rationed.
            if (token is not null) allowance.GiveBack(peer);
            Leave(hash, peer, fault: null);
            waiting.SetResult(new LookUp(token, IsRationed: false));
        }
        catch (Exception e)
        {
            // Whoever asks next asks the store again, and a store that is away is nobody's flood.
            allowance.GiveBack(peer);
            Leave(hash, peer, e);
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

    /// <summary>Who waited behind this read goes on as far as the ration lets them; behind the last read of an address nobody waits any more.</summary>
    /// <param name="fault">Why the store said nothing: whoever waits in line gets the same answer.</param>
    private void Leave(TokenHash hash, IPAddress peer, Exception? fault)
    {
        List<(TokenHash Hash, TaskCompletionSource<LookUp> Waiting)> next = [], refused = [];
        lock (gate)
        {
            underWay.Remove(hash);
            var network = PeerNetwork.KeyOf(peer);
            var line = lines[network];
            line.Reads--;
            while (fault is null && line.Waiting.Count > 0 && underWay.Count - inLines < Most && allowance.TryTake(peer))
            {
                next.Add(Take(line));
                line.Reads++;
            }
            while (line is { Reads: 0, Waiting.Count: > 0 })
            {
                refused.Add(Take(line));
                underWay.Remove(refused[^1].Hash);
            }
            if (line.Reads == 0) lines.Remove(network);
        }
        foreach (var (_, waiting) in refused)
        {
            if (fault is null) waiting.SetResult(LookUp.Rationed);
            else waiting.SetException(fault);
        }
        foreach (var (waited, waiting) in next) _ = AnswerAsync(waited, peer, waiting);
    }

    private (TokenHash Hash, TaskCompletionSource<LookUp> Waiting) Take(Line line)
    {
        inLines--;
        var hash = line.Waiting.Dequeue();
        return (hash, underWay[hash]);
    }

    /// <summary>Of one address with reads under way.</summary>
    private sealed class Line
    {
        public int Reads { get; set; }

        public Queue<TokenHash> Waiting { get; } = [];
    }
}

/// <summary>What came of a look-up.</summary>
/// <param name="Token">Null when the store does not know it.</param>
/// <param name="IsRationed">The address may not cause another read now.</param>
internal readonly record struct LookUp(CallerToken? Token, bool IsRationed)
{
    public static readonly LookUp Rationed = new(null, IsRationed: true);
}
