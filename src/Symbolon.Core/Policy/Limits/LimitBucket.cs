namespace Symbolon.Core.Policy.Limits;

/// <summary>
/// The state of one counter. A rate is kept in parts, as many to a call as its period has milliseconds, so that what flows in a millisecond is whole and
/// nothing is lost; everything else in what is counted. What is left and what nodes hold is never more than the limit together.
/// </summary>
/// <param name="Left">What nobody has. For what is open at once it says nothing: what is not held is left.</param>
/// <param name="Held">What nodes have at hand of a rate, or open.</param>
/// <param name="At">Milliseconds since the Unix epoch, up to which the flow of a rate is in <paramref name="Left"/>.</param>
public readonly record struct LimitBucket(long Left, long Held, long At)
{
    /// <summary>
    /// A row that is further ahead than this was written by a clock that was wrong: the flow goes on from now. Nearer ones wait until they are reached, so
    /// that clocks that differ let nothing flow twice. Milliseconds.
    /// </summary>
    public const long MostAhead = 600_000;

    /// <summary>Of what is left, the part that a node may take beyond what it needs now.</summary>
    public const long ShareOfRest = 16;

    public static LimitBucket Full(LimitTerms terms, long now) => new(Capacity(terms), 0, now);

    public static long Scale(LimitTerms terms) => terms.Kind != LimitKind.Rate ? 1 : terms.Period switch
    {
        LimitPeriod.Second => 1_000,
        LimitPeriod.Minute => 60_000,
        LimitPeriod.Hour => 3_600_000,
        _ => 86_400_000,
    };

    public static long Capacity(LimitTerms terms) => terms.Capacity * Scale(terms);

    /// <summary>In a millisecond.</summary>
    public static long Flow(LimitTerms terms) => terms.Kind == LimitKind.Rate ? terms.Count : 0;

    /// <summary>Milliseconds after which an empty one is full for sure, so that no product of flow and time overflows.</summary>
    public static long FillTime(LimitTerms terms) => terms.Kind == LimitKind.Rate ? Capacity(terms) / terms.Count + 1 : 0;

    /// <summary>What a request finds to take from, in parts.</summary>
    /// <param name="others">Held by other nodes.</param>
    public long Free(LimitRequest request, long others, long now)
    {
        var terms = request.Counter.Terms;
        var elapsed = now > At ? Math.Min(now - At, FillTime(terms)) : 0;
        var inflow = Math.Min(Capacity(terms) - Held, Left + Flow(terms) * elapsed);
        return Math.Min(Capacity(terms) - others - request.Holds * Scale(terms), inflow + BackOf(request));
    }

    /// <returns>The state afterwards, and what was granted, in parts.</returns>
    public (LimitBucket After, long Granted) Take(LimitRequest request, long others, long now)
    {
        var (free, asked, unit) = (Free(request, others, now), AskedOf(request), UnitOf(request));
        var grain = GrainOf(request.Counter.Terms);
        var granted = free >= asked ? asked + Math.Min(ExtraOf(request), (free - asked) / ShareOfRest) / grain * grain : free <= 0 ? 0 : free / unit * unit;
        var held = request.Counter.Terms.Kind switch
        {
            LimitKind.Concurrency => granted,
            LimitKind.Rate => Math.Max(0, granted - asked),
            _ => 0,
        };
        var at = At > now + MostAhead ? now : Math.Max(At, now);
        return (new LimitBucket(free - granted, others + request.Holds * Scale(request.Counter.Terms) + held, at), granted);
    }

    public static long AskedOf(LimitRequest request) => request.Unit * request.Count * Scale(request.Counter.Terms);

    /// <summary>At least 1: one divides by it.</summary>
    public static long UnitOf(LimitRequest request) => Math.Max(1, request.Unit * Scale(request.Counter.Terms));

    public static long ExtraOf(LimitRequest request) => request.Extra * Scale(request.Counter.Terms);

    /// <summary>Of what is open at once all that is not held is back.</summary>
    public static long BackOf(LimitRequest request) =>
        request.Counter.Terms.Kind == LimitKind.Concurrency ? Capacity(request.Counter.Terms) : request.Back * Scale(request.Counter.Terms);

    /// <summary>Of what is beyond the need; whole calls.</summary>
    public static long GrainOf(LimitTerms terms) => Scale(terms);

    /// <summary>Milliseconds from <paramref name="now"/> on until a rate has one unit, if nobody takes from it; 0 where nothing flows.</summary>
    public long WaitFor(LimitRequest request, long now)
    {
        var flow = Flow(request.Counter.Terms);
        if (flow == 0) return 0;
        var missing = Math.Max(0, UnitOf(request) - Left);
        return (missing + flow - 1) / flow + Math.Max(0, At - now);
    }
}
