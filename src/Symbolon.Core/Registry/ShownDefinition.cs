using System.Text.Json;
using Symbolon.Core.Tools;

namespace Symbolon.Core.Registry;

/// <summary>
/// Reviewers read a tool's text in its file, and its digests decide what is served: nothing but this holds the two together. It refuses nothing, since
/// a digest also counts what a file does not show.
/// </summary>
public static class ShownDefinition
{
    /// <summary>The end of a sentence about such a tool.</summary>
    public const string Differs =
        "none of its digests is of the name, title, description, schemas and annotations that its file shows; so it is too where the server publishes what the tool needs (_meta), which a digest counts and a file does not show";

    /// <summary>The tools that serve another definition than the one that is shown, or may. One without a digest serves nothing.</summary>
    public static IEnumerable<ManifestTool> Differing(ServerManifest manifest) => manifest.Tools.Where(tool => tool.Digests is not { Legacy: null, Modern: null } && !IsShown(tool));

    private static bool IsShown(ManifestTool tool) => ToolDigest.Of(TextOf(tool)) is { Text: var shown } && (tool.Digests.Legacy == shown || tool.Digests.Modern == shown);

    private static byte[] TextOf(ManifestTool tool)
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
}
