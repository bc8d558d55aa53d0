using System.Collections.Concurrent;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;

namespace Symbolon.Gateway.Upstreams;

/// <summary>The upstreams at work on this node, one for each server's approved manifest.</summary>
internal sealed class UpstreamDirectory(IUpstreamHandlers handlers)
{
    private readonly ConcurrentDictionary<(OrganisationId, ServerName), Upstream> upstreams = new();

    public IEnumerable<Upstream> All => upstreams.Values;

    /// <param name="server">With an approved manifest.</param>
    public Upstream For(OrganisationId organisation, ServerObject server)
    {
        var approved = server.Approved ?? throw new ArgumentException("Nothing of this server is approved.", nameof(server));
        var key = (organisation, server.Name);
        if (upstreams.TryGetValue(key, out var found) && found.ManifestNumber == approved.Number) return found;
        var fresh = new Upstream(organisation, server.Name, approved, handlers.For(organisation, server.Name, approved.Manifest.Upstream.Url));
        return upstreams.AddOrUpdate(key, fresh, (_, known) => known.ManifestNumber >= approved.Number ? known : fresh);
    }
}
