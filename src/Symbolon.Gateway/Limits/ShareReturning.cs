using Microsoft.Extensions.Hosting;

namespace Symbolon.Gateway.Limits;

/// <summary>Gives shares that lie idle back to the store, every second, and all of them when the node stops.</summary>
internal sealed class ShareReturning(CounterTable counters, StoreTrips trips, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>What is not back by then is as with a node that died.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        counters.ReturnAll();
        try
        {
            await trips.Running.WaitAsync(Patience, clock, cancellationToken);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            // The stop is not held up for it.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken)) counters.Tidy();
    }
}
