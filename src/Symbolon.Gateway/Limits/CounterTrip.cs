using Symbolon.Core.Policy.Limits;

namespace Symbolon.Gateway.Limits;

/// <summary>What a counter sends to the store at once: those who wait, in their order, in one request for each run of equal amounts.</summary>
internal sealed class CounterTrip(Counter counter, LimitCounter row)
{
    private const int MostTakes = 1000;
    private const int MostRuns = 64;

    private readonly List<WaitingTake> loaded = [];
    private readonly List<LimitRequest> requests = [];
    private int runs;

    public Counter Counter => counter;

    /// <summary>The row as it was when the trip began.</summary>
    public LimitCounter Row => row;

    public IReadOnlyList<LimitRequest> Requests => requests;

    /// <summary>Each with the request that it is part of.</summary>
    public List<(WaitingTake Take, LimitRequest Request)> Takes { get; } = [];

    public long Asked { get; private set; }

    public bool IsFull => loaded.Count == MostTakes || runs == MostRuns;

    public void Add(WaitingTake take)
    {
        if (loaded.Count == 0 || loaded[^1].Amount != take.Amount) runs++;
        loaded.Add(take);
        Asked += take.Amount;
    }

    /// <param name="back">Given back before anything is asked for.</param>
    /// <param name="extra">Asked for when all else is granted.</param>
    /// <param name="isDue">What is said of the node is to be kept even if nothing is granted.</param>
    public void Build(long back, long holds, long extra, bool isDue)
    {
        var i = 0;
        do
        {
            var count = 0;
            while (i + count < loaded.Count && loaded[i + count].Amount == loaded[i].Amount) count++;
            var request = new LimitRequest(row)
            {
                Unit = count == 0 ? 1 : loaded[i].Amount, Count = count, Back = i == 0 ? back : 0, Holds = holds, Extra = i + count == loaded.Count ? extra : 0,
                IsDue = isDue,
            };
            requests.Add(request);
            for (var end = i + count; i < end; i++) Takes.Add((loaded[i], request));
        }
        while (i < loaded.Count);
    }

    /// <summary>What was granted beyond what was asked for; it can be taken out once.</summary>
    public long TakeExtra()
    {
        var sum = 0L;
        foreach (var request in requests)
        {
            var beyond = Math.Max(0, request.Granted - request.Unit * request.Count);
            request.Granted -= beyond;
            sum += beyond;
        }
        return sum;
    }

    /// <returns>Whether one unit of what was granted was left.</returns>
    public static bool TryPay(LimitRequest request)
    {
        if (request.Granted < request.Unit) return false;
        request.Granted -= request.Unit;
        return true;
    }
}
