namespace Symbolon.Cel.Values;

/// <summary>Counts what an evaluation costs, and ends it where it costs too much.</summary>
public class CelMeter
{
    private long left;

    /// <summary>It has cost more than it may.</summary>
    public bool IsSpent => left < 0;

    internal void Start(long limit) => left = limit;

    /// <returns>False when it costs too much: what would be done is left, and the value is an error.</returns>
    internal bool Charge(long cost) => (left -= cost) >= 0;

    /// <summary>For looking at, copying or making so many bytes.</summary>
    internal bool ChargeBytes(long bytes) => Charge(1 + (bytes >> 4));
}
