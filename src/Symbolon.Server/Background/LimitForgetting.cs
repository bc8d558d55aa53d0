using Microsoft.Extensions.Hosting;
using Symbolon.Core.Snapshot;
using Symbolon.Storage.Limits;

namespace Symbolon.Server.Background;

/// <summary>Frees what dead nodes held of limits, and forgets counters whose time is over: every 5 s, in steps between which calls are served.</summary>
internal sealed class LimitForgetting(LimitClearing limits, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested) await Task.Delay(await ForgetAsync(stoppingToken) ? Breath : Pause, clock, stoppingToken);
    }

    private async Task<bool> ForgetAsync(CancellationToken cancellation)
    {
        try
        {
            return await limits.ClearAsync(cancellation);
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }
}
