using System.Text.Json.Nodes;

namespace Symbolon.Cli.Upstreams;

/// <summary>What we call ourselves before a server.</summary>
internal static class ClientName
{
    public static JsonObject Json() => new()
    {
        ["name"] = "symbolon",
        ["version"] = typeof(ClientName).Assembly.GetName().Version?.ToString(3) ?? "0",
    };
}
