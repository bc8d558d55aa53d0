using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Symbolon.Cli.Upstreams;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Resources;
using Symbolon.Core.Tools;
using Symbolon.Core.Tools.Assessment;

namespace Symbolon.Cli.Importing;

/// <summary>
/// Tools that a description names without their definitions: a name, perhaps a description and what somebody says that the tool does and needs. They are assessed, and have
/// no digest, so that none is served before the definition has been read and reviewed.
/// </summary>
internal static class NamedTools
{
    public const string NotPinned = "the definitions of these tools are not in it, and so no digests: none is served until symbolon server register has read them and they are reviewed.";

    /// <param name="items">A text each, or an object with a name.</param>
    /// <param name="needs">Of every tool that does not say its own.</param>
    public static ImmutableArray<ManifestTool> Read(IEnumerable<JsonElement> items, ImmutableArray<ResourceNeed> needs, ImportedServer into)
    {
        var tools = ImmutableArray.CreateBuilder<ManifestTool>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            var name = ForeignText.Of(item) ?? ForeignText.Member(item, "name");
            if (name is null) into.Faults.Add($"tool {tools.Count + 1} is left out: it has no name");
            else if (!ToolName.IsValid(name)) into.Faults.Add($"tool {Cut(name)} is left out: its name must be {ToolName.Rule}.{(NameDisguise.Of(name) is { } disguise ? " " + disguise : "")}");
            else if (!seen.Add(name)) into.Faults.Add($"tool {name} is named twice; the first stays");
            else if (tools.Count == DocumentLimits.Tools) into.Faults.Add($"tool {name} is left out: a file has at most {DocumentLimits.Tools} tools");
            else if (ReadOne(name, item, into) is { } tool) tools.Add(tool.Needs.IsEmpty && !needs.IsEmpty ? tool with { Needs = needs } : tool);
        }
        if (tools.Count > 0) into.Remarks.Add(NotPinned);
        return tools.ToImmutable();
    }

    public static string Cut(string text) => text.Length <= 160 ? text : text[..160] + "…";

    private static ManifestTool? ReadOne(string name, JsonElement item, ImportedServer into)
    {
        var listed = item.ValueKind == JsonValueKind.Object ? ListedTool.Of(item) : new ListedTool { Name = name };
        var assessed = ToolAssessor.Assess(listed);
        var said = item.ValueKind == JsonValueKind.Object ? item.EnumerateObject().Where(member => member.Name is "title" or "description" or "inputSchema" or "outputSchema" or "annotations" or "effect" or "flags" or "needs").ToList() : [];
        var file = new JsonObject { ["name"] = name };
        foreach (var member in said) file[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        if (!file.ContainsKey("effect")) file["effect"] = assessed.Effect.ToText();
        var reading = DocumentReader.Read(JsonSerializer.SerializeToElement<JsonNode>(Around(file)));
        if (reading.Errors.FirstOrDefault() is { } error)
        {
            into.Faults.Add($"tool {name} is left out: {error.Message.Replace("spec.tools[0].", "", StringComparison.Ordinal)}");
            return null;
        }
        var tool = ((Document.Server)reading.Document!).Manifest.Tools[0];
        // Who publishes a tool may call it worse than it looks, never better.
        if (assessed.Effect > tool.Effect) into.Remarks.Add($"tool {name} is said to be {tool.Effect.ToText()} and assessed as {assessed.Effect.ToText()}, which stands: {assessed.Why[0]}");
        return tool with { Effect = tool.Effect > assessed.Effect ? tool.Effect : assessed.Effect, Flags = tool.Flags | assessed.Flags };
    }

    private static JsonObject Around(JsonObject tool) => new()
    {
        ["apiVersion"] = Document.ApiVersion,
        ["kind"] = "Server",
        ["metadata"] = new JsonObject { ["name"] = "x", ["owner"] = "x@example.com" },
        ["spec"] = new JsonObject { ["upstream"] = new JsonObject { ["transport"] = "http", ["url"] = "http://127.0.0.1/mcp" }, ["tools"] = new JsonArray(tool) },
    };
}
