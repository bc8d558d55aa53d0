using Symbolon.Core.Registry;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Mcp;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>Which notifications of an upstream a caller may have: progress of its own request, log messages, and what changed of that it may have.</summary>
internal static class RelayedNotifications
{
    /// <param name="message">As the exchange's envelope has just read it.</param>
    public static bool MayPass(Exchange exchange, ReadOnlySpan<byte> message)
    {
        var envelope = exchange.Envelope;
        if (envelope.Kind != AnswerKind.Notification || !exchange.Framer.IsMessage) return false;
        var method = JsonValue.Root(envelope.Method.In(message));
        if (method.TextEquals("notifications/progress"u8)) return IsOwnProgress(exchange, message);
        // What a rule takes out of a result must not come in passing.
        if (exchange.Duty is { Redacts: true }) return false;
        if (method.TextEquals("notifications/message"u8)) return exchange.Era == Era.Legacy || exchange.Message.MetaLogLevel.IsPresent;
        var isTools = method.TextEquals("notifications/tools/list_changed"u8);
        if (isTools) exchange.Upstream!.Outdate();
        // In the modern era these are for who subscribed, on that stream alone.
        if (exchange.Era == Era.Modern && exchange.Message.Method != McpMethod.Listen) return false;
        if (isTools) return true;
        var reach = exchange.Standing!.Reach;
        if (method.TextEquals("notifications/resources/updated"u8)) return IsOfOwnResource(exchange, message);
        if (method.TextEquals("notifications/prompts/list_changed"u8)) return reach.HasPrompts;
        if (method.TextEquals("notifications/resources/list_changed"u8)) return reach.HasResources;
        if (method.TextEquals("notifications/elicitation/complete"u8))
            return exchange.Session is { } session && session.Features.HasFlag(ClientFeatures.Elicitation) && exchange.Upstream!.Manifest.ClientFeatures.HasFlag(ClientFeatures.Elicitation);
        return exchange.Era == Era.Modern && method.TextEquals("notifications/subscriptions/acknowledged"u8);
    }

    /// <summary>The resource that is told to have changed, of which rules are asked as well; null for any other message.</summary>
    /// <param name="message">As the exchange's envelope has just read it.</param>
    public static string? UpdatedResource(Exchange exchange, ReadOnlySpan<byte> message) =>
        exchange.Envelope.Kind == AnswerKind.Notification && JsonValue.Root(exchange.Envelope.Method.In(message)).TextEquals("notifications/resources/updated"u8) ? UriOf(exchange, message) : null;

    /// <summary>Whoever subscribed may have been let in then, and not be now.</summary>
    private static bool IsOfOwnResource(Exchange exchange, ReadOnlySpan<byte> message) => UriOf(exchange, message) is { } uri && exchange.Standing!.Reach.Resource(uri).IsAllowed;

    private static string? UriOf(Exchange exchange, ReadOnlySpan<byte> message) =>
        exchange.Envelope.Params.IsPresent && JsonValue.Root(exchange.Envelope.Params.In(message)).TryGetOnly("uri"u8, out var uri) && uri.TryGetString(out var text) ? text : null;

    private static bool IsOwnProgress(Exchange exchange, ReadOnlySpan<byte> message)
    {
        var own = exchange.Resumed is { } place ? place.ProgressToken : exchange.Message.At(exchange.Message.ProgressToken);
        var parameters = exchange.Envelope.Member(message, "params"u8);
        if (exchange.Duty is { Redacts: true } && parameters.TryGet("message"u8, out _)) return false;
        return !own.IsEmpty && parameters.TryGet("progressToken"u8, out var token) && AnswerEnvelope.SameId(token.Raw, own);
    }
}
