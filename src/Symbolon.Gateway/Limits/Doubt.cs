using Symbolon.Core.Policy.Limits;

namespace Symbolon.Gateway.Limits;

/// <summary>What the store has said it has not: asked for again, it is refused without a trip, but for a short time only, since others may give something back.</summary>
/// <param name="From">Amounts from this one on.</param>
/// <param name="Until">Microseconds since the Unix epoch.</param>
/// <param name="RetryAt">When there may be enough if nobody gives anything back. Microseconds since the Unix epoch.</param>
internal readonly record struct Doubt(long From, long Until, long RetryAt)
{
    private const long Second = 1_000_000;

    /// <summary>A call that is open may end at any time.</summary>
    private const long OfOpenCalls = Second / 10;

    public static Doubt Of(LimitRequest request, long at)
    {
        var retryAt = request.Counter.Terms.Kind == LimitKind.Rate ? at + Math.Max(1, request.Wait) * 1000 : Of(request.Counter, at).RetryAt;
        var length = request.Counter.Terms.Kind == LimitKind.Concurrency ? OfOpenCalls : Second;
        return new Doubt(request.Unit, Math.Min(retryAt, at + length), retryAt);
    }

    public static Doubt Of(LimitCounter row, long at) => new(0, at, row.Window.End == long.MaxValue ? at + Second : row.Window.End);

    public bool Covers(long amount, long at) => amount >= From && at < Until && at >= Until - Second;

    public Doubt Join(Doubt other, long at) => other.Until > at && other.From < From ? other : this;

    /// <summary>At least 1.</summary>
    public int Seconds(long at) => (int)Math.Clamp((RetryAt - at + Second - 1) / Second, 1, int.MaxValue);
}
