using Microsoft.Extensions.Hosting;
using Symbolon.Core.Snapshot;
using Symbolon.Storage;

namespace Symbolon.Server.Background;

/// <summary>
/// Counts what the audit has decided, behind the calls: every 5 s, and while it is behind for at most a fortieth of the time, so that
/// calls do not feel it.
/// </summary>
internal sealed class UsageCounting(UsageFeed feed, TimeProvider clock) : BackgroundService
{
    private const int Share = 40;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested) await Task.Delay(await CountAsync(stoppingToken), clock, stoppingToken);
    }

    /// <returns>How long to wait.</returns>
    private async Task<TimeSpan> CountAsync(CancellationToken cancellation)
    {
        var start = clock.GetTimestamp();
        try
        {
            var pause = await feed.CountAsync(cancellation) ? clock.GetElapsedTime(start) * (Share - 1) : Pause;
            return pause < Pause ? pause : Pause;
        }
        catch (StoreUnavailableException)
        {
            return Pause;
        }
    }
}
