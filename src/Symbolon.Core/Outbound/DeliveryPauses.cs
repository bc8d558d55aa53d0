namespace Symbolon.Core.Outbound;

/// <summary>How long an event that could not be told waits: twice as long each time, with some chance in it, so that receivers which come back are not met by all at once.</summary>
public static class DeliveryPauses
{
    /// <summary>An event is given up when it is older.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromDays(3);

    private const int Doublings = 20;
    private static readonly TimeSpan First = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(6);

    /// <param name="attempts">That failed, at least 1.</param>
    /// <param name="chance">From 0 to 1: from four fifths of the pause to six fifths.</param>
    public static TimeSpan After(int attempts, double chance)
    {
        var pause = First * Math.Pow(2, Math.Min(attempts - 1, Doublings));
        return (pause < Longest ? pause : Longest) * (0.8 + 0.4 * chance);
    }
}
