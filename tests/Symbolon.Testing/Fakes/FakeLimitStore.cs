using Symbolon.Core.Policy.Limits;
using Symbolon.Core.Snapshot;

namespace Symbolon.Testing.Fakes;

/// <summary>Counters in memory, shared by nodes; it can be broken, held up, and lose answers on the way.</summary>
public sealed class FakeLimitStore(bool isShared = true)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, LimitBucket> buckets = [];
    private readonly Dictionary<(string Counter, string Node), long> held = [];

    public bool IsBroken { get; set; }

    /// <summary>What it is told is done, and the answer lost.</summary>
    public bool LosesAnswers { get; set; }

    /// <summary>Answers wait for it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>How often it was asked to count, and for how many counters.</summary>
    public int Trips { get; private set; }
    public int Requests { get; private set; }

    /// <summary>What all nodes hold.</summary>
    public long Held
    {
        get { lock (gate) return buckets.Values.Sum(bucket => bucket.Held); }
    }

    public ILimitStore Node(string name = "n1") => new NodeStore(this, name);

    /// <summary>Its lease has ended.</summary>
    public void Kill(string node)
    {
        lock (gate)
            foreach (var (key, amount) in held.Where(one => one.Key.Node == node).ToList())
            {
                buckets[key.Counter] = buckets[key.Counter] with { Held = buckets[key.Counter].Held - amount };
                held.Remove(key);
            }
    }

    private async Task CountAsync(string node, IReadOnlyList<LimitRequest> requests, long now)
    {
        await Gate;
        if (IsBroken) throw new StoreUnavailableException("The test broke the store.");
        lock (gate)
        {
            (Trips, Requests) = (Trips + 1, Requests + requests.Count);
            foreach (var request in requests) Count(node, request, now / 1000);
        }
        if (LosesAnswers) throw new StoreUnavailableException("The test lost the answer.");
    }

    private void Count(string node, LimitRequest request, long now)
    {
        var key = (request.Counter.Id, node);
        var bucket = Of(request, now);
        var others = isShared ? bucket.Held - held.GetValueOrDefault(key) : 0;
        var (after, granted) = bucket.Take(request, others, now);
        (buckets[request.Counter.Id], held[key]) = (after, after.Held - others);
        Answer(request, after, granted, now);
    }

    private Task PeekAsync(IReadOnlyList<LimitRequest> requests, long now)
    {
        if (IsBroken) throw new StoreUnavailableException("The test broke the store.");
        lock (gate)
            foreach (var request in requests)
            {
                var bucket = Of(request, now / 1000);
                var (after, granted) = bucket.Take(request, isShared ? bucket.Held : 0, now / 1000);
                Answer(request, after, granted, now / 1000);
            }
        return Task.CompletedTask;
    }

    private LimitBucket Of(LimitRequest request, long now) =>
        buckets.TryGetValue(request.Counter.Id, out var known) ? known : LimitBucket.Full(request.Counter.Terms, now);

    private static void Answer(LimitRequest request, LimitBucket after, long granted, long now) =>
        (request.Granted, request.Wait) = (granted / LimitBucket.Scale(request.Counter.Terms), after.WaitFor(request, now));

    private sealed class NodeStore(FakeLimitStore store, string node) : ILimitStore
    {
        public bool IsShared => store.IsShared;

        public Task CountAsync(IReadOnlyList<LimitRequest> requests, long now) => store.CountAsync(node, requests, now);

        public Task PeekAsync(IReadOnlyList<LimitRequest> requests, long now, CancellationToken cancellation) => store.PeekAsync(requests, now);
    }

    private bool IsShared => isShared;
}
