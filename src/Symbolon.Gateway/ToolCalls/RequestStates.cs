using System.Security.Cryptography;
using System.Text;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Sealing;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>
/// The <c>requestState</c> of a result that asks for input (2026-07-28): what the server wants to see again, bound to the caller and to the very request that
/// it was given for, so that an answer to one question is no answer to another. PROTOCOL.md section 5, requestState.
/// </summary>
internal sealed class RequestStates(StateSeal seal)
{
    private const int MostLength = 32 * 1024;
    private const int DigestLength = SHA256.HashSizeInBytes;

    private static readonly Reply.Refused Unknown =
        new(Refusal.InvalidParams("'params.requestState' is none that was given to you for this request, or it has expired. Ask again without it.") with { Form = RefusalForm.UnknownState });

    /// <summary>Puts the server's own state into the message.</summary>
    public Reply.Refused? Open(Exchange exchange)
    {
        var message = exchange.Message;
        if (!message.Method.MayAskForInput()) return null;
        if (exchange.Era == Era.Legacy)
        {
            // No members of that era: they stay behind, and no record speaks of them.
            message.InputResponses = message.RequestState = default;
            return null;
        }
        if (!message.RequestState.IsPresent)
        {
            // A server may ask without a state, and then takes a client at its word. Where it may ask for nothing, answers stay behind.
            if (CallResults.AskableOf(exchange) == ClientFeatures.None) message.InputResponses = default;
            return null;
        }
        if (!JsonValue.Root(message.At(message.RequestState)).TryGetString(out var text)) return Unknown;
        if (seal.Open(StatePurpose.RequestState, text, exchange.Caller!.Record, exchange.Standing!.Server.Name, out _) is not { Length: > DigestLength } state) return Unknown;
        if (!CryptographicOperations.FixedTimeEquals(state.AsSpan(0, DigestLength), DigestOf(exchange))) return Unknown;
        message.Opened = state[DigestLength..];
        return null;
    }

    /// <param name="requestState">As the server wrote it, with its quotation marks.</param>
    /// <returns>The state for the client, with its quotation marks; null for one that is too long.</returns>
    public byte[]? Seal(Exchange exchange, ReadOnlySpan<byte> requestState)
    {
        if (requestState.Length > MostLength) return null;
        byte[] state = [.. DigestOf(exchange), .. requestState];
        return Encoding.ASCII.GetBytes($"\"{seal.Seal(StatePurpose.RequestState, state, exchange.Caller!.Record, exchange.Standing!.Server.Name)}\"");
    }

    /// <summary>Of method, name or address, and the arguments in RFC 8785's form: a client that writes them anew has not changed them.</summary>
    private static byte[] DigestOf(Exchange exchange)
    {
        var message = exchange.Message;
        var text = exchange.Own;
        text.Clear();
        text.Write([(byte)message.Method]);
        var (name, _) = McpHeaders.NamedBy(message);
        CanonicalJson.TryWrite(message.At(name), NumberForm.AsWritten, text);
        text.Write("\n"u8);
        if (message.Arguments.IsPresent) CanonicalJson.TryWrite(message.At(message.Arguments), NumberForm.AsWritten, text);
        var digest = SHA256.HashData(text.Span);
        text.Clear();
        return digest;
    }
}
