using System.Globalization;
using System.Text;

namespace Symbolon.Core.Tools.Schemas.Patterns;

/// <summary>Reads what stands for one character: itself, an escape, or a class in brackets.</summary>
internal sealed class ClassReader(string text)
{
    public PatternNode.One ReadOne(ref int at)
    {
        if (text[at] == '[') return ReadClass(ref at);
        if (text[at] == '.')
        {
            at++;
            return new PatternNode.One(CodePoints.NoLineEnd);
        }
        var (set, isNegated) = text[at] == '\\' ? ReadEscape(ref at, isInClass: false) : (Single(ReadRune(ref at)), false);
        return new PatternNode.One(set, isNegated);
    }

    private PatternNode.One ReadClass(ref int at)
    {
        var start = at++;
        var isNegated = at < text.Length && text[at] == '^';
        if (isNegated) at++;
        var ranges = new List<(int, int)>();
        var categories = 0u;
        while (true)
        {
            if (at == text.Length) throw Fault("has a class that is not closed", start);
            if (text[at] == ']') break;
            var from = at;
            var first = ReadAtom(ref at);
            if (at + 1 >= text.Length || text[at] != '-' || text[at + 1] == ']')
            {
                ranges.AddRange(first.Ranges);
                categories |= first.Categories;
                continue;
            }
            at++;
            var last = ReadAtom(ref at);
            if (OneOf(first) is not { } low || OneOf(last) is not { } high) throw Fault("has a range from or to more than one character", from);
            if (low > high) throw Fault("has a range whose ends are the wrong way round", from);
            ranges.Add((low, high));
        }
        at++;
        return new PatternNode.One(new CodePoints(ranges, categories), isNegated);
    }

    private CodePoints ReadAtom(ref int at)
    {
        if (at == text.Length) throw Fault("has a class that is not closed", at);
        if (text[at] != '\\') return Single(ReadRune(ref at));
        var (set, isNegated) = ReadEscape(ref at, isInClass: true);
        if (!isNegated) return set;
        return set.Categories == 0 ? set.Inverse() : new CodePoints([], ~set.Categories & CodePoints.EveryCategory);
    }

    private (CodePoints Set, bool IsNegated) ReadEscape(ref int at, bool isInClass)
    {
        var start = at++;
        if (at == text.Length) throw Fault("ends in a backslash", start);
        var letter = text[at++];
        switch (letter)
        {
            case 'd' or 'D': return (CodePoints.Digit, letter == 'D');
            case 'w' or 'W': return (CodePoints.Word, letter == 'W');
            case 's' or 'S': return (CodePoints.Space, letter == 'S');
            case 'p' or 'P': return (ReadProperty(ref at, start), letter == 'P');
            case 't': return (Single('\t'), false);
            case 'n': return (Single('\n'), false);
            case 'v': return (Single('\v'), false);
            case 'f': return (Single('\f'), false);
            case 'r': return (Single('\r'), false);
            case 'b' when isInClass: return (Single('\b'), false);
            case '0' when at == text.Length || !char.IsAsciiDigit(text[at]): return (Single(0), false);
            case >= '1' and <= '9' or 'k': throw Fault("has a backreference, which cannot be decided in linear time", start);
            case 'x': return (Single(ReadHex(ref at, 2, start)), false);
            case 'u': return (Single(ReadUnicode(ref at, start)), false);
            case 'c' when at < text.Length && char.IsAsciiLetter(text[at]): return (Single(text[at++] % 32), false);
            default:
                if (char.IsAsciiLetterOrDigit(letter) || !char.IsAscii(letter)) throw Fault("has an unknown escape", start);
                return (Single(letter), false);
        }
    }

    private CodePoints ReadProperty(ref int at, int start)
    {
        var end = at < text.Length && text[at] == '{' ? text.IndexOf('}', at) : -1;
        if (end < 0) throw Fault("has a \\p without a name in braces", start);
        var name = text[(at + 1)..end];
        at = end + 1;
        return CategoryNames.Find(name) ?? throw Fault("has a \\p that names no general category; scripts and other properties are not known here", start);
    }

    private int ReadUnicode(ref int at, int start)
    {
        if (at < text.Length && text[at] == '{')
        {
            var end = text.IndexOf('}', at);
            if (end < 0 || !int.TryParse(text.AsSpan(at + 1, end - at - 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var point) || !Rune.IsValid(point))
                throw Fault("has a \\u that is no character", start);
            at = end + 1;
            return point;
        }
        var unit = (char)ReadHex(ref at, 4, start);
        if (!char.IsSurrogate(unit)) return unit;
        if (at + 1 < text.Length && text[at] == '\\' && text[at + 1] == 'u')
        {
            at += 2;
            if (Rune.TryCreate(unit, (char)ReadHex(ref at, 4, start), out var rune)) return rune.Value;
        }
        throw Fault("has half of a surrogate pair", start);
    }

    private int ReadHex(ref int at, int length, int start)
    {
        if (at + length > text.Length || !int.TryParse(text.AsSpan(at, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            throw Fault("has an escape that lacks hex digits", start);
        at += length;
        return value;
    }

    private int ReadRune(ref int at)
    {
        if (!Rune.TryGetRuneAt(text, at, out var rune)) throw Fault("has half of a surrogate pair", at);
        at += rune.Utf16SequenceLength;
        return rune.Value;
    }

    private static CodePoints Single(int point) => new([(point, point)]);

    private static int? OneOf(CodePoints set) => set is { Categories: 0, Ranges: [var (first, last)] } && first == last ? first : null;

    private static PatternFaultException Fault(string what, int at) => new($"{what} (at character {at + 1})");
}
