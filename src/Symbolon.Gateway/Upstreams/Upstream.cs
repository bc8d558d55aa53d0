using System.Collections.Immutable;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;

namespace Symbolon.Gateway.Upstreams;

/// <summary>
/// One approved manifest of a server as this node knows it at work: the way to it, the eras it speaks, the tools it lists. Replaced
/// when another version is approved.
/// </summary>
internal sealed class Upstream(OrganisationId organisation, ServerName name, ManifestVersion approved)
{
    private readonly EraView legacy = new();
    private readonly EraView modern = new();

    public OrganisationId Organisation => organisation;

    public ServerName Name => name;

    public ServerManifest Manifest => approved.Manifest;

    public int ManifestNumber => approved.Number;

    /// <summary>A name that leads nowhere stands for a process.</summary>
    public Uri Url => approved.Manifest.Upstream.Endpoint ?? Nowhere;

    private static readonly Uri Nowhere = new("http://process.invalid/");

    public required CallLimits Limits { get; init; }

    /// <summary>Whether it can be connected to at all.</summary>
    public required Circuit Circuit { get; init; }

    /// <summary>The way out, as of <see cref="Configured"/>: a suspended server's is closed, a resumed one gets another.</summary>
    public required HttpMessageInvoker Invoker { get; set; }

    /// <summary>Number of the configuration change at which <see cref="Invoker"/> was asked for.</summary>
    public required long Configured { get; set; }

    /// <summary>Timestamp of the last call or list; what nobody uses is not read.</summary>
    public long LastUsed { get; set; }

    /// <summary>A notification that the list changed passed by; it does not say in which era.</summary>
    public void Outdate() => legacy.IsOutdated = modern.IsOutdated = true;

    public EraView this[Era era] => era == Era.Legacy ? legacy : modern;

    /// <summary>The versions that work here, newest first.</summary>
    public ImmutableArray<string> Versions =>
    [
        .. modern.State == EraState.Spoken ? ProtocolVersions.Modern : [],
        .. legacy.State == EraState.Spoken ? ProtocolVersions.Legacy : [],
    ];

    /// <summary>Whether the registration lets us speak it.</summary>
    public bool Allows(Era era) => Manifest.Upstream.Era switch
    {
        UpstreamEra.Legacy => era == Era.Legacy,
        UpstreamEra.Modern => era == Era.Modern,
        _ => true,
    };
}

internal enum EraState
{
    /// <summary>Not found out yet, or the upstream did not answer.</summary>
    Unknown,
    Spoken,
    NotSpoken,
}

/// <summary>What is known of an upstream in one era.</summary>
internal sealed class EraView
{
    private readonly Lock gate = new();
    private LiveTools tools = LiveTools.None;

    public EraReading Reading { get; } = new();

    /// <summary>The list is said to have changed since it was read.</summary>
    public bool IsOutdated { get; set; }

    /// <summary>Nobody looks for changes any more since nobody uses it: it has to be read before it is decided on.</summary>
    public bool IsUnwatched { get; set; }

    /// <summary>Timestamp of the start of the last reading.</summary>
    public long BegunAt { get; set; }

    public EraState State { get; private set; }

    /// <summary>Timestamp of the last whole list.</summary>
    public long ReadAt { get; private set; }

    public LiveTools Tools => Volatile.Read(ref tools);

    /// <summary>The last reading failed, and none has succeeded since.</summary>
    public bool HasFailedSince => Reading.Last is { } failure && failure.At > ReadAt;

    /// <summary>A whole list was read.</summary>
    public void Replace(LiveTools read, long timestamp)
    {
        lock (gate)
        {
            Volatile.Write(ref tools, read);
            ReadAt = timestamp;
            State = EraState.Spoken;
        }
    }

    /// <summary>A page passed by.</summary>
    /// <returns>Whether it told something new.</returns>
    public bool Observe(List<LiveTool> seen)
    {
        lock (gate)
        {
            var merged = tools.With(seen);
            if (ReferenceEquals(merged, tools)) return false;
            Volatile.Write(ref tools, merged);
            return true;
        }
    }

    public void NotSpoken(long timestamp)
    {
        lock (gate)
        {
            State = EraState.NotSpoken;
            ReadAt = timestamp;
            Volatile.Write(ref tools, LiveTools.None);
        }
    }
}
