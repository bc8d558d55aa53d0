using System.Text.Json;
using Symbolon.Core.Tools;

namespace Symbolon.Core.Registry;

/// <summary>
/// Reviewers read a tool's text in its file, and its digests decide what is served: nothing but this holds the two together. It refuses nothing, since
/// a digest also counts what a file does not always show: needs that the server publishes, where the file has others.
/// </summary>
public static class ShownDefinition
{
    /// <summary>The end of a sentence about such a tool.</summary>
    public const string Differs =
        "none of its digests is of the name, title, description, schemas and annotations that its file shows; so it is too where the server publishes other needs of the tool (_meta) than its file has, which a digest counts";

    /// <summary>The tools that serve another definition than the one that is shown, or may. One without a digest serves nothing.</summary>
    public static IEnumerable<ManifestTool> Differing(ServerManifest manifest) => manifest.Tools.Where(tool => tool.Digests is not { Legacy: null, Modern: null } && !IsShown(tool));

    private static bool IsShown(ManifestTool tool) => IsOf(tool, publishes: false) || (!tool.Needs.IsEmpty && IsOf(tool, publishes: true));

    private static bool IsOf(ManifestTool tool, bool publishes) =>
        ToolDigest.Of(TextOf(tool, publishes)) is { Text: var shown } && (tool.Digests.Legacy == shown || tool.Digests.Modern == shown);

    /// <param name="publishes">With the needs of the file as the server would publish them.</param>
    private static byte[] TextOf(ManifestTool tool, bool publishes)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteString("name", tool.Name.Value);
            if (tool.Title is { } title) json.WriteString("title", title);
            if (tool.Description is { } description) json.WriteString("description", description);
            Write("inputSchema", tool.InputSchema);
            Write("outputSchema", tool.OutputSchema);
            Write("annotations", tool.Annotations);
            if (publishes) WriteNeeds(json, tool);
            json.WriteEndObject();

            void Write(string name, JsonElement? value)
            {
                if (value is not { } found) return;
                json.WritePropertyName(name);
                // Numbers count as they are spelled.
                json.WriteRawValue(found.GetRawText());
            }
        }
        return text.ToArray();
    }

    private static void WriteNeeds(Utf8JsonWriter json, ManifestTool tool)
    {
        json.WriteStartObject("_meta");
        json.WriteStartArray("symbolon/needs");
        foreach (var need in tool.Needs)
        {
            json.WriteStartObject();
            json.WriteStartArray("actions");
            foreach (var action in need.Actions) json.WriteStringValue(action);
            json.WriteEndArray();
            json.WriteString("resource", need.Resource.Text);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
