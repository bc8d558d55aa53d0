using System.Collections.Immutable;
using System.Text.Json;
using Symbolon.Core.Redaction;
using Symbolon.Core.Tools;

namespace Symbolon.Core.Registry.Files;

/// <summary>
/// <c>spec.audit</c> and a tool's <c>audit</c>: which arguments the audit may keep. What would never be kept is refused here, so that no
/// file promises a record that there will not be.
/// </summary>
internal static class RecordingReader
{
    private const int MostArguments = 64;
    private const int LongestName = 128;

    public static RecordedContent ContentOf(ObjectFields spec, FieldErrors errors)
    {
        if (spec.Value("audit", required: false, JsonValueKind.Object) is not { } found
            || ObjectFields.Open(found, "spec.audit", errors, ["content"]) is not { } fields)
            return spec.Has("audit") ? RecordedContent.Arguments : RecordedContent.None;
        switch (fields.Text("content", 64, required: true))
        {
            case "none": return RecordedContent.None;
            case null or "arguments": break;
            default: fields.Error("content", FieldErrorCode.BadValue, "spec.audit.content must be none or arguments."); break;
        }
        // Also after an error, by which the file is refused: its tools are then not blamed, too.
        return RecordedContent.Arguments;
    }

    public static ImmutableArray<string> ArgumentsOf(ObjectFields fields, ManifestTool tool, RecordedContent content, FieldErrors errors)
    {
        if (fields.Value("audit", required: false, JsonValueKind.Object) is not { } found
            || ObjectFields.Open(found, fields.PathOf("audit"), errors, ["arguments"]) is not { } audit) return [];
        var names = audit.Texts("arguments", MostArguments, name => name.Length is > 0 and <= LongestName ? name : null, $"a name of 1 to {LongestName} characters");
        if (names.IsEmpty) return names;
        var path = audit.PathOf("arguments");
        if (content == RecordedContent.None)
            audit.Error("arguments", FieldErrorCode.BadValue, $"{path} has no effect without spec.audit.content: arguments.");
        if (tool.Flags.HasFlag(ToolFlags.Sensitive))
            audit.Error("arguments", FieldErrorCode.BadValue, $"{path} must be empty: nothing of a call to a sensitive tool is recorded.");
        foreach (var name in names)
        {
            if (SecretName.IsSecret(name))
                audit.Error("arguments", FieldErrorCode.BadValue, $"{path} names {TextRules.Shown(name)}, which looks like a secret and is never recorded.");
            else if (!IsDeclared(tool.InputSchema, name))
                audit.Error("arguments", FieldErrorCode.BadValue, $"{path} names {TextRules.Shown(name)}, which is no argument of the tool's inputSchema.");
        }
        return names;
    }

    /// <summary>A file without the schema, or a schema without properties, says nothing about names.</summary>
    private static bool IsDeclared(JsonElement? schema, string name) =>
        schema is not { } found || !found.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object
        || properties.TryGetProperty(name, out _);
}
