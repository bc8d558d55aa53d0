using System.Collections.Frozen;
using System.Text;

namespace Symbolon.Core.Tools.Assessment;

/// <summary>Characters as the ASCII letter or digit that they are drawn like: full width, mathematical and circled letters, and the rules' own list.</summary>
internal sealed class LookAlikes(FrozenDictionary<int, char> drawnLike)
{
    /// <param name="groups">Each an ASCII letter and the characters drawn like it.</param>
    public static LookAlikes Of(IEnumerable<string> groups)
    {
        var drawn = new Dictionary<int, char>();
        foreach (var group in groups)
            foreach (var rune in group.EnumerateRunes().Skip(1)) drawn.TryAdd(rune.Value, group[0]);
        return new LookAlikes(drawn.ToFrozenDictionary());
    }

    /// <returns>A letter or digit of ASCII, or U+0000 for what separates words. A letter of another script that is like none stays a letter: U+007E.</returns>
    public char Of(Rune rune) => rune.Value switch
    {
        < 0x80 => char.IsAsciiLetterOrDigit((char)rune.Value) ? (char)rune.Value : '\0',
        >= 0xFF01 and <= 0xFF5E => Ascii(rune.Value - 0xFEE0),
        >= 0x1D400 and <= 0x1D6A3 => (rune.Value - 0x1D400) % 52 is < 26 and var upper ? (char)('A' + upper) : (char)('a' + ((rune.Value - 0x1D400) % 52) - 26),
        >= 0x1D7CE and <= 0x1D7FF => (char)('0' + ((rune.Value - 0x1D7CE) % 10)),
        >= 0x24B6 and <= 0x24CF => (char)('A' + rune.Value - 0x24B6),
        >= 0x24D0 and <= 0x24E9 => (char)('a' + rune.Value - 0x24D0),
        _ when drawnLike.TryGetValue(rune.Value, out var letter) => letter,
        _ => Rune.IsLetterOrDigit(rune) ? '~' : '\0',
    };

    /// <summary>Letters that have no business inside an English word, unlike those with accents.</summary>
    public static bool IsOtherScript(Rune rune) => rune.Value is >= 0x0370 and <= 0x052F or >= 0x1D400 and <= 0x1D7FF or >= 0xFF01 and <= 0xFF5E or >= 0x24B6 and <= 0x24E9;

    private static char Ascii(int value) => char.IsAsciiLetterOrDigit((char)value) ? (char)value : '\0';
}
