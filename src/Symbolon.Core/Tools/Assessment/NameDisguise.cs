using System.Globalization;
using System.Text;

namespace Symbolon.Core.Tools.Assessment;

/// <summary>Tells people what is not what it looks like in a tool's name: that is what is dropped, and has to be shown as such. DESIGN.md section 4, Names.</summary>
public static class NameDisguise
{
    private const int MostTold = 3;
    private const int MostRead = 256;

    /// <returns>A sentence, or null where every character is ASCII and can be seen: <c>U+0435 is drawn like e; it reads like delete_pod.</c></returns>
    public static string? Of(string name)
    {
        var told = new List<string>();
        var reads = new StringBuilder();
        foreach (var rune in name.EnumerateRunes().Take(MostRead))
        {
            var letter = AssessmentRules.Default.LookAlikes.Of(rune);
            var isDrawn = rune.Value >= 0x80 && char.IsAsciiLetterOrDigit(letter);
            if (rune.IsAscii && !Rune.IsControl(rune)) reads.Append((char)rune.Value);
            else if (isDrawn) reads.Append(letter);
            if (rune.IsAscii && !Rune.IsControl(rune)) continue;
            var code = string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}");
            var what = isDrawn ? $"{code} is drawn like {letter}" : IsUnseen(rune) ? $"{code} is not seen" : $"{code} is not allowed";
            if (told.Count < MostTold && !told.Contains(what)) told.Add(what);
        }
        if (told.Count == 0) return null;
        return $"{string.Join(", ", told)}{(reads.Length > 0 && reads.Length < name.Length + 1 ? $"; it reads like {reads}" : "")}.";
    }

    private static bool IsUnseen(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.NonSpacingMark
        or UnicodeCategory.EnclosingMark or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator;
}
