using System.Collections.Concurrent;
using Symbolon.Jose;

namespace Symbolon.Core.OAuth.Proofs;

/// <summary>
/// A first look at proofs that this process has seen, so that a flood of replays does not reach the store. It may forget and it may let one through,
/// since the store decides; it never takes a new proof for an old one. Forgetting goes by number and not by time: no clock can empty it.
/// </summary>
/// <param name="most">Proofs after which the young generation becomes the old one, and the old one is forgotten; twice as many are held.</param>
internal sealed class SeenProofs(int most)
{
    private readonly Lock turning = new();
    private volatile ConcurrentDictionary<Sha256Value, bool> young = new();
    private volatile ConcurrentDictionary<Sha256Value, bool> old = new();
    private int count;

    /// <returns>False when it was seen.</returns>
    public bool TryAdd(Sha256Value proof)
    {
        if (old.ContainsKey(proof) || !young.TryAdd(proof, true)) return false;
        if (Interlocked.Increment(ref count) >= most) Turn();
        return true;
    }

    private void Turn()
    {
        lock (turning)
        {
            if (count < most) return;
            old = young;
            young = new();
            count = 0;
        }
    }
}
