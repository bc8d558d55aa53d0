using Microsoft.Extensions.Hosting;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Servers;

namespace Symbolon.Server.Background;

/// <summary>Closes reviews that nobody decided in time, every 30 s. An approval that comes first is refused for the same reason.</summary>
internal sealed class ReviewClosing(ReviewExpiry reviews, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Pause, clock, stoppingToken);
            try
            {
                await reviews.CloseAsync(stoppingToken);
            }
            catch (Exception lost) when (lost is StoreUnavailableException or System.Text.Json.JsonException)
            {
                // The next turn finds them; a row that is not ours to read stays open, and is refused by its time alone.
            }
        }
    }
}
