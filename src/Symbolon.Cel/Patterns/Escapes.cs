using System.Text;

namespace Symbolon.Cel.Patterns;

/// <summary>What follows a backslash, in a class or out of it.</summary>
internal static class Escapes
{
    /// <summary>Takes <c>\d</c>, <c>\W</c>, <c>\pL</c>, <c>\P{Lu}</c> and their like.</summary>
    /// <returns>Null, and nothing taken, where none stands here.</returns>
    public static CodeSet? TakeSet(PatternReader reader, bool folds)
    {
        if (!reader.IsNext('\\')) return null;
        var letter = reader.Ahead(1);
        if (letter is 'p' or 'P') return TakeCategory(reader, folds);
        if (!char.IsAsciiLetter(letter) || NamedSets.Perl(char.ToLowerInvariant(letter)) is not { } set) return null;
        reader.Return(reader.At + 2);
        return set.With(folds, isNegated: char.IsAsciiLetterUpper(letter));
    }

    /// <summary>Takes one character that is written as an escape.</summary>
    public static int TakePoint(PatternReader reader)
    {
        var start = reader.At;
        reader.Take('\\');
        if (reader.IsAtEnd) throw new PatternFault(start, "a backslash at the end escapes nothing.");
        var point = reader.TakePoint();
        switch (point)
        {
            case 'a': return '\a';
            case 'f': return '\f';
            case 't': return '\t';
            case 'n': return '\n';
            case 'r': return '\r';
            case 'v': return '\v';
            case 'x': return TakeHexadecimal(reader, start);
            // A digit alone would be a back reference, more of them are an octal number.
            case '0' or (>= '1' and <= '7') when point == '0' || IsOctal(reader.Ahead()): return TakeOctal(reader, point - '0');
            case < 0x80 when !char.IsAsciiLetterOrDigit((char)point): return point;
        }
        throw new PatternFault(start, ReasonOf(reader.Since(start), point));
    }

    private static string ReasonOf(string escape, int point) => point switch
    {
        >= '1' and <= '9' or 'k' or 'g' => $"'{escape}': back references are not supported.",
        'C' => @"'\C': a single byte is not supported, patterns are matched by code points.",
        'Z' => @"'\Z' is not supported, the end of the text is '\z'.",
        'E' => @"'\E' ends no '\Q'.",
        _ => $"'{escape}' is no escape.",
    };

    private static bool IsOctal(char unit) => unit is >= '0' and <= '7';

    private static int TakeOctal(PatternReader reader, int number)
    {
        for (var digits = 1; digits < 3 && IsOctal(reader.Ahead()); digits++) number = 8 * number + (reader.TakePoint() - '0');
        return number;
    }

    private static int TakeHexadecimal(PatternReader reader, int start)
    {
        var isBraced = reader.Take('{');
        var (number, digits) = (0, 0);
        for (; char.IsAsciiHexDigit(reader.Ahead()) && (isBraced || digits < 2); digits++)
        {
            number = 16 * number + Convert.ToInt32(((char)reader.TakePoint()).ToString(), 16);
            if (number > CodeSet.Last) throw new PatternFault(start, "a character is at most '\\x{10FFFF}'.");
        }
        if (isBraced ? digits == 0 || !reader.Take('}') : digits < 2) throw new PatternFault(start, "a character by number is '\\x7F' with two digits, or '\\x{10FFFF}'.");
        return number;
    }

    private static CodeSet TakeCategory(PatternReader reader, bool folds)
    {
        var start = reader.At;
        var isNegated = reader.Ahead(1) == 'P';
        reader.Return(start + 2);
        var isBraced = reader.Take('{');
        if (isBraced && reader.Take('^')) isNegated = !isNegated;
        var name = isBraced ? reader.TakeUntil("}") : reader.IsAtEnd ? null : new Rune(reader.TakePoint()).ToString();
        if (string.IsNullOrEmpty(name)) throw new PatternFault(start, "a general category is '\\pL' or '\\p{Lu}'.");
        return NamedSets.Category(name)?.With(folds, isNegated)
            ?? throw new PatternFault(start, $"'{reader.Since(start)}' is no general category; scripts such as '\\p{{Greek}}' are not supported.");
    }
}
