using Symbolon.Core.Registry;
using Symbolon.Core.Tools;

namespace Symbolon.Gateway.Upstreams.Channels;

/// <summary>A channel that was opened and has answered.</summary>
/// <param name="Opening">What callers are told who open a session; null in the modern era, which has none.</param>
internal sealed record OpenChannel(Multiplexer Exchanges, OpeningAnswer? Opening) : IDisposable
{
    public bool IsOpen => !Exchanges.IsClosed;

    public void Dispose() => Exchanges.Dispose();
}

/// <summary>Who uses a channel: with <see cref="ProcessIsolation.Shared"/> only the era tells them apart.</summary>
/// <param name="Caller">Empty for all of them, and for the gateway itself.</param>
internal readonly record struct ChannelKey(Era Era, string Caller, string? Session)
{
    public static ChannelKey For(ProcessIsolation isolation, Era era, string? caller, string? session) => isolation switch
    {
        ProcessIsolation.Caller => new(era, caller ?? "", null),
        ProcessIsolation.Session => new(era, caller ?? "", era == Era.Legacy ? session : null),
        _ => new(era, "", null),
    };
}
