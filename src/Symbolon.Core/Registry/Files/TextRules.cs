using System.Globalization;
using System.Text;

namespace Symbolon.Core.Registry.Files;

/// <summary>Rules for texts that come from outside.</summary>
public static class TextRules
{
    private const int ShownName = 64;

    /// <summary>A member's name as an error may repeat it: cut, and with control and format characters escaped.</summary>
    public static string Shown(string name)
    {
        var shown = new StringBuilder();
        foreach (var c in name.Length > ShownName ? name[..ShownName] : name)
            if (char.IsControl(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else shown.Append(c);
        return name.Length > ShownName ? shown.Append('…').ToString() : shown.ToString();
    }

    /// <summary>Whether something in it cannot be seen by who reads it: control and format characters, and separators of lines and paragraphs.</summary>
    /// <param name="inLines">Tabs and the ends of lines are seen: it is a text of several lines.</param>
    public static bool HasUnseen(string text, bool inLines = false)
    {
        foreach (var rune in text.EnumerateRunes())
            if (!(inLines && rune.Value is '\t' or '\n' or '\r')
                && (Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)) return true;
        return false;
    }

    /// <summary>Whether a terminal or a page shows it as one visible place at most and nothing else happens.</summary>
    public static bool IsShown(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate => false,
        UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned => false,
        // Other spaces look like the one that separates words, or like nothing.
        UnicodeCategory.SpaceSeparator => rune.Value is ' ' or 0x3000,
        _ => true,
    };
}
