using Microsoft.Extensions.Logging;
using Symbolon.Core;
using Symbolon.Core.Policy.Limits;
using Symbolon.Core.Snapshot;

namespace Symbolon.Gateway.Limits;

/// <summary>Counters that need the store go there together: whatever comes while one transaction is under way goes into the next.</summary>
internal sealed partial class StoreTrips(ILimitStore store, TimeProvider clock, ILogger<StoreTrips> log)
{
    private const int MostCounters = 64;

    private readonly Lock gate = new();
    private readonly Queue<Counter> ready = new();
    private bool isRunning;

    /// <summary>Over when nothing was under way for a moment.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>Each counter is here once at most; it sees to that itself. Not to be called under its lock.</summary>
    public void Add(Counter counter)
    {
        lock (gate)
        {
            ready.Enqueue(counter);
            if (isRunning) return;
            isRunning = true;
        }
        Running = RunAsync();
    }

    private async Task RunAsync()
    {
        // Away from the call that began it, so that the other limits that it is under come along.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (Next() is { Count: > 0 } counters)
        {
            var trips = counters.ConvertAll(counter => counter.Load(clock.Microseconds()));
            var isKnown = await GoAsync([.. trips.SelectMany(trip => trip.Requests)]);
            foreach (var trip in trips) trip.Counter.Unload(trip, isKnown, clock.Microseconds());
        }
    }

    private List<Counter> Next()
    {
        lock (gate)
        {
            var counters = new List<Counter>();
            while (counters.Count < MostCounters && ready.TryDequeue(out var counter)) counters.Add(counter);
            isRunning = counters.Count > 0;
            return counters;
        }
    }

    /// <returns>False when it is not known what the store has done.</returns>
    private async Task<bool> GoAsync(List<LimitRequest> requests)
    {
        if (requests.Count == 0) return true;
        try
        {
            await store.CountAsync(requests, clock.Microseconds());
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
        catch (Exception mistake)
        {
            // A mistake of ours must refuse these calls and no others: the next trip begins anew.
            LogFailed(mistake);
            return false;
        }
    }

    [LoggerMessage(EventId = 2091, Level = LogLevel.Error, Message = "Limits could not be counted")]
    private partial void LogFailed(Exception exception);
}
