using System.Text;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Sealing;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>
/// Cursors of an upstream as its client holds them: whose they are, of which server and list is sealed with them. An empty cursor is one, too
/// (PROTOCOL.md section 6, Pagination).
/// </summary>
internal sealed class ListCursor(StateSeal seal)
{
    private const int MostLength = 8 * 1024;

    private static readonly Reply.Refused Unknown =
        new(Refusal.InvalidParams("'params.cursor' is none that was given to you for this list, or it has expired. Begin the list again without it.") with { Form = RefusalForm.UnknownState });

    /// <summary>Puts the upstream's own cursor into the message.</summary>
    public Reply.Refused? Open(Exchange exchange)
    {
        var message = exchange.Message;
        if (!message.Cursor.IsPresent) return null;
        if (!JsonValue.Root(message.At(message.Cursor)).TryGetString(out var text)) return Unknown;
        if (seal.Open(StatePurpose.Cursor, text, exchange.Caller!.Record, exchange.Standing!.Server.Name, out _) is not { Length: > 1 } state || state[0] != (byte)message.Method) return Unknown;
        message.Opened = state[1..];
        return null;
    }

    /// <param name="cursor">As the upstream wrote it.</param>
    /// <returns>The cursor for the client, with its quotation marks; null for one that is too long to be kept.</returns>
    public byte[]? Seal(Exchange exchange, ReadOnlySpan<byte> cursor)
    {
        if (cursor.Length > MostLength) return null;
        byte[] state = [(byte)exchange.Message.Method, .. cursor];
        return Encoding.ASCII.GetBytes($"\"{seal.Seal(StatePurpose.Cursor, state, exchange.Caller!.Record, exchange.Standing!.Server.Name)}\"");
    }
}
