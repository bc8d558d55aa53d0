using Microsoft.Extensions.Hosting;
using Symbolon.Core.Snapshot;
using Symbolon.Storage.Proofs;

namespace Symbolon.Server.Background;

/// <summary>Forgets used proofs whose time is over: every 10 s, in steps between which calls are served.</summary>
internal sealed class ProofForgetting(ProofClearing proofs, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested) await Task.Delay(await ForgetAsync() ? Breath : Pause, clock, stoppingToken);
    }

    private async Task<bool> ForgetAsync()
    {
        try
        {
            return await proofs.ClearAsync();
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }
}
