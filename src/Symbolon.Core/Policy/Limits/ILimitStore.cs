namespace Symbolon.Core.Policy.Limits;

/// <summary>The counters of limits, which all nodes of one store share.</summary>
public interface ILimitStore
{
    /// <summary>Whether other nodes may use it. If not, what is open at once is not its business.</summary>
    bool IsShared { get; }

    /// <summary>Carries out the requests in one transaction, those of one counter in their order, and writes the answers into them.</summary>
    /// <param name="now">Microseconds since the Unix epoch.</param>
    /// <remarks>
    /// Throws <c>StoreUnavailableException</c> when it is not known whether anything was taken. What was given back is then gone, and what is held must be said again.
    /// </remarks>
    Task CountAsync(IReadOnlyList<LimitRequest> requests, long now);

    /// <summary>Writes into the requests what would be answered, for units that nobody holds; changes nothing.</summary>
    Task PeekAsync(IReadOnlyList<LimitRequest> requests, long now, CancellationToken cancellation);
}

/// <summary>What a node wants of one counter, and what it got. In what <see cref="LimitUse.Amount"/> counts.</summary>
public sealed class LimitRequest(LimitCounter counter)
{
    public LimitCounter Counter => counter;

    /// <summary>So many at a time: as many whole ones are granted as there are, up to <see cref="Count"/>.</summary>
    public long Unit { get; init; } = 1;

    public int Count { get; init; }

    /// <summary>Wanted beyond that, if all of it is granted and much is left then.</summary>
    public long Extra { get; init; }

    /// <summary>What the node had at hand and did not use. Of a rate no more than it holds is of use.</summary>
    public long Back { get; init; }

    /// <summary>What is open on the node: it goes on holding that, whatever was said before. Of a rate nothing.</summary>
    public long Holds { get; init; }

    /// <summary>What it says is news: to be kept even if nothing is granted.</summary>
    public bool IsDue { get; init; }

    /// <summary>The answer: units that were asked for, and what is beyond.</summary>
    public long Granted { get; set; }

    /// <summary>The answer where not all was granted: milliseconds until one unit may have flowed in; 0 where nothing flows.</summary>
    public long Wait { get; set; }
}
