using System.Collections.Concurrent;

namespace Symbolon.Jose.Keys;

/// <summary>
/// Imported keys by thumbprint, bounded: a second-chance clock, so that a flood of new keys turns out one another rather than those in use.
/// Finding a kept key takes no lock and allocates nothing. Keys in use outlive their place here (<see cref="VerificationKey"/>).
/// </summary>
/// <param name="capacity">Keys kept, at least 1.</param>
public sealed class VerificationKeyCache(int capacity)
{
    private readonly ConcurrentDictionary<Sha256Value, Entry> entries = new();
    private readonly Queue<Entry> clock = new();
    private readonly Lock turning = new();

    public int Count => entries.Count;

    /// <returns>The kept key of this thumbprint, else this one imported and kept; null when it cannot be imported, which is not kept.</returns>
    public VerificationKey? Get(Jwk jwk)
    {
        if (entries.TryGetValue(jwk.Thumbprint, out var kept) && kept.Key.Algorithm == jwk.Algorithm)
        {
            kept.Used = true;
            return kept.Key;
        }
        if (VerificationKey.Import(jwk) is not { } key) return null;
        lock (turning)
        {
            // The thumbprint does not cover alg: an RSA key that is published for both paddings is kept for the first one alone.
            var entry = new Entry(key);
            if (!entries.TryAdd(key.Thumbprint, entry)) return key;
            clock.Enqueue(entry);
            while (clock.Count > Math.Max(1, capacity)) Turn();
        }
        return key;
    }

    private void Turn()
    {
        var oldest = clock.Dequeue();
        if (oldest.Used)
        {
            oldest.Used = false;
            clock.Enqueue(oldest);
            return;
        }
        entries.TryRemove(oldest.Key.Thumbprint, out _);
    }

    private sealed class Entry(VerificationKey key)
    {
        public VerificationKey Key => key;

        // A lost update costs a key its second chance, no more.
        public volatile bool Used;
    }
}
