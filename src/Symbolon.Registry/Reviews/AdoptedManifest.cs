using System.Collections.Immutable;
using System.Text.Json;
using Symbolon.Core.Changes;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Registry.Reviews;
using Symbolon.Core.Tools;

namespace Symbolon.Registry.Reviews;

/// <summary>A manifest with the definitions that were seen in the place of the reviewed ones. What the owner decided (effect, needs, constraints) stays.</summary>
internal static class AdoptedManifest
{
    /// <returns>Refused where a definition was not kept, or does not go with the rest of the file.</returns>
    /// <param name="server">Only what it still holds to have drifted is adopted: the rest was settled otherwise meanwhile.</param>
    public static Result<ServerManifest> Of(ServerObject server, ImmutableArray<SeenDefinition> definitions)
    {
        var approved = server.Approved!.Manifest;
        var seen = definitions.IntersectBy(server.Drifted, each => new DriftedTool(each.Tool, each.Era, each.Digest)).ToList();
        if (seen.FirstOrDefault(each => each.Definition is null) is { } lost)
            return ChangeError.Conflict("definition_too_large", $"The definition of {lost.Tool} is too large to be kept here. Register the server again to review what it lists.");
        // A file has one text for both, and a reviewer sees that one.
        if (seen.GroupBy(each => each.Tool).FirstOrDefault(eras => eras.Any(era => !SayTheSame(eras.First(), era)))?.Key is { Value: not null } two)
            return ChangeError.Conflict("eras_differ", $"{server.Name} lists {two} differently to clients of the older and of the newer protocol. Restrict its file to one (upstream.era), or have it list the same.");
        var byTool = seen.ToLookup(each => each.Tool);
        var adopted = approved with { Tools = [.. approved.Tools.Select(tool => byTool[tool.Name].OrderBy(each => each.Era == Era.Modern).Aggregate(tool, With))] };
        // Read as a file would be: a need may name an argument that is gone.
        using var document = JsonDocument.Parse(DocumentWriter.Write(new Document.Server(server.Name, adopted)));
        return DocumentReader.Read(document.RootElement).Errors is [var first, ..]
            ? ChangeError.Conflict("definition_not_acceptable", $"What is listed does not go with the file of {server.Name}: {first.Message} Apply a file that fits it.")
            : adopted;
    }

    /// <summary>Servers shape what a tool returns by the era; all else that callers read has to be the same.</summary>
    private static readonly string[] Shared = ["title", "description", "inputSchema", "annotations"];

    private static bool SayTheSame(SeenDefinition one, SeenDefinition other) => Shared.All(name =>
        (Member(one.Definition!.Value, name), Member(other.Definition!.Value, name)) switch
        {
            ({ } mine, { } theirs) => JsonSameness.Same(mine, theirs),
            (null, null) => true,
            _ => false,
        });

    private static ManifestTool With(ManifestTool tool, SeenDefinition seen)
    {
        var definition = seen.Definition!.Value;
        return tool with
        {
            Title = Text(definition, "title"),
            Description = Text(definition, "description"),
            InputSchema = Member(definition, "inputSchema"),
            OutputSchema = Member(definition, "outputSchema"),
            Annotations = Member(definition, "annotations"),
            Digests = seen.Era == Era.Legacy ? tool.Digests with { Legacy = seen.Digest } : tool.Digests with { Modern = seen.Digest },
        };
    }

    private static JsonElement? Member(JsonElement of, string name) => of.TryGetProperty(name, out var found) ? found : null;

    private static string? Text(JsonElement of, string name) => Member(of, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
