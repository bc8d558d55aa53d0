namespace Symbolon.Core.Snapshot;

/// <summary>
/// Whether this node may still trust its memory: the feed confirms, at each answer of the store, that the configuration is current.
/// Past <c>maxStaleness</c> without that, calls are refused with 503: never fail open. DESIGN.md section 3.
/// </summary>
public sealed class Freshness(TimeProvider clock, TimeSpan maxStaleness)
{
    private long confirmedAt = long.MinValue;

    /// <param name="askedAt">Timestamp of <see cref="TimeProvider.GetTimestamp"/> taken before the store was asked.</param>
    public void Confirm(long askedAt) => Volatile.Write(ref confirmedAt, askedAt);

    public bool IsCurrent
    {
        get
        {
            var confirmed = Volatile.Read(ref confirmedAt);
            return confirmed != long.MinValue && clock.GetElapsedTime(confirmed) <= maxStaleness;
        }
    }
}
