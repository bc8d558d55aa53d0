using Microsoft.Extensions.Hosting;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Upstreams.Channels;
using Symbolon.Gateway.Upstreams.Credentials;

namespace Symbolon.Gateway.Upstreams.Listening;

/// <summary>
/// Keeps one stream to each upstream in use that can tell when its tools change. A stream ends within a second when its server is
/// suspended, retired or replaced, shows another credential, or is used by nobody; channels tell it by themselves. DESIGN.md section 4, Drift.
/// </summary>
internal sealed class UpstreamListener(
    UpstreamDirectory directory, LiveToolsReader tools, OwnCredentials credentials, Configuration configuration, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<(OrganisationId, ServerName), ListeningStream> streams = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) Compare();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
        foreach (var stream in streams.Values) stream.End(forbidden: false);
        foreach (var stream in streams.Values)
        {
            await stream.Running;
            stream.Dispose();
        }
    }

    /// <summary>Ends what must not be, and starts what is missing where the one before is over.</summary>
    private void Compare()
    {
        var wanted = directory.Active.Where(IsWanted).ToDictionary(upstream => (upstream.Organisation, upstream.Name));
        foreach (var (key, stream) in streams)
        {
            if (wanted.Remove(key, out var upstream) && CredentialOf(upstream) is { } shown && stream.IsFor(upstream, shown)) continue;
            stream.End(forbidden: !IsApproved(stream.Upstream));
            if (!stream.Running.IsCompleted) continue;
            streams.Remove(key);
            stream.Dispose();
        }
        foreach (var (key, upstream) in wanted)
            if (CredentialOf(upstream) is { } shown)
            {
                // The one before is over, or there was none: at most one to a server.
                var stream = streams[key] = new ListeningStream(upstream, upstream.Invoker, shown, clock, new ReconnectPause(Random.Shared.NextDouble));
                stream.Start();
            }
    }

    private bool IsWanted(Upstream upstream) =>
        upstream.Invoker is not ChannelInvoker && tools.IsInUse(upstream)
        && (upstream[Era.Modern].State == EraState.Spoken || upstream[Era.Legacy].State == EraState.Spoken);

    private bool IsApproved(Upstream upstream) =>
        configuration.Server(upstream.Organisation, upstream.Name) is { State: Lifecycle.Active, Approved: { } approved } && approved.Number == upstream.ManifestNumber
        && CredentialOf(upstream) is not null;

    /// <returns>Null when there is none that may be shown.</returns>
    private CredentialHeader? CredentialOf(Upstream upstream) =>
        credentials.For(upstream, clock.GetUtcNow().ToUnixTimeMilliseconds() * 1000) is var shown and not CredentialHeader.Unusable ? shown : null;
}
