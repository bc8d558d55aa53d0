using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Snapshot;
using Symbolon.Server.Health;

namespace Symbolon.Server.Background;

/// <summary>The server stopped because another one took its lease; what it had begun was closed as unknown.</summary>
public sealed class LeaseLostException(string node)
    : Exception($"The lease of node {node} was lost to another, so this one stopped. Two servers use one node name, or this one could not reach the store for too long.");

/// <summary>
/// Holds this node's lease: starts it before anything listens, tells each second that the node lives, ends it last. A node whose lease
/// was ended by another stops: its open intents were closed as unknown, so it must not go on with them.
/// </summary>
internal sealed partial class LeaseKeeper(
    INodeStore nodes, ThisNode self, Configuration configuration, Readiness readiness, IHostApplicationLifetime application, IAuditLog audit,
    TimeProvider clock, ILogger<LeaseKeeper> log) : IHostedService, IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource ending = new();
    private Task beating = Task.CompletedTask;
    private long lease;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        lease = await nodes.StartLeaseAsync(self.Name, cancellationToken);
        readiness.IsServing = true;
        audit.Append(Record(AuditKind.NodeStarted));
        LogStarted(self.Name, lease);
        beating = BeatAsync(ending.Token);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var held = readiness.IsServing;
        readiness.IsServing = false;
        await ending.CancelAsync();
        await beating;
        if (!held) return;
        var stopped = Record(AuditKind.NodeStopped);
        audit.Append(stopped);
        await stopped.Durable();
        try
        {
            await nodes.EndLeaseAsync(self.Name, lease, cancellationToken);
            LogStopped(self.Name);
        }
        catch (StoreUnavailableException)
        {
            // The next start of this node ends it; whoever looks until then sees a node that is silent.
            LogLeaseLeft(self.Name);
        }
    }

    public void Dispose() => ending.Dispose();

    private AuditEvent Record(AuditKind kind) => new()
    {
        Kind = kind,
        Time = clock.Microseconds(),
        By = "system",
        Target = $"Node/{self.Name}",
    };

    private async Task BeatAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Beat, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
                if (!await IsHeldAsync(cancellation))
                {
                    readiness.IsServing = false;
                    readiness.HasLostLease = true;
                    LogLeaseLost(self.Name);
                    application.StopApplication();
                    return;
                }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The stop.
        }
    }

    private async Task<bool> IsHeldAsync(CancellationToken cancellation)
    {
        try
        {
            return await nodes.HeartbeatAsync(self.Name, lease, configuration.Revision, cancellation);
        }
        catch (StoreUnavailableException)
        {
            // Nobody said that it is lost; calls are refused once the snapshot cannot be confirmed any more.
            return true;
        }
    }

    [LoggerMessage(EventId = 5101, Level = LogLevel.Information, Message = "Node {Node} started, lease {Lease}")]
    private partial void LogStarted(string node, long lease);

    [LoggerMessage(EventId = 5102, Level = LogLevel.Information, Message = "Node {Node} stopped")]
    private partial void LogStopped(string node);

    [LoggerMessage(EventId = 5103, Level = LogLevel.Error, Message = "The lease of node {Node} was lost to another; stopping")]
    private partial void LogLeaseLost(string node);

    [LoggerMessage(EventId = 5104, Level = LogLevel.Warning, Message = "The store cannot be reached; the lease of node {Node} is left open")]
    private partial void LogLeaseLeft(string node);
}
