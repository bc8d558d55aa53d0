using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Symbolon.Cli.Output;

/// <summary>
/// Writes JSON values indented, numbers with their own digits. What <see cref="PlainText"/> would not show is escaped, so that the
/// output is safe on a terminal and still the same value.
/// </summary>
internal static class JsonText
{
    public static string Write(JsonElement value)
    {
        var text = new StringBuilder();
        Append(text, value, 0);
        return text.Append('\n').ToString();
    }

    /// <summary>The same on one line.</summary>
    public static string OneLine(JsonElement value)
    {
        var text = new StringBuilder();
        Append(text, value, null);
        return text.ToString();
    }

    /// <param name="indent">Null for one line.</param>
    private static void Append(StringBuilder text, JsonElement value, int? indent)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                AppendAll(text, '{', '}', indent, value.EnumerateObject(), member =>
                {
                    Append(text, member.Name);
                    text.Append(indent is null ? ":" : ": ");
                    Append(text, member.Value, indent + 2);
                });
                break;
            case JsonValueKind.Array:
                AppendAll(text, '[', ']', indent, value.EnumerateArray(), item => Append(text, item, indent + 2));
                break;
            case JsonValueKind.String:
                Append(text, value.GetString()!);
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    private static void AppendAll<T>(StringBuilder text, char open, char close, int? indent, IEnumerable<T> items, Action<T> append)
    {
        text.Append(open);
        var first = true;
        foreach (var item in items)
        {
            if (!first) text.Append(',');
            if (indent is { } by) text.Append('\n').Append(' ', by + 2);
            first = false;
            append(item);
        }
        if (!first && indent is { } end) text.Append('\n').Append(' ', end);
        text.Append(close);
    }

    private static void Append(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var rune in value.EnumerateRunes())
            _ = rune.Value switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                _ when PlainText.IsShown(rune) => text.Append(rune),
                _ => AppendEscaped(text, rune),
            };
        text.Append('"');
    }

    private static StringBuilder AppendEscaped(StringBuilder text, Rune rune)
    {
        foreach (var unit in rune.ToString()) text.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
        return text;
    }
}
