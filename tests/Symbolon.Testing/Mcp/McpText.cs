using System.Text.Json.Nodes;

namespace Symbolon.Testing.Mcp;

/// <summary>Messages of MCP 2026-07-28 as text, for raw clients and servers.</summary>
public static class McpText
{
    public const string Modern = "2026-07-28";

    /// <summary>The members of <c>params._meta</c> that every request of this revision has.</summary>
    public const string Meta =
        """{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/clientInfo":{"name":"symbolon-tests","version":"1"}}""";

    /// <summary>A <c>tools/call</c>.</summary>
    /// <param name="arguments">JSON, put in as it is.</param>
    public static string Call(string tool, string arguments = "{}", string id = "1") =>
        $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}},"_meta":{{{Meta}}}}}""";

    public static string List(string id = "1") => $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/list","params":{"_meta":{{{Meta}}}}}""";

    /// <summary>A tool that takes anything, for an upstream's list.</summary>
    public static string Tool(string name) => $$$"""{"name":"{{{name}}}","description":"{{{name}}}","inputSchema":{"type":"object"}}""";

    public static string ToolsResult(IEnumerable<string> tools) =>
        $$$"""{"resultType":"complete","ttlMs":0,"cacheScope":"private","tools":[{{{string.Join(',', tools.Select(Tool))}}}]}""";

    public static string DiscoverResult =>
        """{"resultType":"complete","ttlMs":0,"cacheScope":"private","supportedVersions":["2026-07-28"],"capabilities":{"tools":{}},"serverInfo":{"name":"raw","version":"1"}}""";

    /// <summary>A tool's answer with one text.</summary>
    public static string TextResult(string text) =>
        $$$"""{"resultType":"complete","content":[{"type":"text","text":{{{JsonValue.Create(text).ToJsonString()}}}}],"isError":false}""";

    /// <summary>The response to a request.</summary>
    /// <param name="id">As it stands in the request, quotes included.</param>
    public static string Response(string id, string result) => $$"""{"jsonrpc":"2.0","id":{{id}},"result":{{result}}}""";

    /// <summary>The id of a message as it stands there, <c>null</c> when there is none.</summary>
    public static string IdOf(string message) => JsonNode.Parse(message)?["id"]?.ToJsonString() ?? "null";
}
