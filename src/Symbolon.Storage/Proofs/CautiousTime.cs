namespace Symbolon.Storage.Proofs;

/// <summary>
/// The time for forgetting: never later than the wall clock has been, for as long as anything is remembered. A clock that jumps ahead is believed only
/// once it has stood there for longer than any proof lives, so that one that jumps back finds everything as it was. Not thread-safe.
/// </summary>
/// <param name="hold">How long a jump ahead is doubted.</param>
internal sealed class CautiousTime(TimeProvider clock, TimeSpan hold)
{
    private readonly Queue<(long Timestamp, TimeSpan Offset)> seen = new();
    private readonly long start = clock.GetTimestamp();

    /// <returns>The time, or null until the clock has been watched for long enough.</returns>
    public DateTimeOffset? Now()
    {
        var timestamp = clock.GetTimestamp();
        var elapsed = clock.GetElapsedTime(start, timestamp);
        seen.Enqueue((timestamp, clock.GetUtcNow() - DateTimeOffset.UnixEpoch - elapsed));
        // One that is older than the time of doubt stays, so that no moment of it is unwatched.
        while (seen.Count > 1 && IsOld(seen.ElementAt(1))) seen.Dequeue();
        if (!IsOld(seen.Peek())) return null;
        return DateTimeOffset.UnixEpoch + seen.Min(look => look.Offset) + elapsed;

        bool IsOld((long Timestamp, TimeSpan Offset) look) => clock.GetElapsedTime(look.Timestamp, timestamp) >= hold;
    }
}
