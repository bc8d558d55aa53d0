using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Gateway.Upstreams.Channels;

namespace Symbolon.Gateway.Upstreams;

/// <summary>The upstreams at work on this node, one for each server's approved manifest.</summary>
internal sealed partial class UpstreamDirectory
{
    private readonly IUpstreamHandlers handlers;
    private readonly ChannelUpstreams channels;
    private readonly Configuration configuration;
    private readonly ConcurrentDictionary<(OrganisationId, ServerName), Upstream> upstreams = new();

    private readonly GatewayOptions limits;
    private readonly TimeProvider clock;
    private readonly ILogger<UpstreamDirectory> log;

    private long changes;

    public UpstreamDirectory(
        IUpstreamHandlers handlers, ChannelUpstreams channels, Configuration configuration, GatewayOptions limits, TimeProvider clock, ILogger<UpstreamDirectory> log)
    {
        (this.handlers, this.channels, this.configuration, this.limits, this.clock, this.log) = (handlers, channels, configuration, limits, clock, log);
        configuration.Changed += () => Interlocked.Increment(ref changes);
    }

    /// <summary>Those of active servers, with the way out that is open now.</summary>
    public IEnumerable<Upstream> Active
    {
        get
        {
            foreach (var upstream in upstreams.Values)
                if (configuration.Server(upstream.Organisation, upstream.Name) is { State: Lifecycle.Active, Approved: { } approved } server && approved.Number == upstream.ManifestNumber)
                    yield return For(upstream.Organisation, server);
        }
    }

    /// <summary>What is known of a server already, of whichever version; null while nobody has used it here.</summary>
    public Upstream? Find(OrganisationId organisation, ServerName server) => upstreams.GetValueOrDefault((organisation, server));

    /// <param name="server">With an approved manifest.</param>
    public Upstream For(OrganisationId organisation, ServerObject server)
    {
        var approved = server.Approved ?? throw new ArgumentException("Nothing of this server is approved.", nameof(server));
        var key = (organisation, server.Name);
        var configured = Volatile.Read(ref changes);
        if (upstreams.TryGetValue(key, out var found) && found.ManifestNumber == approved.Number)
        {
            if (found.Configured == configured) return found;
            found.Invoker = InvokerOf(organisation, server.Name, approved);
            found.Configured = configured;
            return Watched(found);
        }
        var invoker = InvokerOf(organisation, server.Name, approved);
        var fresh = new Upstream(organisation, server.Name, approved)
        {
            Invoker = invoker, Configured = configured, Limits = new CallLimits(limits, approved.Manifest.Limits), Circuit = CircuitOf(server.Name),
        };
        return Watched(upstreams.AddOrUpdate(key, fresh, (_, known) => known.ManifestNumber >= approved.Number ? known : fresh));
    }

    private Circuit CircuitOf(ServerName server) => new(clock, opened =>
    {
        if (opened) LogOpened(server.Value);
        else LogClosed(server.Value);
    });

    [LoggerMessage(EventId = 2211, Level = LogLevel.Warning, Message = "{Server} cannot be connected to: requests to it are refused at once, and one goes out every few seconds to see")]
    private partial void LogOpened(string server);

    [LoggerMessage(EventId = 2212, Level = LogLevel.Warning, Message = "{Server} answers again")]
    private partial void LogClosed(string server);

    /// <summary>A channel may tell at any time that the tools changed, not only during an exchange.</summary>
    private static Upstream Watched(Upstream upstream)
    {
        if (upstream.Invoker is ChannelInvoker channel) channel.ToolsChanged = upstream.Outdate;
        return upstream;
    }

    private HttpMessageInvoker InvokerOf(OrganisationId organisation, ServerName server, ManifestVersion approved) =>
        approved.Manifest.Upstream is UpstreamAddress.Http { Url: var url } ? handlers.For(organisation, server, url) : channels.For(organisation, server, approved);
}
