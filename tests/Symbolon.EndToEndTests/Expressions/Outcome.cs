using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Symbolon.EndToEndTests.Expressions;

/// <summary>What one implementation made of an expression. Two are equal when both are errors, or both one value: maps in any order, a NaN as another, zeros by sign.</summary>
internal sealed class Outcome(JsonNode? value, string text) : IEquatable<Outcome>
{
    private readonly string form = value is null ? "error" : FormOf(value);

    public static Outcome Of(JsonNode answer) =>
        answer["value"] is { } value ? new Outcome(value, "") : new Outcome(null, answer["error"]!.GetValue<string>());

    /// <summary>Null for an error.</summary>
    public JsonNode? Value => value;

    public bool IsError => value is null;

    /// <summary>The error's text; nothing is compared with it.</summary>
    public string Error => text;

    /// <summary><c>string_value</c>, …; for an error <c>error</c>; for a message its type.</summary>
    public string Tag => value?.AsObject().First() is not { } only ? "error" : only.Key == "object_value" ? ((string)only.Value!["@type"]!)["type.googleapis.com/".Length..] : only.Key;

    /// <summary>Of a number, a text, a truth value or a message its text; else nothing.</summary>
    public string Content => value?.AsObject().First().Value switch
    {
        JsonValue leaf => leaf.ToString(),
        JsonObject message when message["@type"] is not null => (string?)message["value"] ?? "",
        _ => "",
    };

    public double Number => double.Parse(Content, NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>What a macro runs over: a list's values or a map's keys.</summary>
    public IEnumerable<JsonNode> Items => Tag switch
    {
        "list_value" => value!["list_value"]!["values"]?.AsArray().Select(item => item!) ?? [],
        "map_value" => value!["map_value"]!["entries"]?.AsArray().Select(entry => entry!["key"]!) ?? [],
        _ => [],
    };

    public bool Equals(Outcome? other) => other is not null && form == other.form;

    public override bool Equals(object? obj) => Equals(obj as Outcome);

    public override int GetHashCode() => form.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => IsError ? $"error ({text})" : form;

    private static string FormOf(JsonNode value)
    {
        var (tag, content) = value.AsObject().First();
        return tag switch
        {
            "double_value" => $"double {double.Parse((string)content!, NumberStyles.Float, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture)}",
            "list_value" => $"[{string.Join(", ", content!["values"]?.AsArray().Select(item => FormOf(item!)) ?? [])}]",
            "map_value" => $"{{{string.Join(", ", (content!["entries"]?.AsArray() ?? []).Select(entry => $"{FormOf(entry!["key"]!)}: {FormOf(entry["value"]!)}").Order(StringComparer.Ordinal))}}}",
            _ => $"{tag} {content!.ToJsonString(JsonSerializerOptions.Default)}",
        };
    }
}
