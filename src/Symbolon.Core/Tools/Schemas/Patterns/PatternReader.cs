using System.Buffers;
using System.Globalization;

namespace Symbolon.Core.Tools.Schemas.Patterns;

/// <summary>
/// Reads the regular part of ECMA-262's expressions in Unicode mode (§22.2.1 with [+UnicodeMode]): what an automaton can decide in one pass. Greedy and lazy are
/// the same here, since a pattern is only asked whether it matches.
/// </summary>
internal sealed class PatternReader(string text)
{
    /// <summary>Groups within groups; the reader and the compiler walk them by recursion.</summary>
    private const int MostDepth = 32;

    /// <summary>More is written out to more states than a pattern may have.</summary>
    private const int MostRepeats = 10_000;

    private static readonly SearchValues<char> NameLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$");

    private readonly ClassReader classes = new(text);
    private int at, depth;

    /// <exception cref="PatternFaultException"/>
    public PatternNode Read()
    {
        var all = ReadChoice();
        return at == text.Length ? all : throw Fault("has an unmatched ')'");
    }

    private PatternNode ReadChoice()
    {
        var branches = new List<PatternNode> { ReadSequence() };
        while (Take('|')) branches.Add(ReadSequence());
        return branches.Count == 1 ? branches[0] : new PatternNode.Choice(branches);
    }

    private PatternNode.Sequence ReadSequence()
    {
        var parts = new List<PatternNode>();
        while (at < text.Length && text[at] is not ('|' or ')')) parts.Add(ReadRepeated());
        return new PatternNode.Sequence(parts);
    }

    private PatternNode ReadRepeated()
    {
        var part = ReadOne();
        if (at == text.Length || ReadCount() is not var (least, most)) return part;
        if (part is PatternNode.Place) throw Fault("repeats a place between characters");
        Take('?');
        if (at < text.Length && text[at] is '*' or '+' or '?' or '{') throw Fault("repeats a repetition");
        return new PatternNode.Repeat(part, least, most);
    }

    private (int Least, int? Most)? ReadCount()
    {
        switch (text[at])
        {
            case '*': at++; return (0, null);
            case '+': at++; return (1, null);
            case '?': at++; return (0, 1);
            case '{': break;
            default: return null;
        }
        at++;
        var least = ReadNumber() ?? throw Fault("has a '{' that begins no count; write \\{");
        int? most = least;
        if (Take(',')) most = ReadNumber();
        if (!Take('}')) throw Fault("has a '{' that begins no count; write \\{");
        if (most < least) throw Fault("has a count whose bounds are the wrong way round");
        return (least, most);
    }

    private int? ReadNumber()
    {
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        if (at == start) return null;
        return int.TryParse(text.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= MostRepeats
            ? number
            : throw Fault("repeats something too often");
    }

    private PatternNode ReadOne()
    {
        switch (text[at])
        {
            case '(': return ReadGroup();
            case '^': at++; return new PatternNode.Place(PatternPlace.Start);
            case '$': at++; return new PatternNode.Place(PatternPlace.End);
            case '*' or '+' or '?': throw Fault("repeats nothing");
            case '{' or '}' or ']': throw Fault($"has a single '{text[at]}'; write \\{text[at]}");
            case '\\' when at + 1 < text.Length && text[at + 1] is 'b' or 'B':
                at += 2;
                return new PatternNode.Place(text[at - 1] == 'b' ? PatternPlace.WordEdge : PatternPlace.NoWordEdge);
            default: return classes.ReadOne(ref at);
        }
    }

    private PatternNode ReadGroup()
    {
        if (++depth > MostDepth) throw Fault($"has groups within groups, deeper than {MostDepth}");
        at++;
        if (Take('?') && !Take(':')) ReadName();
        var inside = ReadChoice();
        if (!Take(')')) throw Fault("has a group that is not closed");
        depth--;
        return inside;
    }

    private void ReadName()
    {
        var rest = text.AsSpan(at);
        if (rest is ['=' or '!', ..] or ['<', '=' or '!', ..]) throw Fault("looks ahead or behind, which cannot be decided in linear time");
        var end = rest.IndexOf('>');
        if (rest is not ['<', ..] || end < 2 || rest[1..end].ContainsAnyExcept(NameLetters)) throw Fault("has a group of an unknown kind");
        at += end + 1;
    }

    private bool Take(char letter)
    {
        if (at == text.Length || text[at] != letter) return false;
        at++;
        return true;
    }

    private PatternFaultException Fault(string what) => new($"{what} (at character {at + 1})");
}
