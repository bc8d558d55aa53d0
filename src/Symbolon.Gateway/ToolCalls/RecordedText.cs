using System.Text;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>What a caller chose freely (names of servers, tools and methods) as it goes into a record: short, and text that every store takes.</summary>
internal static class RecordedText
{
    private const int Most = 128;

    /// <summary>
    /// At most 128 UTF-16 units, cut between characters and not within one. Half a surrogate pair and U+0000, which a store may refuse
    /// together with everything that is written with them, become U+FFFD.
    /// </summary>
    public static string Of(string text, int most = Most)
    {
        if (text.Length > most) text = text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
        return text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') || text.Contains('\0') ? Clean(text) : text;
    }

    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) clean.Append(rune.Value == 0 ? Rune.ReplacementChar : rune);
        return clean.ToString();
    }
}
