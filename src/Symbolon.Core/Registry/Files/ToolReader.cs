using System.Collections.Immutable;
using System.Text.Json;
using Symbolon.Core.Identity;
using Symbolon.Core.Tools;
using Symbolon.Core.Tools.Assessment;

namespace Symbolon.Core.Registry.Files;

/// <summary><c>spec.tools</c>: what was reviewed of each tool.</summary>
internal static class ToolReader
{
    private static readonly string[] Known = ["name", "title", "description", "inputSchema", "outputSchema", "annotations", "digests", "effect", "flags", "needs", "arguments", "audit"];

    public static ImmutableArray<ManifestTool> ReadAll(ObjectFields spec, RecordedContent content, FieldErrors errors)
    {
        var tools = spec.List("tools", DocumentLimits.Tools, (item, at) => Read(item, at, content, errors));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tool in tools)
            if (!seen.Add(tool.Name.Value)) spec.Error("tools", FieldErrorCode.Duplicate, $"spec.tools names {tool.Name.Value} twice.");
        return tools;
    }

    private static ManifestTool? Read(JsonElement item, string path, RecordedContent content, FieldErrors errors)
    {
        if (ObjectFields.Open(item, path, errors, Known, "approval") is not { } fields) return null;
        var name = fields.Text("name", 1024, required: true);
        if (name is not null && !ToolName.IsValid(name))
        {
            fields.Error("name", FieldErrorCode.BadName, $"{path}.name must be {ToolName.Rule}.{(NameDisguise.Of(name) is { } disguise ? " " + disguise : "")}");
            name = null;
        }
        var effect = EffectOf(fields);
        var tool = new ManifestTool
        {
            Name = new ToolName(name ?? ""),
            Title = fields.Text("title", DocumentLimits.Title),
            Description = fields.Text("description", DocumentLimits.Description),
            InputSchema = fields.Json("inputSchema"),
            OutputSchema = fields.Json("outputSchema"),
            Annotations = fields.Json("annotations"),
            Digests = DigestsOf(fields, errors),
            Effect = effect ?? Effect.Irreversible,
            Flags = FlagsOf(fields),
        };
        tool = tool with { Needs = NeedReader.Read(fields, tool, errors) };
        tool = tool with { Arguments = ConstraintReader.Read(fields, tool, errors), RecordedArguments = RecordingReader.ArgumentsOf(fields, tool, content, errors) };
        return name is null ? null : tool;
    }

    private static Effect? EffectOf(ObjectFields fields)
    {
        if (fields.Text("effect", 64, required: true) is not { } text) return null;
        if (Effects.TryParse(text, out var effect)) return effect;
        fields.Error("effect", FieldErrorCode.BadValue, $"{fields.PathOf("effect")} must be read, write or irreversible.");
        return null;
    }

    private static ToolFlags FlagsOf(ObjectFields fields)
    {
        var flags = ToolFlags.None;
        foreach (var text in fields.Texts("flags", 16, text => Effects.TryParseFlag(text, out _) ? text : null, "sensitive, executes, open-world or financial"))
            if (Effects.TryParseFlag(text, out var flag)) flags |= flag;
        return flags;
    }

    private static ToolDigests DigestsOf(ObjectFields tool, FieldErrors errors)
    {
        if (tool.Value("digests", required: false, JsonValueKind.Object) is not { } found
            || ObjectFields.Open(found, tool.PathOf("digests"), errors, ["legacy", "modern"]) is not { } fields) return new ToolDigests();
        return new ToolDigests { Legacy = DigestOf(fields, "legacy"), Modern = DigestOf(fields, "modern") };
    }

    private static string? DigestOf(ObjectFields fields, string era)
    {
        if (fields.Text(era, 1024) is not { } text) return null;
        if (DigestText.IsValid(text)) return text;
        fields.Error(era, FieldErrorCode.BadValue, $"{fields.PathOf(era)} must be {DigestText.Rule}.");
        return null;
    }
}
