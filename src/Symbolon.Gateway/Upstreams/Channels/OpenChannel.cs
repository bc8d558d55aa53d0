using Symbolon.Core.Tools;

namespace Symbolon.Gateway.Upstreams.Channels;

/// <summary>A channel that was opened and has answered.</summary>
/// <param name="Opening">What callers are told who open a session; null in the modern era, which has none.</param>
internal sealed record OpenChannel(Multiplexer Exchanges, OpeningAnswer? Opening) : IDisposable
{
    public bool IsOpen => !Exchanges.IsClosed;

    public void Dispose() => Exchanges.Dispose();
}

/// <summary>Who uses a channel: with <see cref="Isolation.Shared"/> only the era tells them apart.</summary>
/// <param name="Caller">Empty for all of them, and for the gateway itself.</param>
internal readonly record struct ChannelKey(Era Era, string Caller, string? Session)
{
    public static ChannelKey For(Isolation isolation, Era era, string? caller, string? session) => isolation switch
    {
        Isolation.Caller => new(era, caller ?? "", null),
        Isolation.Session => new(era, caller ?? "", era == Era.Legacy ? session : null),
        _ => new(era, "", null),
    };
}
