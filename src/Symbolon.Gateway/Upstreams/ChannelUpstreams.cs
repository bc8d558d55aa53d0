using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Gateway.Upstreams.Channels;

namespace Symbolon.Gateway.Upstreams;

/// <summary>
/// Keeps the way out to every server behind channels. One that is suspended or retired is ended at once; another approved version
/// or another credential gets channels of its own, while those before finish what is open.
/// </summary>
internal sealed class ChannelUpstreams : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<(OrganisationId, ServerName), Kept> kept = [];
    private readonly HashSet<ChannelPool> retired = [];
    private readonly ChannelFactories factories;
    private readonly Configuration configuration;

    public ChannelUpstreams(ChannelFactories factories, Configuration configuration)
    {
        (this.factories, this.configuration) = (factories, configuration);
        configuration.Changed += EndUnapproved;
    }

    public ChannelInvoker For(OrganisationId organisation, ServerName server, ManifestVersion approved)
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
            var fresh = factories.PoolFor(organisation, server, approved);
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

    /// <summary>One that lies in a file is replaced there, under the process that runs.</summary>
    private long SecretOf(OrganisationId organisation, ManifestVersion approved) =>
        approved.Manifest.Credential is UpstreamCredential.Stored { Secret: var name, File: null } ? configuration.Secret(organisation, "upstream", name)?.Version ?? 0 : 0;

    /// <param name="Secret">Version of the credential that its channels were opened with; 0 for none.</param>
    private sealed record Kept(int Version, long Secret, ChannelPool Pool, ChannelInvoker Invoker);
}
