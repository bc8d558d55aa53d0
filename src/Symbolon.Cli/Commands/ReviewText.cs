using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary>A review in lines for people.</summary>
internal static class ReviewText
{
    private const int LongestValue = 16_384;

    public static IEnumerable<string> Lines(JsonElement review)
    {
        yield return PlainText.OneLine($"review {Text(review, "name")}, {Text(review, "state")}: {Asked(review)}");
        if (Text(review, "request") is { } why) yield return PlainText.OneLine($"  because: {why}");
        if ((Text(review, "commit"), Text(review, "author")) is not (null, null)) yield return PlainText.OneLine($"  commit {Text(review, "commit") ?? "?"} by {Text(review, "author") ?? "?"}");
        if (Text(review, "decidedBy") is { } by) yield return PlainText.OneLine($"  decided by {by}{(Text(review, "reason") is { } reason ? $": {reason}" : "")}");
        foreach (var tool in Items(review, "tools"))
        {
            yield return PlainText.OneLine($"{Mark(Text(tool, "change"))} tool {Text(tool, "name")}{Waits(tool)}");
            foreach (var line in FieldsOf(tool)) yield return "    " + PlainText.OneLine(line);
        }
        if (JsonPath.Text(review, "moreTools") is { } more && more != "0") yield return $"  and {more} more tools";
        foreach (var line in Items(review, "fields").Select(PlannedChanges.Line)) yield return PlainText.OneLine(line);
        foreach (var line in UnionLines(review)) yield return line;
        foreach (var reached in Items(review, "reaches")) yield return PlainText.OneLine($"  reaches {Text(reached, "way")}{Sensitive(reached)}");
        foreach (var triggered in Items(review, "triggers")) yield return PlainText.OneLine($"  triggers {Text(triggered, "way")}{Sensitive(triggered)}");
        yield return PlainText.OneLine($"  actions seen downstream: {Seen(review)}");
        foreach (var warning in Items(review, "warnings")) yield return PlainText.OneLine($"! {warning.GetString()}");
        if (Text(review, "cannotApprove") is { } refused && Text(review, "state") == "open") yield return PlainText.OneLine($"! you cannot approve it: {refused}");
        else if (Text(review, "wouldBeSelfApproved") == "yes") yield return "! you asked for it: your approval would be recorded as self-approved";
    }

    /// <summary>The union beside the envelope: <c>+ read:docs/*</c> is outside it.</summary>
    public static IEnumerable<string> UnionLines(JsonElement of)
    {
        if (JsonPath.Find(of, "union") is not { ValueKind: JsonValueKind.Object } union) yield break;
        foreach (var added in Items(union, "added")) yield return PlainText.OneLine($"+ {added.GetString()} (outside the envelope)");
        foreach (var removed in Items(union, "removed")) yield return PlainText.OneLine($"- {removed.GetString()}");
        if (!Items(union, "added").Any()) yield return "= what it needs is inside the envelope";
    }

    private static string Asked(JsonElement review) => Text(review, "cause") == "drift"
        ? $"{Text(review, "server")} lists {string.Join(", ", Items(review, "driftedTools").Select(tool => tool.GetString()))} otherwise than it was reviewed"
        : $"{Text(review, "requestedBy")} asks for version {Text(review, "manifest")} of {Text(review, "server")}";

    private static IEnumerable<string> FieldsOf(JsonElement tool) => Text(tool, "change") switch
    {
        "changed" => Items(tool, "fields").Select(field => field.GetString()!.Split('.', '[')[0]).Distinct().Select(field => $"{field}: {Value(tool, "before", field)} → {Value(tool, "after", field)}"),
        "added" => tool.GetProperty("after").EnumerateObject().Where(member => member.Name != "name").Select(member => $"{member.Name}: {Whole(member.Value)}"),
        _ => [],
    };

    private static string Value(JsonElement tool, string side, string field) =>
        tool.TryGetProperty(side, out var said) && said.ValueKind == JsonValueKind.Object && said.TryGetProperty(field, out var value) ? Whole(value) : "nothing";

    /// <summary>Nobody decides about what is not shown: all of it, and of what is too long for a screen its digest, so that two of these never look alike.</summary>
    private static string Whole(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length <= LongestValue ? text
            : $"{text[..LongestValue]}… {text.Length - LongestValue} more characters, sha256 {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8))}; -o json has all of it";
    }

    private static string Seen(JsonElement review) => JsonPath.Find(review, "seenDownstream") is not { ValueKind: JsonValueKind.Array } seen ? "not reported"
        : seen.GetArrayLength() == 0 ? "none" : string.Join(", ", seen.EnumerateArray().Select(action => action.GetString()));

    private static string Waits(JsonElement tool) => Items(tool, "waits").ToList() is { Count: > 0 } waits ? $" ({string.Join("; ", waits.Select(wait => wait.GetString()))})" : "";

    private static string Sensitive(JsonElement reached) => Text(reached, "sensitivity") is { } known ? $" ({known})" : "";

    private static string Mark(string? change) => change switch { "added" => "+", "removed" => "-", _ => "~" };

    private static JsonElement.ArrayEnumerator Items(JsonElement of, string name) => JsonPath.Find(of, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : default;

    private static string? Text(JsonElement of, string name) => JsonPath.Text(of, name);
}
