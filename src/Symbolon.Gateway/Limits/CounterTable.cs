using System.Collections.Concurrent;
using Symbolon.Core;
using Symbolon.Core.Policy.Limits;

namespace Symbolon.Gateway.Limits;

/// <summary>The counters that this node has to do with. One that is dropped is found in the store again, so a flood of keys resets nothing.</summary>
internal sealed class CounterTable(ILimitStore store, StoreTrips trips, TimeProvider clock)
{
    public const int Most = 50_000;

    private static readonly TimeSpan IdleShare = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan IdleCounter = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<CounterKey, Counter> counters = new();
    private long clearedAt = long.MinValue;
    private int count;

    public int Count => Volatile.Read(ref count);

    /// <returns>Null when there is no room: every counter of the most that there may be is in use.</returns>
    public Counter? Find(in CounterKey key, long now)
    {
        if (counters.TryGetValue(key, out var known)) return known;
        if (Count >= Most && !TryClear()) return null;
        var added = new Counter(key, store.IsShared, trips, now);
        if (!counters.TryAdd(key, added)) return counters.TryGetValue(key, out known) ? known : Find(key, now);
        Interlocked.Increment(ref count);
        return added;
    }

    public Counter? Known(in CounterKey key) => counters.GetValueOrDefault(key);

    /// <summary>Gives back what lies idle, and forgets what nobody asks for.</summary>
    public void Tidy()
    {
        var now = clock.Microseconds();
        foreach (var (_, counter) in counters)
        {
            counter.Return(now, IdleShare);
            Forget(counter, now, IdleCounter);
        }
    }

    /// <summary>Gives back everything that is at hand.</summary>
    public void ReturnAll()
    {
        foreach (var (_, counter) in counters) counter.Return(clock.Microseconds(), TimeSpan.Zero);
    }

    /// <summary>Once a second at most, since it looks at all of them.</summary>
    private bool TryClear()
    {
        var now = clock.GetTimestamp();
        var last = Interlocked.Read(ref clearedAt);
        if (last != long.MinValue && clock.GetElapsedTime(last, now) < TimeSpan.FromSeconds(1)) return false;
        if (Interlocked.CompareExchange(ref clearedAt, now, last) != last) return false;
        foreach (var (_, counter) in counters) Forget(counter, clock.Microseconds(), TimeSpan.Zero);
        return Count < Most;
    }

    private void Forget(Counter counter, long now, TimeSpan idle)
    {
        if (counter.TryRetire(now, idle) && counters.TryRemove(new KeyValuePair<CounterKey, Counter>(counter.Key, counter))) Interlocked.Decrement(ref count);
    }
}
