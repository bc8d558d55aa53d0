using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Symbolon.Core.Tools.Assessment;

/// <summary>
/// A text as words that the rules can be held against: lower case, look-alikes as the ASCII letter that they are drawn like, what is
/// invisible left out. <see cref="Stop"/> and <see cref="Comma"/> stand between sentences and parts of one.
/// </summary>
internal sealed record FoldedText
{
    public const string Stop = ".";
    public const string Comma = ",";

    /// <summary>Characters of one text that are read. What is behind them is unread, and said to be.</summary>
    public const int MostRead = 32_768;

    private const int LongestWord = 64;

    public static readonly FoldedText Empty = new() { Words = [] };

    public required ImmutableArray<string> Words { get; init; }

    /// <summary>There are characters that steer direction, are invisible inside words, or carry hidden text.</summary>
    public bool HasHidden { get; init; }

    /// <summary>A word mixes ASCII letters with look-alikes of another script.</summary>
    public bool HasLookAlikes { get; init; }

    /// <summary>The text is longer than <see cref="MostRead"/>.</summary>
    public bool IsCut { get; init; }

    /// <summary>Up to the first stop that has words before it.</summary>
    public ImmutableArray<string> FirstSentence
    {
        get
        {
            var end = Words.IndexOf(Stop);
            return end < 0 ? Words : Words[..end];
        }
    }

    public static FoldedText Of(string? text, AssessmentRules rules)
    {
        if (string.IsNullOrEmpty(text)) return Empty;
        var words = ImmutableArray.CreateBuilder<string>();
        var word = new StringBuilder();
        var (hidden, ascii, foreign, lookAlikes) = (false, false, false, false);
        var before = default(Rune);
        var read = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (++read > MostRead) break;
            if (IsHidden(rune, before)) hidden = true;
            else if (rune.Value is '\'' or 0x2019 or 0x02BC) continue;
            else if (IsUnseen(rune)) continue;
            else if (rules.LookAlikes.Of(rune) is not '\0' and var letter)
            {
                // A new word where the case says so: listFiles, HTTPRequest.
                if (word.Length > 0 && char.IsAsciiLetterUpper(letter) && Rune.IsLower(before)) End();
                else if (word.Length > 1 && char.IsAsciiLetterLower(letter) && Rune.IsUpper(before) && char.IsAsciiLetterUpper(word[^2])) Split();
                ascii |= rune.Value == letter && char.IsAsciiLetter(letter);
                foreign |= LookAlikes.IsOtherScript(rune);
                if (word.Length < LongestWord) word.Append(letter);
            }
            else
            {
                End();
                if (rune.Value is '.' or '!' or '?' or ';' or '\n' or '\r' or '|' or 0x2022 or 0x3002) Break(Stop);
                else if (rune.Value is ',' or '/' or '&' or ':' or '(' or ')') Break(Comma);
            }
            before = rune;
        }
        End();
        return new FoldedText { Words = words.ToImmutable(), HasHidden = hidden, HasLookAlikes = lookAlikes, IsCut = read > MostRead };

        void End()
        {
            if (word.Length > 0) words.Add(word.ToString().ToLowerInvariant());
            word.Clear();
            lookAlikes |= ascii && foreign;
            (ascii, foreign) = (false, false);
        }

        void Split()
        {
            var last = word[^1];
            word.Length--;
            if (word.Length > 0) words.Add(word.ToString().ToLowerInvariant());
            word.Clear().Append(last);
        }

        void Break(string mark)
        {
            if (words.Count > 0 && words[^1] != Stop && (mark == Stop || words[^1] != Comma)) words.Add(mark);
        }
    }

    /// <summary>Bidirectional controls, tag characters outside flags, and invisible joiners and spaces inside a word of ASCII letters.</summary>
    private static bool IsHidden(Rune rune, Rune before) => rune.Value switch
    {
        >= 0x202A and <= 0x202E or >= 0x2066 and <= 0x2069 => true,
        >= 0xE0000 and <= 0xE007F => before.Value < 0x1F000,
        0x200B or 0x200C or 0x200D or 0x2060 or 0xFEFF or 0x00AD or 0x180E => before.IsAscii && Rune.IsLetter(before),
        < 0x20 => rune.Value is not ('\n' or '\r' or '\t'),
        _ => false,
    };

    private static bool IsUnseen(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Control && rune.Value is not ('\n' or '\r' or '\t');
}
