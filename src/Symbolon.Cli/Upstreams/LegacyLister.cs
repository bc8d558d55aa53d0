using System.Text.Json;
using System.Text.Json.Nodes;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;

namespace Symbolon.Cli.Upstreams;

/// <summary>Lists tools in a revision with a handshake: <c>initialize</c>, <c>tools/list</c>, and the end of the session. PROTOCOL.md 1.</summary>
internal static class LegacyLister
{
    public static async Task<EraListing> ListAsync(IMcpExchange exchange, ClientFeatures features, CancellationToken cancellation)
    {
        var opened = await InitializeAsync(exchange, features, cancellation);
        if (opened.Refused) throw new UpstreamRefusedException(opened);
        if (opened.Result is not { ValueKind: JsonValueKind.Object } result) return new EraListing.NotSpoken(Era.Legacy, ToolPages.Refusal(opened));
        if (ForeignText.Member(result, "protocolVersion") is not { } version || !ProtocolVersions.Legacy.Contains(version))
            return new EraListing.NotSpoken(Era.Legacy, "it speaks none of " + string.Join(", ", ProtocolVersions.Legacy));

        List<(string, string)> headers = [("MCP-Protocol-Version", version)];
        if (opened.Session is { } session) headers.Add(("Mcp-Session-Id", session));
        try
        {
            await exchange.SendAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""", null, headers, cancellation);
            return new EraListing.Listed(Era.Legacy, version, HasTools(result) ? await ListAsync(exchange, headers, cancellation) : []);
        }
        finally
        {
            if (opened.Session is not null) await exchange.EndAsync(headers, CancellationToken.None);
        }
    }

    private static Task<McpAnswer> InitializeAsync(IMcpExchange exchange, ClientFeatures features, CancellationToken cancellation)
    {
        var message = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = 1,
            ["method"] = "initialize",
            ["params"] = new JsonObject
            {
                ["protocolVersion"] = ProtocolVersions.Legacy[0],
                ["capabilities"] = JsonNode.Parse(features.ToCapabilities()),
                ["clientInfo"] = ClientName.Json(),
            },
        };
        return exchange.SendAsync(message.ToJsonString(), 1, [], cancellation);
    }

    private static bool HasTools(JsonElement initialized) =>
        initialized.TryGetProperty("capabilities", out var capabilities) && capabilities.ValueKind == JsonValueKind.Object
        && capabilities.TryGetProperty("tools", out _);

    private static Task<IReadOnlyList<JsonElement>> ListAsync(IMcpExchange exchange, List<(string, string)> headers, CancellationToken cancellation)
    {
        var id = 1;
        return ToolPages.ReadAsync(cursor =>
        {
            var message = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = ++id, ["method"] = "tools/list", ["params"] = ToolPages.Params(cursor) };
            return exchange.SendAsync(message.ToJsonString(), id, headers, cancellation);
        });
    }
}
