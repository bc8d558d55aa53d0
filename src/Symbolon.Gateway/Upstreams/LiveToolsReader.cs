using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Symbolon.Core.Tools;

namespace Symbolon.Gateway.Upstreams;

/// <summary>
/// Keeps what upstreams list in memory: read before the first use, again every minute while they are used, and when a list is
/// seen to have changed. A call never waits for a refresh, only for the first reading.
/// </summary>
internal sealed partial class LiveToolsReader(
    UpstreamDirectory directory, UpstreamCredentials credentials, DriftWatch drift, GatewayOptions limits, TimeProvider clock,
    ILogger<LiveToolsReader> log) : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);

    /// <summary>An upstream that nobody used for so long is not read again until somebody does.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);

    /// <summary>After a reading that failed, the next refresh waits so long; a call that needs the tools does not.</summary>
    private static readonly TimeSpan Backoff = TimeSpan.FromSeconds(10);

    /// <summary>Time for one reading of one upstream.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private static readonly Era[] Eras = [Era.Modern, Era.Legacy];


    /// <summary>Whether what is known of the upstream may be decided on.</summary>
    public bool IsFresh(Upstream upstream, Era era)
    {
        upstream.LastUsed = clock.GetTimestamp();
        var view = upstream[era];
        return view.State != EraState.Unknown && clock.GetElapsedTime(view.ReadAt) < limits.ToolsRefresh * 5;
    }

    /// <summary>Reads now, unless another has done so meanwhile, well or not: calls that wait together fail together.</summary>
    /// <exception cref="UpstreamFault">The era could not be read.</exception>
    public async ValueTask EnsureAsync(Upstream upstream, Era era, CancellationToken cancellation)
    {
        var asked = clock.GetTimestamp();
        await upstream.Reading.WaitAsync(cancellation);
        try
        {
            if (IsFresh(upstream, era)) return;
            if (upstream.LastFault is { } last && last.At >= asked) throw new UpstreamFault(last.Fault.Code, last.Fault.Message);
            await TryReadAsync(upstream, cancellation);
        }
        finally
        {
            upstream.Reading.Release();
        }
        if (!IsFresh(upstream, era)) throw UpstreamFault.Unreachable();
    }

    /// <summary>Only a reading that was made is remembered: a remembered fault handed on would keep itself alive.</summary>
    private async Task TryReadAsync(Upstream upstream, CancellationToken cancellation)
    {
        try
        {
            await ReadAsync(upstream, cancellation);
        }
        catch (UpstreamFault fault)
        {
            upstream.LastFault = (fault, clock.GetTimestamp());
            throw;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                foreach (var upstream in directory.Active)
                    if (IsDue(upstream)) _ = RefreshAsync(upstream, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
    }

    private bool IsDue(Upstream upstream)
    {
        if (upstream.LastUsed == 0 || clock.GetElapsedTime(upstream.LastUsed) > Idle) return false;
        if (upstream.LastFault is { } last && clock.GetElapsedTime(last.At) < Backoff) return false;
        if (upstream.IsOutdated) return true;
        return IsOld(upstream, Era.Legacy) || IsOld(upstream, Era.Modern);
    }

    private bool IsOld(Upstream upstream, Era era) =>
        upstream.Allows(era) && upstream[era] is { State: not EraState.Unknown } view && clock.GetElapsedTime(view.ReadAt) >= limits.ToolsRefresh;

    private async Task RefreshAsync(Upstream upstream, CancellationToken cancellation)
    {
        if (!await upstream.Reading.WaitAsync(TimeSpan.Zero, cancellation)) return;
        try
        {
            if (IsDue(upstream)) await TryReadAsync(upstream, cancellation);
        }
        catch (Exception e) when (e is UpstreamFault or OperationCanceledException)
        {
            LogNotRead(upstream.Name.Value, e.Message);
        }
        finally
        {
            upstream.Reading.Release();
        }
    }

    /// <summary>Both eras where both are allowed; a fault counts only when none could be read now.</summary>
    private async Task ReadAsync(Upstream upstream, CancellationToken cancellation)
    {
        upstream.IsOutdated = false;
        var credential = credentials.For(upstream.Organisation, upstream.Manifest, clock.GetUtcNow().ToUnixTimeMilliseconds() * 1000);
        if (credential is CredentialHeader.Unusable unusable) throw new UpstreamFault(Core.Policy.ReasonCode.ServerSuspended, unusable.Why);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var timer = clock.CreateTimer(static source => ((CancellationTokenSource)source!).Cancel(), deadline, Deadline, Timeout.InfiniteTimeSpan);
        UpstreamFault? fault = null;
        var began = clock.GetTimestamp();
        foreach (var era in Eras)
        {
            if (!upstream.Allows(era))
            {
                upstream[era].NotSpoken(clock.GetTimestamp());
                continue;
            }
            fault = await ReadEraAsync(upstream, era, credential, deadline.Token) ?? fault;
        }
        cancellation.ThrowIfCancellationRequested();
        if (fault is not null && !Array.Exists(Eras, era => upstream[era] is { State: EraState.Spoken } view && view.ReadAt >= began)) throw fault;
    }

    private async Task<UpstreamFault?> ReadEraAsync(Upstream upstream, Era era, CredentialHeader credential, CancellationToken cancellation)
    {
        try
        {
            var tools = await new ToolsConnection(upstream, credential, limits.MaxAnswerBytes, cancellation).ReadAsync(era);
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

    [LoggerMessage(EventId = 2201, Level = LogLevel.Warning, Message = "The tools of {Server} could not be read again: {Reason}")]
    private partial void LogNotRead(string server, string reason);
}
