using System.Net;
using System.Text.Json.Nodes;
using Symbolon.Cli.Output;
using Symbolon.Cli.Upstreams;
using Symbolon.Core.Tools;

namespace Symbolon.Cli.Demo;

/// <summary>Calls tools through the gateway as an MCP client does, with a pasted token.</summary>
internal sealed class GatewayCaller(HttpClient http, Uri gateway, string token)
{
    private int id;

    /// <returns>Names of the tools that this token is shown, and the HTTP status.</returns>
    public async Task<(HttpStatusCode Status, IReadOnlyList<string> Tools)> ListAsync(string server, CancellationToken cancellation)
    {
        var answer = await SendAsync(server, "tools/list", null, [], cancellation);
        var tools = answer.Result is { } result && JsonPath.Find(result, "tools") is { } listed
            ? listed.EnumerateArray().Select(tool => JsonPath.Text(tool, "name") ?? "").Order(StringComparer.Ordinal).ToList()
            : [];
        return (answer.Status!.Value, tools);
    }

    /// <param name="trace">32 hexadecimal digits: the trace that the call belongs to (W3C Trace Context); null for none.</param>
    public async Task<CallAnswer> CallAsync(string server, string tool, JsonObject arguments, CancellationToken cancellation, string? trace = null)
    {
        var parameters = new JsonObject { ["name"] = tool, ["arguments"] = arguments };
        if (trace is not null) parameters["_meta"] = new JsonObject { ["traceparent"] = $"00-{trace}-00f067aa0ba902b7-01" };
        return new CallAnswer(await SendAsync(server, "tools/call", tool, parameters, cancellation));
    }

    private Task<McpAnswer> SendAsync(string server, string method, string? name, JsonObject parameters, CancellationToken cancellation)
    {
        if (parameters["_meta"] is not JsonObject meta) parameters["_meta"] = meta = [];
        meta["io.modelcontextprotocol/protocolVersion"] = ProtocolVersions.V20260728;
        meta["io.modelcontextprotocol/clientCapabilities"] = new JsonObject();
        meta["io.modelcontextprotocol/clientInfo"] = ClientName.Json();
        var message = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = ++id, ["method"] = method, ["params"] = parameters };
        List<(string, string)> headers = [("MCP-Protocol-Version", ProtocolVersions.V20260728), ("Mcp-Method", method)];
        if (name is not null) headers.Add(("Mcp-Name", name));
        return new McpExchange(http, new Uri(gateway, $"/t/mcp/{server}"), ("Authorization", $"Bearer {token}")).SendAsync(message.ToJsonString(), id, headers, cancellation);
    }
}

/// <summary>What a call came to.</summary>
internal sealed class CallAnswer(McpAnswer answer)
{
    public HttpStatusCode Status => answer.Status!.Value;

    public bool Succeeded => Status == HttpStatusCode.OK && answer.Result is { } result && JsonPath.Text(result, "isError") != "yes";

    /// <summary>The reason code of a refusal by the gateway, or null.</summary>
    public string? Refusal => answer.Result is { } result ? RefusalOf(result) : answer.Error is { } error ? JsonPath.Text(error, "data.code") : null;

    /// <summary>The texts of the result, or the message of the error.</summary>
    public string Text => answer.Result is { } result && JsonPath.Find(result, "content") is { } content
        ? string.Join(' ', content.EnumerateArray().Select(item => JsonPath.Text(item, "text")))
        : answer.Error is { } error ? JsonPath.Text(error, "message") ?? "" : $"HTTP {(int)Status}";

    /// <summary>Everything in one line, for who must find out why a step failed.</summary>
    public override string ToString() => $"HTTP {(int)Status} {answer.Message?.GetRawText()}";

    private static string? RefusalOf(System.Text.Json.JsonElement result) =>
        JsonPath.Find(result, "_meta") is { } meta && meta.TryGetProperty("symbolon/refusal", out var refusal) ? JsonPath.Text(refusal, "code") : null;
}
