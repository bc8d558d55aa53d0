using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Symbolon.Core.Identity;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.Revocation;

/// <summary>
/// Brings revocations into the store. Those that a broken store refused are tried again, oldest first, every half second until they
/// are stored; at most 10,000 wait, and all of them act in this node's memory meanwhile.
/// </summary>
public sealed partial class RevocationWriter(IChangeLog log, TimeProvider clock, ILogger<RevocationWriter> logger) : BackgroundService
{
    private const int MostWaiting = 10_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly Channel<RevocationWork> waiting =
        Channel.CreateBounded<RevocationWork>(new BoundedChannelOptions(MostWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    /// <returns>The revision of the configuration that has it; null when the store cannot be written.</returns>
    public async Task<long?> TryWriteAsync(RevocationWork work, CancellationToken cancellation)
    {
        try
        {
            return await log.CommitAsync(work.Requester.Organisation, [work.Change], [work.NewRecord()], cancellation) switch
            {
                CommitResult.Committed committed => committed.Revision,
                // No row of it: what was asked for while the store was away may be a token of OAuth, which has none.
                CommitResult.Conflict when work.IsStored => await TryWriteAsync(work with { IsStored = false }, cancellation),
                CommitResult.Conflict => 0,
                var other => throw new InvalidOperationException($"Unknown result {other}"),
            };
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    /// <summary>The same for several at once, none of which is a token of the store.</summary>
    public async Task<long?> TryWriteAsync(OrganisationId organisation, IReadOnlyList<RevocationWork> works, CancellationToken cancellation)
    {
        try
        {
            var done = await log.CommitAsync(organisation, [.. works.Select(work => work.Change)], [.. works.Select(work => work.NewRecord())], cancellation);
            return ((CommitResult.Committed)done).Revision;
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    public void WriteLater(RevocationWork work)
    {
        if (!waiting.Writer.TryWrite(work)) LogDropped(work.Epoch.Level, work.Epoch.Target);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        RevocationWork? current = null;
        try
        {
            await foreach (var work in waiting.Reader.ReadAllAsync(stoppingToken))
            {
                current = work;
                for (var tries = 1; await TryWriteAsync(work, CancellationToken.None) is null; tries++)
                {
                    if (tries == 1) LogWaiting(work.Epoch.Level, work.Epoch.Target);
                    await Task.Delay(Pause, clock, stoppingToken);
                }
                LogStored(work.Epoch.Level, work.Epoch.Target);
                current = null;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            if (current is not null) await TryLastAsync(current);
            while (waiting.Reader.TryRead(out var work)) await TryLastAsync(work);
        }
    }

    /// <summary>The process ends, and with it the memory in which the revocation acts.</summary>
    private async Task TryLastAsync(RevocationWork work)
    {
        if (await TryWriteAsync(work, CancellationToken.None) is null) LogLost(work.Epoch.Level, work.Epoch.Target);
        else LogStored(work.Epoch.Level, work.Epoch.Target);
    }

    [LoggerMessage(EventId = 3101, Level = LogLevel.Error, Message = "A revocation of {Level} {Target} acts in memory but is not stored yet; it is tried again")]
    private partial void LogWaiting(RevocationLevel level, string target);

    [LoggerMessage(EventId = 3102, Level = LogLevel.Warning, Message = "The revocation of {Level} {Target} that the store had refused is stored")]
    private partial void LogStored(RevocationLevel level, string target);

    [LoggerMessage(EventId = 3104, Level = LogLevel.Critical, Message = "This node stops, and the revocation of {Level} {Target} was never stored: revoke it again")]
    private partial void LogLost(RevocationLevel level, string target);

    [LoggerMessage(EventId = 3103, Level = LogLevel.Critical, Message = "Too many revocations wait for the store; that of {Level} {Target} acts in memory of this node alone")]
    private partial void LogDropped(RevocationLevel level, string target);
}
