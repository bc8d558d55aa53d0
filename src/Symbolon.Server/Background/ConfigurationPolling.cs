using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Symbolon.Core.Snapshot;
using Symbolon.Storage;

namespace Symbolon.Server.Background;

/// <summary>Asks the store every 250 ms what has changed: what brings in the changes of other nodes, and confirms the snapshot.</summary>
internal sealed partial class ConfigurationPolling(ConfigurationFeed feed, TimeProvider clock, ILogger<ConfigurationPolling> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(ConfigurationFeed.Interval, clock);
        var reachable = true;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var answered = await PollAsync(stoppingToken);
            // Told when it changes, not four times a second.
            if (reachable && !answered) LogLost();
            if (!reachable && answered) LogBack();
            reachable = answered;
        }
    }

    private async Task<bool> PollAsync(CancellationToken cancellation)
    {
        try
        {
            await feed.PollAsync(cancellation);
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    [LoggerMessage(EventId = 5111, Level = LogLevel.Warning, Message = "The store does not answer; calls are refused once the snapshot is too old")]
    private partial void LogLost();

    [LoggerMessage(EventId = 5112, Level = LogLevel.Information, Message = "The store answers again")]
    private partial void LogBack();
}
