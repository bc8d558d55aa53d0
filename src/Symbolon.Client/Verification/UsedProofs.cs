using Symbolon.Jose;

namespace Symbolon.Client.Verification;

/// <summary>
/// Proofs that this process has seen, for longer than any of them is accepted. Bounded; when it is full, new ones are refused, since forgetting one would let it
/// be used again. No key may have more of it than is left free, so whoever floods keeps nobody else out. Time is that of a clock which nobody sets, so a wall clock that jumps back
/// revives nothing.
/// </summary>
/// <param name="most">Proofs of one of two generations, about 100 bytes each.</param>
internal sealed class UsedProofs(TimeProvider clock, int most)
{
    /// <summary>A proof is accepted for 65 seconds at most by its own time, and for 60 by a nonce; a generation takes that long, and then is kept as long again.</summary>
    public static readonly TimeSpan Generation = TimeSpan.FromSeconds(70);

    private readonly Lock gate = new();
    private HashSet<Sha256Value> young = [];
    private HashSet<Sha256Value> old = [];
    private Dictionary<Sha256Value, int> shares = [];
    private long youngSince = clock.GetTimestamp();
    private long newestOfYoung = long.MinValue, newestOfOld = long.MinValue;

    /// <summary>
    /// Seconds since the Unix epoch: of proofs that say they were made up to then, this process no longer knows whether they were used, or never knew. Those of the
    /// second in which it began count as its own: no process ends, and another one begins, within what a second has left.
    /// </summary>
    public long ForgottenUpTo { get; private set; } = clock.GetUtcNow().ToUnixTimeSeconds() - 1;

    /// <param name="issuedAt">What the proof says of itself, in seconds since the Unix epoch.</param>
    /// <param name="key">That has signed it.</param>
    public UseOfProof TryUse(Sha256Value proof, Sha256Value key, long issuedAt)
    {
        lock (gate)
        {
            Turn();
            if (old.Contains(proof)) return UseOfProof.Replay;
            if (young.Contains(proof)) return UseOfProof.Replay;
            var share = shares.GetValueOrDefault(key);
            if (share >= most - young.Count) return UseOfProof.Full;
            young.Add(proof);
            shares[key] = share + 1;
            newestOfYoung = Math.Max(newestOfYoung, issuedAt);
            return UseOfProof.First;
        }
    }

    private void Turn()
    {
        var age = clock.GetElapsedTime(youngSince);
        if (age < Generation) return;
        Forget(newestOfOld);
        if (age >= 2 * Generation) Forget(newestOfYoung);
        (old, newestOfOld) = age >= 2 * Generation ? ([], long.MinValue) : (young, newestOfYoung);
        (young, newestOfYoung, shares) = ([], long.MinValue, []);
        youngSince = clock.GetTimestamp();
    }

    private void Forget(long newest) => ForgottenUpTo = Math.Max(ForgottenUpTo, newest);
}

internal enum UseOfProof
{
    First,
    Replay,

    /// <summary>Nothing can be said, so it is not taken.</summary>
    Full,
}
