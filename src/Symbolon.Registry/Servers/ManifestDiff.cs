using System.Text.Json;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Registry.Servers;

/// <summary>What a reviewer has to look at: how one version of a manifest differs from another, by the names of its file.</summary>
public sealed record ManifestDiff(
    IReadOnlyList<string> ToolsAdded, IReadOnlyList<string> ToolsRemoved, IReadOnlyList<ToolChange> ToolsChanged, IReadOnlyList<string> Fields)
{
    public static ManifestDiff Between(ServerManifest before, ServerManifest after)
    {
        // Compared in the form of the files, so that nothing that a file can say is forgotten here.
        using var old = Read(before);
        using var next = Read(after);
        var oldTools = ToolsOf(old.RootElement);
        var nextTools = ToolsOf(next.RootElement);
        return new ManifestDiff(
            [.. nextTools.Keys.Except(oldTools.Keys).Order(StringComparer.Ordinal)],
            [.. oldTools.Keys.Except(nextTools.Keys).Order(StringComparer.Ordinal)],
            [.. nextTools.Where(tool => oldTools.ContainsKey(tool.Key))
                .Select(tool => new ToolChange(tool.Key, Changed(oldTools[tool.Key], tool.Value, "")))
                .Where(tool => tool.Fields.Count > 0).OrderBy(tool => tool.Tool, StringComparer.Ordinal)],
            [.. Changed(old.RootElement.GetProperty("metadata"), next.RootElement.GetProperty("metadata"), "metadata."),
                .. Changed(old.RootElement.GetProperty("spec"), next.RootElement.GetProperty("spec"), "spec.").Where(field => field != "spec.tools")]);
    }

    private static JsonDocument Read(ServerManifest manifest) =>
        JsonDocument.Parse(DocumentWriter.Write(new Document.Server(new ServerName("x"), manifest)));

    private static Dictionary<string, JsonElement> ToolsOf(JsonElement document) =>
        document.GetProperty("spec").GetProperty("tools").EnumerateArray().ToDictionary(tool => tool.GetProperty("name").GetString()!);

    private static IReadOnlyList<string> Changed(JsonElement before, JsonElement after, string prefix) =>
        [.. before.EnumerateObject().Concat(after.EnumerateObject()).Select(member => member.Name).Distinct()
            .Where(name => !(before.TryGetProperty(name, out var old) && after.TryGetProperty(name, out var next) && JsonSameness.Same(old, next)))
            .Select(name => prefix + name).Order(StringComparer.Ordinal)];
}

/// <param name="Fields">Names of the fields that differ.</param>
public sealed record ToolChange(string Tool, IReadOnlyList<string> Fields);
