namespace Symbolon.Gateway.Upstreams.Channels;

/// <summary>Bounds of the channels of one server.</summary>
internal sealed record ChannelLimits
{
    /// <summary>Requests that may be open on one channel at once; more are refused as overload. Default 256.</summary>
    public int MostExchanges { get; init; } = 256;

    /// <summary>Of these, subscriptions, which stay open: half, so that they leave room for calls.</summary>
    public int MostListening => MostExchanges / 2;

    /// <summary>Of these, subscriptions of one caller. Default 16.</summary>
    public int MostListeningOfOneCaller { get; init; } = 16;

    /// <summary>Bytes of notifications that may wait for one caller who reads slowly; what comes on top is dropped. Default 1 MiB.</summary>
    public int MostWaitingBytes { get; init; } = 1024 * 1024;

    /// <summary>Channels of one server at once, over all callers and sessions. Default 16.</summary>
    public int MostChannels { get; init; } = 16;

    /// <summary>Of these, those that one caller may have who shares none: half, but the two that speak both eras.</summary>
    public int MostOfOneCaller => Math.Max(2, MostChannels / 2);

    /// <summary>Time to open a channel and to answer its first request. Default 15 s.</summary>
    public TimeSpan Readiness { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Time to answer whether the modern era is spoken; servers of the legacy era may say nothing at all. Default 5 s.</summary>
    public TimeSpan Probe { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A channel that nobody used for so long is closed. Default 10 min.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Pause after the first failure to open; doubled with each further one up to <see cref="LongestPause"/>. Default 1 s.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Default 1 min.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>A channel that closed sooner than this counts as one that failed to open. Default 10 s.</summary>
    public TimeSpan Steady { get; init; } = TimeSpan.FromSeconds(10);
}
