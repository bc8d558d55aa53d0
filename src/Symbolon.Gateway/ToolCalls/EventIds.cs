using System.Text;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Sealing;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>
/// The ids of events in the streams of a legacy session: the server's own id, and which request the stream answers, so that any node can take it up again for
/// the same caller, decide again, and record the answer under its call.
/// </summary>
internal sealed class EventIds(StateSeal seal)
{
    private const int CallLength = 16;
    private const int MostPart = 1024;

    /// <returns>Null for an event without an id of its own, and for what is too long to be an id.</returns>
    public string? Of(Exchange exchange)
    {
        // One stream answers all messages of a batch: an id would take up only one of them.
        if (exchange.Session is null || exchange.Batch is not null || exchange.Framer.Resume.Id is not { } id || !exchange.Framer.Resume.IsNew) return null;
        var place = exchange.Resumed ?? StreamPlace.Of(exchange);
        var parts = new[] { Encoding.UTF8.GetBytes(exchange.Session.Id), place.RequestId, place.ProgressToken, Encoding.UTF8.GetBytes(place.Target), Encoding.ASCII.GetBytes(id) };
        if (Array.Exists(parts, part => part.Length > MostPart)) return null;
        var state = new ByteBuffer();
        state.Write([(byte)place.Method]);
        place.Call.TryWriteBytes(state.GetSpan(CallLength), bigEndian: true, out var written);
        state.Advance(written);
        foreach (var part in parts)
        {
            state.Write([(byte)(part.Length >> 8), (byte)part.Length]);
            state.Write(part);
        }
        return seal.Seal(StatePurpose.Event, state.Span, exchange.Caller!.Record, exchange.Standing!.Server.Name);
    }

    /// <returns>Null for what was not given to this caller in this session, and for what has expired.</returns>
    public StreamPlace? Open(Exchange exchange, string id)
    {
        if (exchange.Session is not { } session) return null;
        if (seal.Open(StatePurpose.Event, id, exchange.Caller!.Record, exchange.Standing!.Server.Name, out _) is not { Length: > 1 + CallLength } state) return null;
        var parts = new List<byte[]>();
        for (var at = 1 + CallLength; at < state.Length;)
        {
            var length = (state[at] << 8) | state[at + 1];
            parts.Add(state[(at + 2)..(at + 2 + length)]);
            at += 2 + length;
        }
        if (Encoding.UTF8.GetString(parts[0]) != session.Id) return null;
        return new StreamPlace(
            (McpMethod)state[0], new Guid(state.AsSpan(1, CallLength), bigEndian: true), parts[1], parts[2], Encoding.UTF8.GetString(parts[3]), Encoding.ASCII.GetString(parts[4]));
    }
}

/// <summary>Where a stream is taken up again.</summary>
/// <param name="Method">Of the request that the stream answers; <see cref="McpMethod.None"/> for the session's own stream.</param>
/// <param name="RequestId">As the client wrote it; empty where nothing is answered.</param>
/// <param name="ProgressToken">As the client wrote it; empty without one.</param>
/// <param name="Target">The tool, prompt or resource.</param>
/// <param name="LastEvent">The server's own id of the last event that the client has.</param>
internal sealed record StreamPlace(McpMethod Method, Guid Call, byte[] RequestId, byte[] ProgressToken, string Target, string LastEvent)
{
    public static StreamPlace Of(Exchange exchange)
    {
        var message = exchange.Message;
        return new StreamPlace(
            message.Method, exchange.Call, message.At(message.Id).ToArray(), message.At(message.ProgressToken).ToArray(),
            exchange.Tool?.Tool?.Name.Value ?? exchange.Target?.Text ?? "", "");
    }
}
