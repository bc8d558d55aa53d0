using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Mcp;

namespace Symbolon.Gateway.Upstreams.Channels;

/// <summary>
/// The channels of one server: opened when somebody needs one, shared as <see cref="ProcessIsolation"/> says, closed when nobody has used
/// them for a while, never more than <see cref="ChannelLimits.MostChannels"/>.
/// </summary>
internal sealed partial class ChannelPool : IDisposable
{
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(5);

    /// <summary>For so long a server that gave no answer at all is taken not to speak that era.</summary>
    private static readonly TimeSpan Presumed = TimeSpan.FromMinutes(10);

    private readonly Lock gate = new();
    private readonly Dictionary<ChannelKey, ChannelSlot> slots = [];
    private readonly ConcurrentDictionary<Era, long> notSpokenSince = new();
    private readonly IChannelFactory factory;
    private readonly ChannelLimits limits;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly string server;
    private readonly ITimer sweep;
    private bool isRetired;

    public ChannelPool(IChannelFactory factory, ProcessIsolation isolation, ChannelLimits limits, string server, TimeProvider clock, ILogger log)
    {
        (this.factory, Isolation, this.limits, this.server, this.clock, this.log) = (factory, isolation, limits, server, clock, log);
        sweep = clock.CreateTimer(_ => CloseIdle(), null, Sweep, Sweep);
    }

    public ProcessIsolation Isolation { get; }

    /// <summary>Called when a server says that its list of tools changed.</summary>
    public Action? ToolsChanged { get; set; }

    public int Count
    {
        get
        {
            lock (gate) return slots.Count;
        }
    }

    /// <param name="capabilities">What the client declares, where the channel is opened for it; else nothing is declared.</param>
    /// <returns>Null when the server does not speak this era.</returns>
    /// <exception cref="UpstreamFault">There is none to be had.</exception>
    public async ValueTask<OpenChannel?> OpenAsync(ChannelKey key, byte[] capabilities, CancellationToken cancellation)
    {
        if (notSpokenSince.TryGetValue(key.Era, out var since) && clock.GetElapsedTime(since) < Presumed) return null;
        return await SlotFor(key, capabilities).OpenAsync().WaitAsync(cancellation);
    }

    /// <summary>The channel, if it is open already.</summary>
    public OpenChannel? Find(ChannelKey key)
    {
        lock (gate) return slots.TryGetValue(key, out var slot) ? slot.Use() : null;
    }

    /// <returns>False when there was none.</returns>
    public bool TryClose(ChannelKey key)
    {
        ChannelSlot? slot;
        lock (gate)
            if (!slots.Remove(key, out slot)) return false;
        slot.Dispose();
        return true;
    }

    /// <summary>Opens no channel any more; what is open ends once nobody uses it.</summary>
    public void Retire()
    {
        lock (gate) isRetired = true;
    }

    public void Dispose()
    {
        sweep.Dispose();
        ChannelSlot[] all;
        lock (gate)
        {
            isRetired = true;
            all = [.. slots.Values];
            slots.Clear();
        }
        foreach (var slot in all) slot.Dispose();
    }

    private ChannelSlot SlotFor(ChannelKey key, byte[] capabilities)
    {
        ChannelSlot? evicted = null;
        try
        {
            lock (gate)
            {
                if (slots.TryGetValue(key, out var known)) return known;
                if (isRetired) throw UpstreamFault.Unreachable();
                // Who opens session after session would else leave nothing to the others.
                if (key.Caller.Length > 0 && slots.Keys.Count(slot => slot.Caller == key.Caller) >= limits.MostOfOneCaller && !TryEvict(slot => slot.Caller == key.Caller, out evicted))
                    throw new UpstreamFault(ReasonCode.Overloaded, "The server behind the gateway keeps as many sessions of this caller as it may; end one, or try again later.");
                if (slots.Count >= limits.MostChannels && !TryEvict(_ => true, out evicted))
                    throw new UpstreamFault(ReasonCode.Overloaded, "The server behind the gateway serves as many callers as it may; try again later.");
                return slots[key] = new ChannelSlot(() => StartAsync(key, capabilities), limits, clock);
            }
        }
        finally
        {
            evicted?.Dispose();
        }
    }

    /// <summary>
    /// Makes room by the channel that was not used for longest. Those of legacy sessions keep what their clients rely on, until they only listen and have not asked for anything for long.
    /// </summary>
    private bool TryEvict(Func<ChannelKey, bool> among, out ChannelSlot? evicted)
    {
        evicted = null;
        var idle = slots.Where(slot => among(slot.Key) && (slot.Value.IsUnused || ((slot.Key.Session is null || slot.Value.Live is null) && !slot.Value.IsBusy && !slot.Value.IsListenedTo)))
            .OrderBy(slot => slot.Value.UsedAt).Select(slot => (ChannelKey?)slot.Key).FirstOrDefault();
        return idle is { } key && slots.Remove(key, out evicted);
    }

    private async Task<OpenChannel?> StartAsync(ChannelKey key, byte[] capabilities)
    {
        using var late = new CancellationTokenSource(limits.Readiness, clock);
        Multiplexer? exchanges = null;
        try
        {
            ClientFeatures? ofSession = key.Session is null ? null : ClientCapabilities.Of(capabilities);
            exchanges = new Multiplexer(await factory.OpenAsync(late.Token), limits, Isolation == ProcessIsolation.Shared, server, log, ofSession) { ToolsChanged = () => ToolsChanged?.Invoke() };
            var opened = key.Era == Era.Modern
                ? await IsModernAsync(exchanges, late.Token) ? new OpenChannel(exchanges, null) : null
                : await Handshake.InitializeAsync(exchanges, capabilities, late.Token) is { } opening ? new OpenChannel(exchanges, opening) : null;
            if (opened is null)
            {
                notSpokenSince[key.Era] = clock.GetTimestamp();
                exchanges.Dispose();
            }
            return opened;
        }
        catch (Exception e) when (e is OperationCanceledException or UpstreamFault)
        {
            exchanges?.Dispose();
            var fault = e as UpstreamFault ?? UpstreamFault.TimedOut();
            LogNotOpened(server, fault.Message);
            throw fault;
        }
    }

    /// <summary>Servers of the legacy era may answer the question with an error, with silence, or by ending.</summary>
    private async Task<bool> IsModernAsync(Multiplexer exchanges, CancellationToken late)
    {
        using var probe = new CancellationTokenSource(limits.Probe, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(probe.Token, late);
        try
        {
            return await Handshake.DiscoverAsync(exchanges, either.Token);
        }
        catch (OperationCanceledException) when (!late.IsCancellationRequested)
        {
            return false;
        }
        catch (UpstreamFault)
        {
            return false;
        }
    }

    private void CloseIdle()
    {
        List<ChannelSlot> idle = [];
        lock (gate)
            foreach (var (key, slot) in slots)
                if ((slot.IsIdle || ((isRetired || (key.Session is not null && slot.Live is null)) && !slot.IsBusy)) && slots.Remove(key)) idle.Add(slot);
        foreach (var slot in idle) slot.Dispose();
    }

    [LoggerMessage(EventId = 2302, Level = LogLevel.Warning, Message = "Server {Server} could not be opened: {Why}")]
    private partial void LogNotOpened(string server, string why);
}
