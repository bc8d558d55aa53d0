using Symbolon.Cel.Values;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;

namespace Symbolon.Core.Policy.Rules;

/// <summary>What a request is about, as rules know it.</summary>
public enum RuleTargetKind
{
    Tool,
    Prompt,
    Resource,
}

/// <summary>A tool of a manifest, or the prompts or resources of a server: no manifest names those, so their names are compared with each request.</summary>
public sealed class RuleTarget
{
    private RuleTarget(RuleTargetKind kind, ServerName server, ServerManifest manifest, ManifestTool? tool)
    {
        (Kind, Server, Manifest, Tool) = (kind, server, manifest, tool);
        var labels = new CelTable(manifest.Labels.Count);
        foreach (var (name, value) in manifest.Labels) labels.TryAdd(CelValue.Of(name), CelValue.Of(value));
        ServerValue = CelValue.Of(new CelTable(("name", CelValue.Of(server.Value)), ("owner", CelValue.Of(manifest.Owner)), ("labels", CelValue.Of(labels))));
        ToolValue = tool is null ? CelValue.Of(CelTable.Empty) : CelValue.Of(new CelTable(
            ("name", CelValue.Of(tool.Name.Value)), ("title", CelValue.Of(tool.Title ?? "")), ("effect", CelValue.Of(tool.Effect.ToText())),
            ("flags", CelValue.ListOf([.. tool.Flags.ToTexts().Select(CelValue.Of)]))));
    }

    public RuleTargetKind Kind { get; }

    public ServerName Server { get; }

    public ServerManifest Manifest { get; }

    /// <summary>Null for prompts and resources.</summary>
    public ManifestTool? Tool { get; }

    internal CelValue ServerValue { get; }

    internal CelValue ToolValue { get; }

    public static RuleTarget Of(ServerName server, ServerManifest manifest, ManifestTool tool) => new(RuleTargetKind.Tool, server, manifest, tool);

    public static RuleTarget OfPrompts(ServerName server, ServerManifest manifest) => new(RuleTargetKind.Prompt, server, manifest, null);

    public static RuleTarget OfResources(ServerName server, ServerManifest manifest) => new(RuleTargetKind.Resource, server, manifest, null);

    /// <summary>Every tool of it, its prompts and its resources.</summary>
    public static IEnumerable<RuleTarget> AllOf(ServerName server, ServerManifest manifest) =>
        [.. manifest.Tools.Select(tool => Of(server, manifest, tool)), OfPrompts(server, manifest), OfResources(server, manifest)];

    /// <summary>As people name it: <c>payments/refund</c>, <c>the prompts of payments</c>.</summary>
    public override string ToString() => Tool is null ? $"the {(Kind == RuleTargetKind.Prompt ? "prompts" : "resources")} of {Server}" : $"{Server}/{Tool.Name}";
}
