using System.Collections.Concurrent;
using System.Net;

namespace Symbolon.Core.Identity;

/// <summary>
/// How often one address may have something looked up that memory does not know: a bucket for each IPv4 address and each IPv6 /64.
/// At most 4096 buckets are kept; past that all further addresses share one, so that a flood costs bounded memory.
/// </summary>
public sealed class LookupAllowance(int burst, TimeSpan refill, TimeProvider clock)
{
    private const int Most = 4096;
    private readonly ConcurrentDictionary<UInt128, Bucket> buckets = new();
    private readonly Bucket shared = new();
    private readonly long ticksPerLookup = Math.Max(1, (long)(refill.TotalSeconds * clock.TimestampFrequency));

    public bool TryTake(IPAddress? peer) => BucketOf(peer).TryTake(clock.GetTimestamp(), burst, ticksPerLookup);

    /// <summary>What was taken turned out to be nothing to ration.</summary>
    public void GiveBack(IPAddress? peer) => BucketOf(peer).GiveBack(ticksPerLookup);

    private Bucket BucketOf(IPAddress? peer)
    {
        if (peer is null) return shared;
        var key = PeerNetwork.KeyOf(peer);
        if (buckets.TryGetValue(key, out var found)) return found;
        if (buckets.Count >= Most) Forget();
        return buckets.Count >= Most ? shared : buckets.GetOrAdd(key, _ => new Bucket());
    }

    /// <summary>Drops the buckets that are full again: forgetting them changes nothing.</summary>
    private void Forget()
    {
        var now = clock.GetTimestamp();
        foreach (var (key, bucket) in buckets)
            if (bucket.IsFull(now)) buckets.TryRemove(key, out _);
    }

    /// <summary>The timestamp until which the taken look-ups are paid; it never runs further ahead than the burst.</summary>
    private sealed class Bucket
    {
        private readonly Lock gate = new();
        private long paidUntil = long.MinValue;

        public bool TryTake(long now, int burst, long ticksPerLookup)
        {
            lock (gate)
            {
                var next = Math.Max(paidUntil, now) + ticksPerLookup;
                if (next - now > burst * ticksPerLookup) return false;
                paidUntil = next;
                return true;
            }
        }

        public void GiveBack(long ticksPerLookup)
        {
            // A bucket that was dropped as full and made anew has nothing to give back.
            lock (gate)
                if (paidUntil != long.MinValue) paidUntil -= ticksPerLookup;
        }

        public bool IsFull(long now)
        {
            lock (gate) return paidUntil <= now;
        }
    }
}
