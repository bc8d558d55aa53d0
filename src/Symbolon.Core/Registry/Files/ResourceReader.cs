using System.Collections.Immutable;
using System.Text.Json;
using Symbolon.Core.Identity;
using Symbolon.Core.Resources;

namespace Symbolon.Core.Registry.Files;

/// <summary><c>kind: Resource</c>: what resources lead to, what they trigger, and how sensitive they are.</summary>
internal static class ResourceReader
{
    public static Document? Read(ObjectFields document, FieldErrors errors)
    {
        var name = MetadataReader.ReadName(document, errors);
        if (document.Value("spec", required: true, JsonValueKind.Object) is not { } spec
            || ObjectFields.Open(spec, "spec", errors, ["pattern", "reaches", "triggers", "sensitivity"]) is not { } fields) return null;
        var pattern = fields.Text("pattern", ResourcePattern.MostLength, required: true) is { } text ? PatternOf(text, fields.PathOf("pattern"), errors) : null;
        var reaches = PatternsOf(fields, "reaches", errors);
        var triggers = PatternsOf(fields, "triggers", errors);
        var sensitivity = SensitivityOf(fields);
        return name is null || pattern is null || sensitivity is null || errors.Any ? null : new Document.Resource(new ResourceObject
        {
            Name = new ResourceName(name),
            Pattern = pattern,
            Reaches = reaches,
            Triggers = triggers,
            Sensitivity = sensitivity.Value,
        });
    }

    private static ImmutableArray<ResourcePattern> PatternsOf(ObjectFields fields, string name, FieldErrors errors)
    {
        var patterns = fields.List(name, DocumentLimits.ReachedPatterns, (item, at) =>
        {
            if (item.ValueKind == JsonValueKind.String) return PatternOf(item.GetString()!, at, errors);
            errors.Add(at, FieldErrorCode.WrongType, $"{at} must be a text.");
            return null;
        });
        foreach (var twice in patterns.GroupBy(pattern => pattern).Where(same => same.Count() > 1))
            fields.Error(name, FieldErrorCode.Duplicate, $"{fields.PathOf(name)} has {twice.Key} twice.");
        return patterns;
    }

    private static ResourcePattern? PatternOf(string text, string path, FieldErrors errors)
    {
        if (ResourcePattern.Parse(text, out var fault) is not { } pattern)
            errors.Add(path, FieldErrorCode.BadValue, $"{path} {fault}.");
        else if (pattern.Arguments.FirstOrDefault() is { } argument)
            errors.Add(path, FieldErrorCode.BadValue, $"{path} names the argument {{{argument}}}. Only what a tool needs has arguments: a resource belongs to no call. Write * in its place.");
        else return pattern;
        return null;
    }

    /// <summary>Required: what nobody has judged must not look harmless.</summary>
    private static Sensitivity? SensitivityOf(ObjectFields fields)
    {
        if (fields.Text("sensitivity", 64, required: true) is not { } text) return null;
        if (Sensitivities.TryParse(text, out var sensitivity)) return sensitivity;
        fields.Error("sensitivity", FieldErrorCode.BadValue, $"spec.sensitivity must be {Sensitivities.Rule}.");
        return null;
    }
}
