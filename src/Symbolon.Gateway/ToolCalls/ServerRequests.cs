using System.Text;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Sealing;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>
/// What a server asks its client in the middle of a call (legacy era): sampling, elicitation, roots. Relayed in a session, if the server's file allows it
/// and the client has declared it; the id that the client sees is sealed, so that only an answer to what was relayed, in the same session, goes back. All else
/// is answered here with an error.
/// </summary>
internal sealed class ServerRequests(StateSeal seal, UpstreamRefusals refusals)
{
    /// <summary>What one request or stream may ask; a server that goes on is answered here.</summary>
    private const int Most = 64;

    private const int MostIdLength = 1024;

    /// <returns>The request for the client; null when it was answered here.</returns>
    /// <param name="message">As the exchange's envelope has just read it.</param>
    public byte[]? Take(Exchange exchange, ReadOnlySpan<byte> message)
    {
        var relayed = Relayed(exchange, message);
        if (relayed is null) refusals.Answer(exchange, message);
        return relayed;
    }

    /// <summary>Whether this is a client's answer to what was relayed; then the server's own id is in the message.</summary>
    public bool TryOpen(Exchange exchange)
    {
        var message = exchange.Message;
        if (exchange.Session is not { } session || !JsonValue.Root(message.At(message.Id)).TryGetString(out var text)) return false;
        if (seal.Open(StatePurpose.ServerRequest, text, exchange.Caller!.Record, exchange.Standing!.Server.Name, out _) is not { Length: > 2 } state) return false;
        var feature = (ClientFeatures)state[0];
        if (!AreAllowed(exchange, session, feature)) return false;
        var place = Encoding.ASCII.GetBytes(session.Id);
        if (!state.AsSpan(1).StartsWith(place) || state.Length <= 1 + place.Length || state[1 + place.Length] != 0) return false;
        message.Opened = state[(2 + place.Length)..];
        exchange.AnswersTo = feature;
        return true;
    }

    /// <summary>A server that may ask for the client's roots is told that they changed.</summary>
    public static bool MayTellRoots(Exchange exchange) => exchange.Session is { } session && AreAllowed(exchange, session, ClientFeatures.Roots);

    private byte[]? Relayed(Exchange exchange, ReadOnlySpan<byte> message)
    {
        var envelope = exchange.Envelope;
        if (exchange.Era != Era.Legacy || exchange.Session is not { } session) return null;
        if (ClientCapabilities.AskedBy(JsonValue.Root(envelope.Method.In(message))) is not { } feature || !AreAllowed(exchange, session, feature)) return null;
        if (envelope.Id.Length > MostIdLength || exchange.Asked >= Most) return null;
        exchange.Asked++;
        byte[] state = [(byte)feature, .. Encoding.ASCII.GetBytes(session.Id), 0, .. envelope.Id.In(message)];
        var id = seal.Seal(StatePurpose.ServerRequest, state, exchange.Caller!.Record, exchange.Standing!.Server.Name);
        var written = new ByteBuffer();
        written.Write("{\"jsonrpc\":\"2.0\",\"id\":\""u8);
        Encoding.ASCII.GetBytes(id, written);
        written.Write("\",\"method\":"u8);
        written.Write(envelope.Method.In(message));
        if (envelope.Params.IsPresent)
        {
            written.Write(",\"params\":"u8);
            written.Write(envelope.Params.In(message));
        }
        written.Write("}"u8);
        return written.Span.ToArray();
    }

    /// <summary>By the session and by the file as it is now.</summary>
    private static bool AreAllowed(Exchange exchange, UpstreamSession session, ClientFeatures features) =>
        features != ClientFeatures.None && (session.Features & exchange.Upstream!.Manifest.ClientFeatures & features) == features;
}
