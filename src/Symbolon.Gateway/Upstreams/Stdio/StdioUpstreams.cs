using Microsoft.Extensions.Logging;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Gateway.Upstreams.Channels;

namespace Symbolon.Gateway.Upstreams.Stdio;

/// <summary>
/// Keeps the way out to every server that is a process. One that is suspended or retired is ended at once; another approved version
/// or another credential gets processes of its own, while those before finish what is open.
/// </summary>
internal sealed class StdioUpstreams : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<(OrganisationId, ServerName), Kept> kept = [];
    private readonly HashSet<ChannelPool> retired = [];
    private readonly StdioHost host;
    private readonly Configuration configuration;
    private readonly UpstreamCredentials credentials;
    private readonly IPinnedFiles files;
    private readonly IPinAlarm alarm;
    private readonly GatewayOptions limits;
    private readonly TimeProvider clock;
    private readonly ILogger<StdioUpstreams> log;

    public StdioUpstreams(
        StdioHost host, Configuration configuration, UpstreamCredentials credentials, IPinnedFiles files, IPinAlarm alarm, GatewayOptions limits, TimeProvider clock,
        ILogger<StdioUpstreams> log)
    {
        (this.host, this.configuration, this.credentials, this.files, this.alarm, this.limits, this.clock, this.log) =
            (host, configuration, credentials, files, alarm, limits, clock, log);
        configuration.Changed += EndUnapproved;
    }

    public ChannelInvoker For(OrganisationId organisation, ServerName server, ManifestVersion approved, UpstreamAddress.Stdio address)
    {
        var secret = SecretOf(organisation, approved);
        lock (gate)
        {
            if (kept.TryGetValue((organisation, server), out var known))
            {
                if (known.Version == approved.Number && known.Secret == secret) return known.Invoker;
                known.Pool.Retire();
                retired.RemoveWhere(pool => pool.Count == 0);
                retired.Add(known.Pool);
            }
            var factory = new StdioChannels(
                organisation, server, approved, address, host, configuration, credentials, files, alarm, limits.MaxAnswerBytes, clock, log);
            var bounds = new ChannelLimits { MostChannels = host.MostProcesses };
            var fresh = new ChannelPool(factory, address.Isolation, bounds, server.Value, clock, log);
            var invoker = new ChannelInvoker(new ChannelHandler(fresh));
            kept[(organisation, server)] = new Kept(approved.Number, secret, fresh, invoker);
            return invoker;
        }
    }

    public void Dispose()
    {
        configuration.Changed -= EndUnapproved;
        lock (gate)
        {
            foreach (var pool in kept.Values.Select(each => each.Pool).Concat(retired)) pool.Dispose();
            kept.Clear();
            retired.Clear();
        }
    }

    private void EndUnapproved()
    {
        lock (gate)
            foreach (var (key, each) in kept)
            {
                if (configuration.Server(key.Item1, key.Item2) is { State: Lifecycle.Active, Approved: not null }) continue;
                kept.Remove(key);
                each.Pool.Dispose();
            }
    }

    private long SecretOf(OrganisationId organisation, ManifestVersion approved) =>
        approved.Manifest.Credential is UpstreamCredential.Static { Secret: var name } ? configuration.Secret(organisation, "upstream", name)?.Version ?? 0 : 0;

    /// <param name="Secret">Version of the credential that its processes were started with; 0 for none.</param>
    private sealed record Kept(int Version, long Secret, ChannelPool Pool, ChannelInvoker Invoker);
}
