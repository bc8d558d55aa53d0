using Symbolon.Gateway.Mcp;

namespace Symbolon.Gateway.Upstreams.Channels;

/// <summary>One request that is open on a channel: how its caller called it, and what came for it so far.</summary>
internal sealed class ChannelExchange(long id, OutgoingMessage request, string? caller, string? session, int mostWaiting) : DeliveryQueue(mostWaiting)
{
    private readonly byte[] callersId = request.IdBytes;
    private readonly byte[]? callersToken = request.ProgressTokenBytes;

    /// <summary>On the channel.</summary>
    public long Id => id;

    public bool HasProgressToken => callersToken is not null;

    /// <summary>A client of a session waits for it, who can be asked something; not the gateway itself.</summary>
    public bool IsOfSession => session is not null;

    /// <summary>What a server works at when it asks, before all else that is open.</summary>
    public bool IsCall { get; } = request.Method is "tools/call" or "prompts/get" or "resources/read";

    /// <summary>A subscription (2026-07-28): open as long as its caller likes, and told what belongs to it alone.</summary>
    public bool IsListening { get; } = request.Method == "subscriptions/listen";

    /// <summary>Where its caller looks whether its silence counts; null where nobody does.</summary>
    public AskedMark? Asked { get; init; }

    /// <summary>Whether this is the request that the caller speaks of.</summary>
    public bool Is(string? byCaller, string? inSession, ReadOnlySpan<byte> requestId) =>
        string.Equals(caller, byCaller, StringComparison.Ordinal) && string.Equals(session, inSession, StringComparison.Ordinal)
        && AnswerEnvelope.SameId(callersId, requestId);

    /// <summary>Dropped when the caller is too far behind: a notification is worth nothing late.</summary>
    /// <param name="token">Where the channel's token stands in the message.</param>
    public void Progress(ReadOnlySpan<byte> message, Slice token) => TryTell(Splicing.Replace(message, token, callersToken));

    /// <param name="subscription">Where the channel's id stands in the message.</param>
    /// <returns>False where it was dropped.</returns>
    public bool TryTell(ReadOnlySpan<byte> message, Slice subscription) => TryTell(Splicing.Replace(message, subscription, callersId));

    /// <param name="idPlace">Where the channel's id stands in the message.</param>
    /// <param name="subscription">Where it stands a second time; absent where it does not.</param>
    public void Finish(ReadOnlySpan<byte> message, Slice idPlace, Slice subscription = default) =>
        Finish(Splicing.Replace(message, idPlace, callersId, subscription, subscription.IsPresent ? callersId : default));

    public bool IsOf(string? byCaller) => string.Equals(caller, byCaller, StringComparison.Ordinal);
}
