using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;
using Symbolon.Gateway.Upstreams;

namespace Symbolon.Server.Outbound;

/// <summary>
/// Keeps one guarded invoker for each approved origin of a server. When the server is retired, or another address or time to connect is approved, the old
/// one is closed after the longest call could have ended, so that calls under way end by themselves.
/// </summary>
internal sealed class UpstreamHandlers : IUpstreamHandlers, IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<Key, HttpMessageInvoker> open = [];
    private readonly HashSet<ITimer> closing = [];
    private readonly UpstreamConnections connections;
    private readonly Configuration configuration;
    private readonly TimeProvider clock;
    private readonly TimeSpan longestCall;

    public UpstreamHandlers(UpstreamConnections connections, Configuration configuration, TimeProvider clock, TimeSpan longestCall)
    {
        (this.connections, this.configuration, this.clock, this.longestCall) = (connections, configuration, clock, longestCall);
        configuration.Changed += CloseUnapproved;
    }

    /// <exception cref="ArgumentException">The URL is not an absolute http or https URL without userinfo; the registry lets in no other.</exception>
    public HttpMessageInvoker For(OrganisationId organisation, ServerName server, Uri url)
    {
        var origin = UpstreamOrigin.Of(url) ?? throw new ArgumentException("Not an upstream's URL.", nameof(url));
        var key = new Key(organisation, server, origin, connections.ConnectLimitOf(organisation, server));
        lock (gate)
        {
            if (open.TryGetValue(key, out var known)) return known;
            return open[key] = new HttpMessageInvoker(connections.Open(organisation, server, origin), disposeHandler: true);
        }
    }

    internal int Count
    {
        get
        {
            lock (gate) return open.Count;
        }
    }

    private void CloseUnapproved()
    {
        lock (gate)
        {
            foreach (var (key, invoker) in open)
            {
                if (connections.IsApproved(key.Organisation, key.Server, key.Origin) && connections.ConnectLimitOf(key.Organisation, key.Server) == key.Connect) continue;
                open.Remove(key);
                CloseLater(invoker);
            }
        }
    }

    private void CloseLater(HttpMessageInvoker invoker)
    {
        ITimer? timer = null;
        timer = clock.CreateTimer(_ => Close(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        closing.Add(timer);
        timer.Change(longestCall, Timeout.InfiniteTimeSpan);

        void Close()
        {
            invoker.Dispose();
            lock (gate) closing.Remove(timer!);
            timer!.Dispose();
        }
    }

    public void Dispose()
    {
        configuration.Changed -= CloseUnapproved;
        lock (gate)
        {
            foreach (var timer in closing) timer.Dispose();
            foreach (var invoker in open.Values) invoker.Dispose();
            open.Clear();
        }
    }

    private readonly record struct Key(OrganisationId Organisation, ServerName Server, UpstreamOrigin Origin, TimeSpan Connect);
}
