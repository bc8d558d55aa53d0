using System.Text.Json;
using System.Text.Json.Nodes;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;

namespace Symbolon.Cli.Upstreams;

/// <summary>Lists tools in the stateless revision 2026-07-28: <c>server/discover</c>, then <c>tools/list</c>. PROTOCOL.md 1.</summary>
internal static class ModernLister
{
    private const string Version = ProtocolVersions.V20260728;

    public static async Task<EraListing> ListAsync(IMcpExchange exchange, ClientFeatures features, CancellationToken cancellation)
    {
        var id = 1;
        var discovered = await SendAsync("server/discover", []);
        // Refused as a version that it does not speak, by a server that names this very one: it is asked once more. PROTOCOL.md 2, -32022.
        if (IsNamedInRefusal(discovered)) discovered = await SendAsync("server/discover", []);
        if (discovered.Refused) throw new UpstreamRefusedException(discovered);
        if (discovered.Result is not { ValueKind: JsonValueKind.Object } result) return new EraListing.NotSpoken(Era.Modern, ToolPages.Refusal(discovered));
        if (!Supports(result)) return new EraListing.NotSpoken(Era.Modern, $"it does not name {Version}");
        if (!HasTools(result)) return new EraListing.Listed(Era.Modern, Version, []);
        return new EraListing.Listed(Era.Modern, Version, await ToolPages.ReadAsync(cursor => SendAsync("tools/list", ToolPages.Params(cursor))));

        Task<McpAnswer> SendAsync(string method, JsonObject parameters)
        {
            parameters["_meta"] = new JsonObject
            {
                ["io.modelcontextprotocol/protocolVersion"] = Version,
                ["io.modelcontextprotocol/clientCapabilities"] = JsonNode.Parse(features.ToCapabilities()),
                ["io.modelcontextprotocol/clientInfo"] = ClientName.Json(),
            };
            var message = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = method, ["params"] = parameters };
            return exchange.SendAsync(message.ToJsonString(), id++, [("MCP-Protocol-Version", Version), ("Mcp-Method", method)], cancellation);
        }
    }

    private static bool Supports(JsonElement discovered) => discovered.TryGetProperty("supportedVersions", out var versions) && Names(versions);

    private static bool IsNamedInRefusal(McpAnswer answer) =>
        answer.Error is { ValueKind: JsonValueKind.Object } error
        && error.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out var number) && number == -32022
        && error.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object && data.TryGetProperty("supported", out var versions) && Names(versions);

    private static bool Names(JsonElement versions) =>
        versions.ValueKind == JsonValueKind.Array && versions.EnumerateArray().Any(version => version.ValueKind == JsonValueKind.String && version.ValueEquals(Version));

    private static bool HasTools(JsonElement discovered) =>
        discovered.TryGetProperty("capabilities", out var capabilities) && capabilities.ValueKind == JsonValueKind.Object
        && capabilities.TryGetProperty("tools", out _);
}
