using Symbolon.Core.Tools;
using Symbolon.Gateway.Mcp;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>Which notifications of an upstream a caller may have: progress of its own request, log messages, changed tools.</summary>
internal static class RelayedNotifications
{
    /// <param name="message">As the exchange's envelope has just read it.</param>
    public static bool MayPass(Exchange exchange, ReadOnlySpan<byte> message)
    {
        var envelope = exchange.Envelope;
        if (envelope.Kind != AnswerKind.Notification || !exchange.Framer.IsMessage) return false;
        var method = JsonValue.Root(envelope.Method.In(message));
        if (method.TextEquals("notifications/progress"u8)) return IsOwnProgress(exchange, message);
        if (method.TextEquals("notifications/message"u8)) return exchange.Era == Era.Legacy || exchange.Message.MetaLogLevel.IsPresent;
        if (!method.TextEquals("notifications/tools/list_changed"u8)) return false;
        exchange.Upstream!.Outdate();
        return exchange.Era == Era.Legacy;
    }

    private static bool IsOwnProgress(Exchange exchange, ReadOnlySpan<byte> message) =>
        exchange.Message.ProgressToken.IsPresent
        && exchange.Envelope.Member(message, "params"u8).TryGet("progressToken"u8, out var token)
        && AnswerEnvelope.SameId(token.Raw, exchange.Message.At(exchange.Message.ProgressToken));
}
