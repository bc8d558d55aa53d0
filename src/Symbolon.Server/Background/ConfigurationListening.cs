using Microsoft.Extensions.Hosting;
using Symbolon.Core.Snapshot;
using Symbolon.Storage;

namespace Symbolon.Server.Background;

/// <summary>
/// Hears of the changes of other nodes without waiting for the next poll. That it is cut off is nothing to tell: polling finds the
/// store gone as well, and says so.
/// </summary>
internal sealed class ConfigurationListening(ConfigurationFeed feed, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await feed.ListenAsync(stoppingToken);
            }
            catch (StoreUnavailableException)
            {
                await Task.Delay(Pause, clock, stoppingToken);
            }
        }
    }
}
