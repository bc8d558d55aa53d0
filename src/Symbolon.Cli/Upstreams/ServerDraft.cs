using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Tools;
using Symbolon.Core.Tools.Assessment;
using Symbolon.Jose.Json;

namespace Symbolon.Cli.Upstreams;

/// <summary>A tool that cannot be part of a file, and why.</summary>
internal sealed record DroppedTool(string Name, string Why);

/// <summary>
/// The <c>kind: Server</c> document of what a server lists: every tool as it describes itself, with the digest of each era, and
/// with the effect and flags that it was assessed as: of two eras that describe it differently, the worse. DESIGN.md section 4, Drift and Reviews.
/// </summary>
internal sealed record ServerDraft(JsonElement Json, ImmutableArray<ManifestTool> Tools, IReadOnlyList<DroppedTool> Dropped, IReadOnlyList<ToolAssessment> Assessments)
{
    /// <summary>What was, and what could not be, taken of the needs that the server publishes.</summary>
    public IReadOnlyList<(string Tool, PublishedNeeds Needs)> Published { get; private init; } = [];

    public bool IsOldTransport => Json.GetProperty("spec").GetProperty("upstream").GetProperty("transport").ValueEquals("sse");

    /// <param name="manifest">All of it but the tools.</param>
    /// <param name="eras">What was listed, the era whose descriptions are shown first.</param>
    public static ServerDraft Of(ServerName name, ServerManifest manifest, IEnumerable<EraListing.Listed> eras)
    {
        var dropped = new List<DroppedTool>();
        var tools = new Dictionary<string, ManifestTool>(StringComparer.Ordinal);
        var assessed = new Dictionary<string, ToolAssessment>(StringComparer.Ordinal);
        var published = new OrderedDictionary<string, PublishedNeeds>(StringComparer.Ordinal);
        foreach (var era in eras) Add(era, tools, assessed, published, dropped);

        var kept = ImmutableArray.CreateBuilder<ManifestTool>();
        foreach (var tool in tools.Values)
        {
            // A file holds less than a server may say: what it cannot hold is left out here, by the rules of the file itself.
            if (FaultOf(tool) is not { } fault)
            {
                kept.Add(tool);
            }
            else if (!tool.Needs.IsEmpty && FaultOf(tool with { Needs = [] }) is null)
            {
                published[tool.Name.Value] = PublishedNeeds.Refused($"what it says that it needs is not taken: {fault}");
                kept.Add(tool with { Needs = [] });
            }
            else
            {
                dropped.Add(new DroppedTool(tool.Name.Value, fault));
            }
        }
        var all = kept.ToImmutable();
        var names = all.Select(tool => tool.Name.Value).ToHashSet(StringComparer.Ordinal);
        return new ServerDraft(Write(name, manifest with { Tools = all }), all, dropped, [.. all.Select(tool => assessed[tool.Name.Value])])
        {
            Published = [.. published.Where(each => names.Contains(each.Key)).Select(each => (each.Key, each.Value))],
        };

        string? FaultOf(ManifestTool tool) => DocumentReader.Read(Write(name, manifest with { Tools = [tool] })).Errors
            .FirstOrDefault(error => error.Path.StartsWith("spec.tools", StringComparison.Ordinal))?.Message.Replace("spec.tools[0].", "", StringComparison.Ordinal);
    }

    private static void Add(EraListing.Listed era, Dictionary<string, ManifestTool> tools, Dictionary<string, ToolAssessment> assessed, OrderedDictionary<string, PublishedNeeds> published, List<DroppedTool> dropped)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var listed in era.Tools)
        {
            if (ToolDigest.Of(JsonMarshal.GetRawUtf8Value(listed)) is not { } digest)
            {
                dropped.Add(new DroppedTool(NameOf(listed), $"the name must be {ToolName.Rule}, and the definition strict JSON{(NameDisguise.Of(NameOf(listed)) is { } disguise ? ". " + disguise : "")}"));
                continue;
            }
            if (!seen.Add(digest.Name.Value))
            {
                dropped.Add(new DroppedTool(digest.Name.Value, "it is listed twice; the first stays"));
                continue;
            }
            if (ToolDefinition.FaultOf(JsonValue.Root(JsonMarshal.GetRawUtf8Value(listed)), era.Era) is { } wrong)
            {
                dropped.Add(new DroppedTool(digest.Name.Value, $"it is no tool by the specification: {wrong}"));
                continue;
            }
            var tool = tools.TryGetValue(digest.Name.Value, out var known) ? known : Describe(digest.Name, listed);
            var assessment = ToolAssessor.Assess(ListedTool.Of(listed));
            assessed[digest.Name.Value] = assessed.TryGetValue(digest.Name.Value, out var other) ? other.WorseOf(assessment) : assessment;
            if (PublishedNeeds.Of(listed) is { } needs)
            {
                // Two eras that say different things: what either needs.
                tool = tool with { Needs = PublishedNeeds.Together(tool.Needs.Concat(needs.Needs)) };
                if (published.GetValueOrDefault(digest.Name.Value) is not { Fault: not null }) published[digest.Name.Value] = needs;
                if (published[digest.Name.Value].Fault is not null) tool = tool with { Needs = [] };
            }
            tools[digest.Name.Value] = tool with
            {
                Digests = With(tool.Digests, era.Era, digest.Text),
                Effect = assessed[digest.Name.Value].Effect,
                Flags = assessed[digest.Name.Value].Flags,
            };
        }
    }

    private static ToolDigests With(ToolDigests digests, Era era, string digest) =>
        era == Era.Legacy ? digests with { Legacy = digest } : digests with { Modern = digest };

    private static ManifestTool Describe(ToolName name, JsonElement listed) => new()
    {
        Name = name,
        Title = ForeignText.Member(listed, "title"),
        Description = ForeignText.Member(listed, "description"),
        InputSchema = Value(listed, "inputSchema"),
        OutputSchema = Value(listed, "outputSchema"),
        Annotations = Value(listed, "annotations"),
        Effect = Effect.Irreversible,
    };

    private static JsonElement? Value(JsonElement listed, string member) =>
        listed.TryGetProperty(member, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string NameOf(JsonElement listed) =>
        ForeignText.Member(listed, "name") is { } name ? (name.Length <= 160 ? name : name[..160] + "…") : "(no name)";

    /// <summary>The document, before anything is known of what the server lists.</summary>
    public static JsonElement Empty(ServerName name, ServerManifest manifest) => Write(name, manifest);

    private static JsonElement Write(ServerName name, ServerManifest manifest)
    {
        using var document = JsonDocument.Parse(DocumentWriter.Write(new Document.Server(name, manifest)));
        return document.RootElement.Clone();
    }
}
