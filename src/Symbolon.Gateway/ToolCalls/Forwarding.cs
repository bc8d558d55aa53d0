using System.Text;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Upstreams;
using Symbolon.Gateway.Upstreams.Channels;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>The request to the upstream for an exchange that was decided.</summary>
internal static class Forwarding
{
    public static readonly Refusal NotMirrored =
        Refusal.Mismatch("A header that mirrors an argument has other characters than ASCII: send its value as =?base64?...?=.");

    public static HttpRequestMessage Post(Exchange exchange)
    {
        var message = exchange.Message;
        var version = exchange.Revision?.Text;
        exchange.Outgoing.Clear();
        UpstreamEnvelope.Write(message, version ?? ProtocolVersions.Legacy[0], exchange.Upstream!.Manifest.ClientFeatures, exchange.Outgoing);
        var isOpening = message.Method == McpMethod.Initialize;
        var request = UpstreamRequest.Post(
            exchange.Upstream!.Url, exchange.Outgoing.Memory, exchange.Credential, isOpening ? null : version, exchange.Session?.Id);
        if (exchange.Era == Era.Modern) AddModernHeaders(exchange, request);
        if (exchange.Trace is { } trace) request.Headers.TryAddWithoutValidation("traceparent", TraceId.Header(trace, exchange.Call));
        if (exchange.Duty is { } duty)
            foreach (var (name, value) in duty.Headers) request.Headers.TryAddWithoutValidation(name, value);
        MarkCaller(exchange, request);
        return request;
    }

    /// <summary>Asks for the stream of a session, or for the rest of one.</summary>
    /// <param name="lastEvent">The server's own id of the last event that was got; null for a stream from its beginning.</param>
    public static HttpRequestMessage Listen(Exchange exchange, string? lastEvent)
    {
        var (url, version, session) = (exchange.Upstream!.Url, exchange.Revision?.Text, exchange.Session?.Id);
        var request = lastEvent is null
            ? UpstreamRequest.Get(url, exchange.Credential, version, session)
            : UpstreamRequest.Resume(url, exchange.Credential, version, session, lastEvent);
        MarkCaller(exchange, request);
        return request;
    }

    /// <summary>A server behind a channel keeps callers apart; what goes to others says nothing of them.</summary>
    public static void MarkCaller(Exchange exchange, HttpRequestMessage request) =>
        ChannelCaller.Mark(request, exchange.Upstream!.Invoker, exchange.Caller!.Record);

    /// <summary>The mirrors of arguments are written from the body where the tool's schema names them, and passed on where nobody knows them (SEP-2243).</summary>
    /// <returns>False when one cannot be: with characters outside ASCII it would not leave this machine, and the upstream be blamed.</returns>
    public static bool TryAddMirrors(Exchange exchange, HttpRequestMessage request)
    {
        if (exchange.Era != Era.Modern) return true;
        if (exchange.Input.HasMirrors)
        {
            exchange.Message.Params.TryGetObject("arguments"u8, out var arguments);
            exchange.Input.WriteHeaders(arguments, request.Headers);
        }
        foreach (var header in exchange.Http.Request.Headers)
        {
            if (!header.Key.StartsWith(MirroredArguments.HeaderPrefix, StringComparison.OrdinalIgnoreCase) || exchange.Input.Mirrors(header.Key) || header.Value is not [{ } value]) continue;
            if (!Ascii.IsValid(value)) return false;
            request.Headers.TryAddWithoutValidation(header.Key, value);
        }
        return true;
    }

    private static string? NameOf(Exchange exchange) => exchange.Message.Method switch
    {
        McpMethod.ToolsCall => exchange.Tool!.Tool!.Name.Value,
        McpMethod.PromptsGet or McpMethod.ResourcesRead => exchange.Target!.Text,
        McpMethod.TaskGet or McpMethod.TaskUpdate or McpMethod.TaskCancel => JsonValue.Root(exchange.Message.Opened).TryGetString(out var id) ? id : null,
        _ => null,
    };

    /// <summary>Written from the body, not copied.</summary>
    private static void AddModernHeaders(Exchange exchange, HttpRequestMessage request)
    {
        exchange.WatchClient();
        request.Headers.TryAddWithoutValidation(McpHeaders.Method, exchange.Message.Method.ToText());
        if (NameOf(exchange) is { } name) request.Headers.TryAddWithoutValidation(McpHeaders.Name, HeaderText.Encode(name));
    }
}
