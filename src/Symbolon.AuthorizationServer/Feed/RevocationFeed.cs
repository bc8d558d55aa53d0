using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.Feed;

/// <param name="State">The first event: the whole state.</param>
/// <param name="Events">What comes after it.</param>
internal sealed record FeedListener(byte[] State, ChannelReader<byte[]> Events);

/// <summary>
/// Tells all who listen on this node what it learns of revocations, and each second that it knows all there is to know. While it cannot be sure of that it does
/// not say so: who listens takes itself for stale then, and refuses. DESIGN.md section 1, Revocation.
/// </summary>
internal sealed class RevocationFeed(Configuration configuration, Freshness freshness, TimeProvider clock) : BackgroundService
{
    /// <summary>Microseconds: what was issued before a revocation that is older has ended by itself (4 h, and a minute for clocks).</summary>
    private const long LongestLife = (4 * 3600L + 60) * 1_000_000;

    private const int TicksInSecond = 5;

    /// <summary>Events that one listener may be behind; one that is further is cut off, and comes back to the whole state.</summary>
    private const int MostBehind = 1024;

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1.0 / TicksInSecond);

    private readonly Lock gate = new();
    private readonly HashSet<Channel<byte[]>> listeners = [];
    private Dictionary<FeedSubject, long> inactive = [];
    private long seen = -1;

    /// <summary>The events are completed when the listener is too far behind, and at the end of the process.</summary>
    public FeedListener Listen()
    {
        var channel = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(MostBehind) { SingleReader = true });
        FindInactive();
        Dictionary<FeedSubject, long> known;
        long now;
        lock (gate)
        {
            // What happens from here on waits behind the state, and is told again if the state has it already: each event makes stricter or sets.
            (known, now) = (inactive, clock.Microseconds());
            listeners.Add(channel);
        }
        // Written without the lock, which every revocation on this node waits for.
        return new FeedListener(
            FeedText.State(now, configuration.Epochs.After(OrganisationId.Default, now - LongestLife), known.Where(subject => subject.Value > now - LongestLife).Select(subject => subject.Key)), channel.Reader);
    }

    public void Leave(ChannelReader<byte[]> reader)
    {
        lock (gate) listeners.RemoveWhere(channel => channel.Reader == reader);
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        configuration.Epochs.Raised += Tell;
        return base.StartAsync(cancellationToken);
    }

    /// <summary>Looks who is not active any more, or is again; with each full second says that this is all, if it is.</summary>
    public void Look(bool isSecond)
    {
        FindInactive();
        lock (gate)
        {
            // Under the lock: who has just begun to listen is told of no time before that of its state.
            if (isSecond && freshness.IsCurrent) Send(FeedText.Current(clock.Microseconds()));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, clock);
        try
        {
            for (var tick = 0; await timer.WaitForNextTickAsync(stoppingToken); tick++) Look(isSecond: tick % TicksInSecond == 0);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
        finally
        {
            configuration.Epochs.Raised -= Tell;
            lock (gate)
            {
                foreach (var channel in listeners) channel.Writer.TryComplete();
                listeners.Clear();
            }
        }
    }

    private void Tell(Epoch epoch)
    {
        if (epoch.Organisation != OrganisationId.Default) return;
        var text = FeedText.Raised(epoch);
        lock (gate) Send(text);
    }

    private void FindInactive()
    {
        var revision = configuration.Revision;
        if (revision <= Volatile.Read(ref seen)) return;
        var now = InactiveNow().ToDictionary(subject => subject.Subject, subject => subject.Since?.At ?? long.MaxValue);
        lock (gate)
        {
            // Somebody else has looked meanwhile, and later.
            if (revision <= seen) return;
            foreach (var subject in now.Keys.Where(subject => !inactive.ContainsKey(subject))) Send(FeedText.Moved(subject, isActive: false));
            foreach (var subject in inactive.Keys.Where(subject => !now.ContainsKey(subject))) Send(FeedText.Moved(subject, isActive: true));
            (inactive, seen) = (now, revision);
        }
    }

    private IEnumerable<(FeedSubject Subject, StateChange? Since)> InactiveNow()
    {
        var organisation = OrganisationId.Default;
        return configuration.Agents(organisation).Where(agent => agent.State != Lifecycle.Active).Select(agent => (new FeedSubject(RevocationLevel.Agent, agent.Name.Value), agent.LastChange))
            .Concat(configuration.Workflows(organisation).Where(workflow => workflow.State != Lifecycle.Active).Select(workflow => (new FeedSubject(RevocationLevel.Workflow, workflow.Name.Value), workflow.LastChange)))
            .Concat(configuration.Servers(organisation).Where(server => server.State != Lifecycle.Active).Select(server => (new FeedSubject(RevocationLevel.Credential, server.Name.Value), server.LastChange)));
    }

    /// <summary>Under the lock, so that all get everything in one order.</summary>
    private void Send(byte[] text) => listeners.RemoveWhere(channel =>
    {
        if (channel.Writer.TryWrite(text)) return false;
        channel.Writer.TryComplete();
        return true;
    });
}
