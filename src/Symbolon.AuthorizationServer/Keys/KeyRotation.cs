using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.Keys;

/// <summary>Sees to it that there is a key before anything listens, and that the next one is made when it is due.</summary>
internal sealed partial class KeyRotation(SigningKeyDesk desk, TimeProvider clock, ILogger<KeyRotation> log) : BackgroundService
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await EnsureAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(desk.Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await EnsureAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
    }

    private async Task EnsureAsync(CancellationToken cancellation)
    {
        try
        {
            await desk.EnsureAsync(OrganisationId.Default, cancellation);
        }
        catch (StoreUnavailableException e)
        {
            LogNotMade(e);
        }
    }

    [LoggerMessage(EventId = 3201, Level = LogLevel.Warning, Message = "The store does not answer; whether a signing key is due is looked at again later")]
    private partial void LogNotMade(Exception reason);
}
