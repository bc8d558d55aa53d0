using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Symbolon.Core.Policy;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Upstreams.Credentials;

namespace Symbolon.Gateway.Upstreams;

/// <summary>
/// Keeps what upstreams list in memory: read before the first use, again every minute while they are used, and when a list is
/// seen to have changed. A call never waits for a refresh, only for the first reading; each era is read on its own, so that one that
/// hangs holds up nobody who speaks the other.
/// </summary>
internal sealed partial class LiveToolsReader(
    UpstreamDirectory directory, OwnCredentials credentials, DriftWatch drift, DefinitionWatch definitions, GatewayOptions limits, TimeProvider clock,
    ILogger<LiveToolsReader> log) : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    /// <summary>From one reading of an era to the next at least, however often a server says that its tools changed.</summary>
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(1);

    /// <summary>An upstream that nobody used for so long is not read again until somebody does.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);

    /// <summary>After a reading that failed, the next refresh waits so long.</summary>
    private static readonly TimeSpan Backoff = TimeSpan.FromSeconds(10);

    /// <summary>For so long a reading that failed answers the callers who come after it, too.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(2);

    /// <summary>Time for one reading of one era.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private static readonly Era[] Eras = [Era.Modern, Era.Legacy];

    private readonly CancellationTokenSource stopped = new();

    /// <summary>Whether what is known of the upstream may be decided on.</summary>
    public bool IsFresh(Upstream upstream, Era era)
    {
        upstream.LastUsed = clock.GetTimestamp();
        var view = upstream[era];
        return view.State != EraState.Unknown && !view.IsUnwatched && clock.GetElapsedTime(view.ReadAt) < limits.ToolsRefresh * 5;
    }

    /// <summary>
    /// Waits for the one reading that all callers of this era share, or for none where the last one has just failed: calls that wait
    /// together fail together, and those that come next fail at once. Who leaves stops waiting; the reading goes on for the others.
    /// </summary>
    /// <exception cref="UpstreamFault">The era could not be read.</exception>
    public async ValueTask EnsureAsync(Upstream upstream, Era era, CancellationToken cancellation)
    {
        var otherEra = era == Era.Legacy ? Era.Modern : Era.Legacy;
        // Both are compared with what was reviewed, whoever comes first.
        var other = HasFailed(upstream, otherEra, within: Backoff) ? Task.CompletedTask : ReadOnceAsync(upstream, otherEra);
        if (await ReadOnceAsync(upstream, era).WaitAsync(cancellation) is { } fault) throw new UpstreamFault(fault.Code, fault.Message);
        // Who speaks an era that this upstream does not is told the versions that work.
        if (upstream[era].State == EraState.NotSpoken) await other.WaitAsync(cancellation);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopped.CancelAsync();
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        stopped.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                foreach (var upstream in directory.Active)
                    foreach (var era in Eras)
                        if (IsDue(upstream, era)) _ = RefreshAsync(upstream, era);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
    }

    /// <summary>Whether calls are still decided on what is known of it; who comes later waits for a reading.</summary>
    public bool IsInUse(Upstream upstream) => upstream.LastUsed != 0 && clock.GetElapsedTime(upstream.LastUsed) <= Idle;

    private bool IsDue(Upstream upstream, Era era)
    {
        var view = upstream[era];
        if (!IsInUse(upstream))
        {
            view.IsUnwatched = true;
            return false;
        }
        if (!upstream.Allows(era) || HasFailed(upstream, era, within: Backoff) || view.State == EraState.Unknown || view.Reading.IsUnderWay) return false;
        return view.IsOutdated ? clock.GetElapsedTime(view.BegunAt) >= Gap : clock.GetElapsedTime(view.ReadAt) >= limits.ToolsRefresh;
    }

    private async Task RefreshAsync(Upstream upstream, Era era)
    {
        // One that restarts is away for a moment: its health says so at once, the log once it stays away.
        var wasAway = upstream[era].HasFailedSince;
        var fault = await upstream[era].Reading.Join(() => ReadAsync(upstream, era));
        if (fault is not null && wasAway && !stopped.IsCancellationRequested) LogNotRead(upstream.Name.Value, era, fault.Message);
    }

    private Task<UpstreamFault?> ReadOnceAsync(Upstream upstream, Era era) => upstream[era].Reading.Join(() =>
        // Asked under the turn: another reading may just have ended.
        IsFresh(upstream, era) ? Task.FromResult<UpstreamFault?>(null)
        : RecentFault(upstream, era) is { } fault ? Task.FromResult<UpstreamFault?>(fault)
        : ReadAsync(upstream, era));

    /// <summary>A missing credential is asked for each time: that costs nothing, and one that was put right helps at once.</summary>
    private UpstreamFault? RecentFault(Upstream upstream, Era era) =>
        HasFailed(upstream, era, within: Remembered) && upstream[era].Reading.Last is { Fault: { Code: not ReasonCode.ServerSuspended } fault } ? fault : null;

    private bool HasFailed(Upstream upstream, Era era, TimeSpan within) =>
        upstream[era].Reading.Last is { } last && clock.GetElapsedTime(last.At) < within;

    private async Task<UpstreamFault?> ReadAsync(Upstream upstream, Era era)
    {
        var view = upstream[era];
        if (!upstream.Allows(era))
        {
            view.NotSpoken(clock.GetTimestamp());
            return null;
        }
        view.BegunAt = clock.GetTimestamp();
        // Before the reading: what is said to have changed during it is read again.
        var wasOutdated = view.IsOutdated;
        view.IsOutdated = view.IsUnwatched = false;
        var fault = await TryReadAsync(upstream, era);
        if (fault is null) return null;
        if (wasOutdated) view.IsOutdated = true;
        view.Reading.Remember(fault, clock.GetTimestamp());
        return fault;
    }

    private async Task<UpstreamFault?> TryReadAsync(Upstream upstream, Era era)
    {
        using var late = new CancellationTokenSource(Deadline, clock);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopped.Token, late.Token);
        try
        {
            var credential = await credentials.FindAsync(upstream, clock.GetUtcNow().ToUnixTimeMilliseconds() * 1000, deadline.Token);
            if (credential is CredentialHeader.Unusable unusable) return new UpstreamFault(ReasonCode.ServerSuspended, unusable.Why);
            var tools = await new ToolsConnection(upstream, credential, definitions, upstream.Limits.AnswerBytes, deadline.Token).ReadAsync(era);
            upstream.Circuit.Answered();
            if (tools is null) upstream[era].NotSpoken(clock.GetTimestamp());
            else
            {
                upstream[era].Replace(tools, clock.GetTimestamp());
                drift.Compare(upstream, era);
            }
            return null;
        }
        catch (UpstreamFault fault)
        {
            return fault;
        }
        catch (OperationCanceledException)
        {
            return UpstreamFault.TimedOut();
        }
    }

    [LoggerMessage(EventId = 2201, Level = LogLevel.Warning, Message = "The {Era} tools of {Server} could not be read again: {Reason}")]
    private partial void LogNotRead(string server, Era era, string reason);
}
