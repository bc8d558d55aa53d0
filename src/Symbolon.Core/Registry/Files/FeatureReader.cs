using System.Collections.Immutable;
using System.Text.Json;
using Symbolon.Core.Resources;

namespace Symbolon.Core.Registry.Files;

/// <summary><c>prompts</c> and <c>resources</c> of one server, as a grant or a rule names them.</summary>
internal static class FeatureReader
{
    private const int MostPromptLength = 128;
    private const string NameRule = "the name of a prompt: 1 to 128 characters without * and unseen characters, with no blank at its ends";

    public static ImmutableArray<string> PromptsOf(ObjectFields fields) =>
        fields.Texts("prompts", DocumentLimits.Tools, text => text == ServerAccess.AnyPrompt || IsPrompt(text) ? text : null, $"\"*\", or {NameRule}");

    /// <summary>One prompt by its name.</summary>
    public static string? PromptOf(ObjectFields fields, string name)
    {
        if (fields.Text(name, 1024) is not { } text) return null;
        if (IsPrompt(text)) return text;
        fields.Error(name, FieldErrorCode.BadValue, $"{fields.PathOf(name)} must be {NameRule}.");
        return null;
    }

    public static ImmutableArray<UriPattern> ResourcesOf(ObjectFields fields, FieldErrors errors)
    {
        var patterns = fields.List("resources", DocumentLimits.ListItems, (item, at) =>
        {
            if (item.ValueKind != JsonValueKind.String) errors.Add(at, FieldErrorCode.WrongType, $"{at} must be a text.");
            else if (UriPattern.Parse(item.GetString()!, out var fault) is { } pattern) return pattern;
            else errors.Add(at, FieldErrorCode.BadValue, $"{at} {fault}.");
            return null;
        });
        foreach (var twice in patterns.GroupBy(pattern => pattern).Where(same => same.Count() > 1))
            fields.Error("resources", FieldErrorCode.Duplicate, $"{fields.PathOf("resources")} has {twice.Key} twice.");
        return patterns;
    }

    /// <summary>A server chooses the names of its prompts freely; what looks like a pattern would promise what it does not do.</summary>
    private static bool IsPrompt(string text) =>
        text.Length is > 0 and <= MostPromptLength && !text.Contains('*', StringComparison.Ordinal) && text.Trim() == text && !TextRules.HasUnseen(text);
}
