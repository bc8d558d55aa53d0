using System.Globalization;
using System.Text.Json;
using Symbolon.Core;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;

namespace Symbolon.Gateway.Catalog;

/// <summary>One server as the registry's API shows it to one caller: where to call it, and how much of it. Nothing of what stands behind the gateway.</summary>
/// <param name="Name">With its namespace.</param>
/// <param name="Tools">Those that this caller may call.</param>
/// <param name="Reach">What else of it this caller may have.</param>
internal sealed record CatalogEntry(string Origin, string Name, ServerObject Server, int Tools, ServerReach Reach)
{
    public const string Latest = "latest";
    private const string Schema = "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json";
    private const string Official = "io.modelcontextprotocol.registry/official";

    /// <summary>The number of the manifest that serves, as a version that sorts: <c>3.0.0</c>.</summary>
    public string Version { get; } = string.Create(CultureInfo.InvariantCulture, $"{Server.Approved!.Number}.0.0");

    public DateTimeOffset UpdatedAt { get; } = UnixTime.FromMicroseconds(Server.Approved!.ApprovedAt ?? Server.Approved.AppliedAt);

    public bool Is(string version) => version == Latest || version == Version;

    /// <summary>A <c>ServerResponse</c> of the registry's API.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("server");
        json.WriteString("$schema", Schema);
        json.WriteString("name", Name);
        json.WriteString("title", Server.Name.Value);
        json.WriteString("description", Describe());
        json.WriteString("version", Version);
        json.WriteStartArray("remotes");
        json.WriteStartObject();
        json.WriteString("type", "streamable-http");
        json.WriteString("url", $"{Origin}/mcp/{Server.Name}");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject("_meta");
        json.WriteStartObject(Official);
        json.WriteString("status", "active");
        json.WriteString("statusChangedAt", Stamp(UpdatedAt));
        json.WriteString("publishedAt", Stamp(UpdatedAt));
        json.WriteString("updatedAt", Stamp(UpdatedAt));
        json.WriteBoolean("isLatest", true);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private string Describe()
    {
        List<string> parts = [];
        if (Tools > 0) parts.Add(Tools == 1 ? "1 tool that you may call" : $"{Tools} tools that you may call");
        if (Reach.HasPrompts) parts.Add("prompts");
        if (Reach.HasResources) parts.Add("resources");
        return $"An MCP server with {(parts.Count == 1 ? parts[0] : string.Join(", ", parts[..^1]) + " and " + parts[^1])}.";
    }

    private static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
