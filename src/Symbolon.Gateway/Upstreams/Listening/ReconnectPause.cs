namespace Symbolon.Gateway.Upstreams.Listening;

/// <summary>
/// How long to wait before a stream is opened again: 1 s after one that stood for a while, doubled with each that did not up to 1 min,
/// 10 min where none is offered. Each is shortened by up to a quarter, so that nodes and servers that lost their streams together do
/// not come back together.
/// </summary>
/// <param name="random">From 0 to 1.</param>
internal sealed class ReconnectPause(Func<double> random)
{
    private const double Spread = 0.25;

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Refused = TimeSpan.FromMinutes(10);

    /// <summary>A stream that stood for so long has not failed.</summary>
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(10);

    private int failures;

    /// <param name="stood">From the first try to the end.</param>
    public TimeSpan After(ListeningEnd end, TimeSpan stood)
    {
        if (end == ListeningEnd.NotOffered)
        {
            failures = 0;
            return Spreading(Refused);
        }
        failures = end == ListeningEnd.Ended && stood >= Steady ? 0 : failures + 1;
        return Spreading(TimeSpan.FromTicks(Math.Min(Longest.Ticks, Shortest.Ticks << Math.Clamp(failures - 1, 0, 20))));
    }

    private TimeSpan Spreading(TimeSpan pause) => pause * (1 - Spread * random());
}

/// <summary>How a try to listen ended.</summary>
internal enum ListeningEnd
{
    /// <summary>There was a stream, and it is over.</summary>
    Ended,

    /// <summary>The server has no such stream.</summary>
    NotOffered,

    /// <summary>It could not be had now.</summary>
    Failed,
}
