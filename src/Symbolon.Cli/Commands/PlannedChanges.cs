using System.Text.Json;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary>What a plan changes, in lines for people: <c>~ spec.tokens.maxTtl: "8h" → "1h"</c>, <c>+</c> for what is new, <c>-</c> for what goes.</summary>
internal static class PlannedChanges
{
    private const int LongestValue = 120;

    /// <param name="planned">The answer to the plan: a list of documents.</param>
    public static IEnumerable<string> Lines(JsonElement planned)
    {
        foreach (var document in planned.EnumerateArray())
        {
            if (JsonPath.Find(document, "changes") is not { ValueKind: JsonValueKind.Array } changes) continue;
            yield return PlainText.OneLine($"{JsonPath.Text(document, "kind")} {JsonPath.Text(document, "name")}:");
            foreach (var change in changes.EnumerateArray()) yield return "  " + PlainText.OneLine(Line(change));
            foreach (var line in ReviewText.UnionLines(document)) yield return "  " + line;
            if (JsonPath.Find(document, "waiting") is not { ValueKind: JsonValueKind.Array } waiting) continue;
            foreach (var part in waiting.EnumerateArray()) yield return PlainText.OneLine($"  waits: {JsonPath.Text(part, "path")}, since {JsonPath.Text(part, "why")}");
        }
    }

    public static string Line(JsonElement change)
    {
        var path = JsonPath.Text(change, "path");
        return (Value(change, "before"), Value(change, "after")) switch
        {
            ({ } before, { } after) => $"~ {path}: {before} → {after}",
            (null, { } after) => $"+ {path}: {after}",
            ({ } before, null) => $"- {path}: {before}",
            _ => $"~ {path}: another order",
        };
    }

    private static string? Value(JsonElement change, string name)
    {
        if (!change.TryGetProperty(name, out var value)) return null;
        return Short(value);
    }

    public static string Short(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length <= LongestValue ? text : string.Concat(text.AsSpan(0, LongestValue), "…");
    }
}
