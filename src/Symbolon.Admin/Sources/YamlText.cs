using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Admin.Sources;

/// <summary>Writes JSON values as block YAML 1.2. Every text that is not plainly a word is quoted, so any reader sees the same value.</summary>
public static class YamlText
{
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./@-");

    // What some reader takes for a truth value or nothing.
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase) { "null", "true", "false", "yes", "no", "on", "off", "y", "n" };

    public static string Write(JsonElement value)
    {
        var text = new StringBuilder();
        Append(text, value, 0, inline: false);
        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonElement value, int indent, bool inline)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when value.EnumerateObject().Any():
                AppendMembers(text, value, indent, inline);
                break;
            case JsonValueKind.Array when value.GetArrayLength() > 0:
                AppendItems(text, value, indent, inline);
                break;
            default:
                text.Append(inline ? " " : "").Append(Scalar(value)).Append('\n');
                break;
        }
    }

    /// <param name="inline">Something stands on the line already: a key wants a new line, a dash wants the first member beside it.</param>
    private static void AppendMembers(StringBuilder text, JsonElement value, int indent, bool inline)
    {
        var beside = inline && text[^1] == '-';
        if (inline) text.Append(beside ? ' ' : '\n');
        foreach (var member in value.EnumerateObject())
        {
            if (!beside) text.Append(' ', indent);
            beside = false;
            text.Append(Text(member.Name)).Append(':');
            Append(text, member.Value, indent + 2, inline: true);
        }
    }

    private static void AppendItems(StringBuilder text, JsonElement value, int indent, bool inline)
    {
        if (inline) text.Append('\n');
        foreach (var item in value.EnumerateArray())
        {
            text.Append(' ', indent).Append('-');
            Append(text, item, indent + 2, inline: true);
        }
    }

    private static string Scalar(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Text(value.GetString()!),
        JsonValueKind.Object => "{}",
        JsonValueKind.Array => "[]",
        _ => value.GetRawText(),
    };

    private static string Text(string text)
    {
        var plain = text.Length > 0 && char.IsAsciiLetter(text[0]) && !text.AsSpan().ContainsAnyExcept(Plain) && !Words.Contains(text);
        return plain ? text : Quoted(text);
    }

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
            _ = rune.Value switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\t' => quoted.Append("\\t"),
                _ when TextRules.IsShown(rune) => quoted.Append(rune),
                <= 0xFFFF => quoted.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}"),
                _ => quoted.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}"),
            };
        return quoted.Append('"').ToString();
    }
}
