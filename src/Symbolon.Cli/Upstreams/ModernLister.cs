using System.Text.Json;
using System.Text.Json.Nodes;
using Symbolon.Core.Tools;

namespace Symbolon.Cli.Upstreams;

/// <summary>Lists tools in the stateless revision 2026-07-28: <c>server/discover</c>, then <c>tools/list</c>. PROTOCOL.md 1.</summary>
internal static class ModernLister
{
    private const string Version = ProtocolVersions.V20260728;

    public static async Task<EraListing> ListAsync(IMcpExchange exchange, CancellationToken cancellation)
    {
        var discovered = await SendAsync(exchange, 1, "server/discover", [], cancellation);
        if (discovered.Refused) throw new UpstreamRefusedException(discovered);
        if (discovered.Result is not { ValueKind: JsonValueKind.Object } result) return new EraListing.NotSpoken(Era.Modern, ToolPages.Refusal(discovered));
        if (!Supports(result)) return new EraListing.NotSpoken(Era.Modern, $"it does not name {Version}");
        if (!HasTools(result)) return new EraListing.Listed(Era.Modern, Version, []);
        var id = 1;
        var tools = await ToolPages.ReadAsync(cursor => SendAsync(exchange, ++id, "tools/list", ToolPages.Params(cursor), cancellation));
        return new EraListing.Listed(Era.Modern, Version, tools);
    }

    private static bool Supports(JsonElement discovered) =>
        discovered.TryGetProperty("supportedVersions", out var versions) && versions.ValueKind == JsonValueKind.Array
        && versions.EnumerateArray().Any(version => version.ValueKind == JsonValueKind.String && version.ValueEquals(Version));

    private static bool HasTools(JsonElement discovered) =>
        discovered.TryGetProperty("capabilities", out var capabilities) && capabilities.ValueKind == JsonValueKind.Object
        && capabilities.TryGetProperty("tools", out _);

    private static Task<McpAnswer> SendAsync(IMcpExchange exchange, int id, string method, JsonObject parameters, CancellationToken cancellation)
    {
        parameters["_meta"] = new JsonObject
        {
            ["io.modelcontextprotocol/protocolVersion"] = Version,
            ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject(),
            ["io.modelcontextprotocol/clientInfo"] = ClientName.Json(),
        };
        var message = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = method, ["params"] = parameters };
        return exchange.SendAsync(message.ToJsonString(), id, [("MCP-Protocol-Version", Version), ("Mcp-Method", method)], cancellation);
    }
}
