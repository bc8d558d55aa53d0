using System.Collections.Frozen;
using System.Text;
using Symbolon.Jose.Json;

namespace Symbolon.Core.Redaction;

/// <summary>Whether a name (of an argument, a member, a header, an option) says that its value is a secret.</summary>
public static class SecretName
{
    /// <summary>Longer ones are taken for secret: nobody names a field like that.</summary>
    private const int Longest = 256;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Words =
        SecretPatterns.NameWords.ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    public static bool IsSecret(ReadOnlySpan<char> name)
    {
        if (name.Length > Longest) return true;
        foreach (var phrase in SecretPatterns.Phrases)
            if (name.Contains(phrase, StringComparison.OrdinalIgnoreCase)) return true;
        Span<char> letters = stackalloc char[Longest];
        var (length, word) = (0, 0);
        var wasSmall = false;
        foreach (var rune in name.EnumerateRunes())
        {
            if (!TryFold(rune, out var letter))
            {
                // A mark on a letter or something invisible does not part a word; a separator does.
                if (rune.IsAscii && EndsWord(letters[word..length])) return true;
                if (rune.IsAscii) word = length;
                wasSmall = false;
                continue;
            }
            var isCapital = Rune.IsUpper(rune);
            if (isCapital && wasSmall)
            {
                if (EndsWord(letters[word..length])) return true;
                word = length;
            }
            letters[length++] = letter;
            wasSmall = !isCapital;
        }
        return EndsWord(letters[word..length]) || HasPart(letters[..length]);
    }

    /// <summary>Whether a name that is a secret's says password, in one of the languages known here.</summary>
    internal static bool IsPassword(ReadOnlySpan<char> name)
    {
        if (name.Equals("pwd", StringComparison.OrdinalIgnoreCase)) return true;
        Span<char> letters = stackalloc char[Longest];
        var length = 0;
        foreach (var rune in name[..Math.Min(name.Length, Longest)].EnumerateRunes())
            if (TryFold(rune, out var letter)) letters[length++] = letter;
        foreach (var part in SecretPatterns.PasswordParts)
            if (letters[..length].IndexOf(part, StringComparison.Ordinal) >= 0) return true;
        return false;
    }

    /// <summary>The capital letter or digit of ASCII that a reader takes it for; full-width forms and odd cases included.</summary>
    private static bool TryFold(Rune rune, out char letter)
    {
        var narrow = rune.Value is >= 0xFF01 and <= 0xFF5E ? new Rune(rune.Value - 0xFEE0) : rune;
        var folded = NameFolding.Fold(narrow);
        letter = folded.IsAscii ? (char)folded.Value : '\0';
        return char.IsAsciiLetterOrDigit(letter);
    }

    private static bool EndsWord(ReadOnlySpan<char> word) => Words.Contains(word);

    private static bool HasPart(ReadOnlySpan<char> letters)
    {
        foreach (var part in SecretPatterns.NameParts)
            if (letters.IndexOf(part, StringComparison.Ordinal) >= 0) return true;
        return false;
    }
}
