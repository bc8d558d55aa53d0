using System.Globalization;
using System.Text;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Cli.Output;

/// <summary>
/// Texts that others wrote (owners, descriptions, reasons) as a terminal may show them: what could steer it, reorder the line or
/// pretend to be another line is written as an escape.
/// </summary>
internal static class PlainText
{
    /// <summary>One line without control, format, line-separating or unassigned characters; <c>\u{1B}</c> stands for escape.</summary>
    public static string OneLine(string text)
    {
        var safe = true;
        // Half a surrogate pair is read as the replacement character, and must then also be written as one.
        foreach (var rune in text.EnumerateRunes()) safe &= IsShown(rune) && rune != Rune.ReplacementChar;
        if (safe) return text;

        var shown = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsShown(rune)) shown.Append(rune);
            else shown.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X}}}");
        }
        return shown.ToString();
    }

    /// <summary>The same, but line ends stay.</summary>
    public static string Lines(string text) => string.Join('\n', text.Split('\n').Select(line => OneLine(line.TrimEnd('\r'))));

    public static bool IsShown(Rune rune) => TextRules.IsShown(rune);
}
