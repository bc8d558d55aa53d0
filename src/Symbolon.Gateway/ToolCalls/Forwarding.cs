using Symbolon.Core.Tools;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Upstreams;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>The request to the upstream for an exchange that was decided.</summary>
internal static class Forwarding
{
    public static HttpRequestMessage Post(Exchange exchange)
    {
        var message = exchange.Message;
        var version = exchange.Revision?.Text;
        exchange.Outgoing.Clear();
        UpstreamEnvelope.Write(message, version ?? ProtocolVersions.Legacy[0], exchange.Outgoing);
        var isOpening = message.Method == McpMethod.Initialize;
        var request = UpstreamRequest.Post(
            exchange.Upstream!.Url, exchange.Outgoing.Memory, exchange.Credential, isOpening ? null : version, exchange.Session?.Id);
        if (exchange.Era == Era.Modern) AddModernHeaders(exchange, request);
        return request;
    }

    /// <summary>Written from the body, not copied; the mirrors of arguments are passed on, known or not (SEP-2243).</summary>
    private static void AddModernHeaders(Exchange exchange, HttpRequestMessage request)
    {
        exchange.WatchClient();
        request.Headers.TryAddWithoutValidation(McpHeaders.Method, exchange.Message.Method.ToText());
        if (exchange.Message.Method != McpMethod.ToolsCall) return;
        request.Headers.TryAddWithoutValidation(McpHeaders.Name, exchange.Tool!.Tool!.Name.Value);
        foreach (var header in exchange.Http.Request.Headers)
            if (header.Key.StartsWith(McpHeaders.ParamPrefix, StringComparison.OrdinalIgnoreCase) && header.Value.Count == 1)
                request.Headers.TryAddWithoutValidation(header.Key, header.Value[0]);
    }
}
