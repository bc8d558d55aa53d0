using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Symbolon.Admin.Console.ReviewPages;

/// <summary>A tool of a file as lines that a person reads: one member a line, indented, the members that decide first. What cannot be seen is written out.</summary>
internal static class DefinitionText
{
    /// <summary>Of one definition; what is longer is cut, and said so.</summary>
    public const int MostLines = 400;

    private const int LongestLine = 2000;

    private static readonly string[] First = ["name", "title", "description", "effect", "flags", "needs", "arguments", "approval", "inputSchema", "outputSchema", "annotations"];

    public static IReadOnlyList<string> Of(JsonElement? tool)
    {
        var lines = new List<string>();
        if (tool is { ValueKind: JsonValueKind.Object } found)
            foreach (var member in found.EnumerateObject().OrderBy(member => Array.IndexOf(First, member.Name) is >= 0 and var place ? place : First.Length).ThenBy(member => member.Name, StringComparer.Ordinal))
                Write(lines, 0, Visible(member.Name), member.Value);
        if (lines.Count <= MostLines) return lines;
        return [.. lines.Take(MostLines), string.Create(CultureInfo.InvariantCulture, $"… {lines.Count - MostLines} more lines ({Mark(string.Join('\n', lines.Skip(MostLines)))}): see the API or symbolon review show")];
    }

    /// <summary>One value on one line, for a cell.</summary>
    public static string Brief(JsonElement? value) => value switch
    {
        null => "",
        { ValueKind: JsonValueKind.String } text => Cut(Visible(text.GetString()!)),
        { } other => Cut(Visible(other.GetRawText())),
    };

    /// <summary>Characters that draw nothing, or change the order of what is drawn, as <c>\u200b</c>: a reviewer sees what the model reads.</summary>
    public static string Visible(string text)
    {
        if (!text.EnumerateRunes().Any(IsHidden)) return text;
        var shown = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
            if (IsHidden(rune)) shown.Append(CultureInfo.InvariantCulture, $"\\u{(rune.Value > 0xFFFF ? $"{{{rune.Value:x}}}" : $"{rune.Value:x4}")}");
            else shown.Append(rune);
        return shown.ToString();
    }

    private static void Write(List<string> lines, int depth, string name, JsonElement value)
    {
        var start = new string(' ', 2 * depth) + name;
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when value.EnumerateObject().Any():
                lines.Add(start + ":");
                foreach (var member in value.EnumerateObject()) Write(lines, depth + 1, Visible(member.Name), member.Value);
                break;
            case JsonValueKind.Array when value.EnumerateArray().Any(item => item.ValueKind is JsonValueKind.Object or JsonValueKind.Array):
                lines.Add(start + ":");
                foreach (var item in value.EnumerateArray()) Write(lines, depth + 1, "-", item);
                break;
            case JsonValueKind.Array:
                lines.Add(Cut($"{start}: {string.Join(", ", value.EnumerateArray().Select(Brief0))}"));
                break;
            case JsonValueKind.String:
                var parts = value.GetString()!.Split('\n');
                lines.Add(Cut($"{start}: {Visible(parts[0])}"));
                foreach (var part in parts.Skip(1)) lines.Add(Cut(new string(' ', 2 * depth + 2) + Visible(part)));
                break;
            default:
                lines.Add(Cut($"{start}: {value.GetRawText()}"));
                break;
        }
    }

    private static string Brief0(JsonElement item) => item.ValueKind == JsonValueKind.String ? Visible(item.GetString()!) : item.GetRawText();

    private static string Cut(string line) => line.Length <= LongestLine ? line : string.Create(CultureInfo.InvariantCulture, $"{line.AsSpan(0, LongestLine)}… {line.Length - LongestLine} more characters ({Mark(line)})");

    /// <summary>Two texts that differ only where they are cut still differ, and are shown as changed.</summary>
    private static string Mark(string text) => "sha256 " + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));

    private static bool IsHidden(Rune rune) => rune.Value != ' ' && Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate;
}
