namespace Symbolon.Cel.Patterns;

/// <summary>What stands between characters. A program's needs and what holds at a place are sums of these.</summary>
[Flags]
internal enum Assertion
{
    None = 0,
    BeginText = 1,
    EndText = 2,
    BeginLine = 4,
    EndLine = 8,
    WordBoundary = 16,
    NoWordBoundary = 32,
}

/// <summary>What assertions ask about the characters on both sides of a place. What a program does not ask about is not told apart.</summary>
internal sealed class Neighbours(Assertion asked)
{
    private const char Other = '\0';
    private const char Begin = '\u0001';
    private const char NewLine = '\u0002';
    private const char Word = '\u0003';

    private readonly bool asksWords = (asked & (Assertion.WordBoundary | Assertion.NoWordBoundary)) != 0;
    private readonly bool asksLines = asked.HasFlag(Assertion.BeginLine);

    public char AtBegin { get; } = (asked & (Assertion.BeginText | Assertion.BeginLine)) != 0 ? Begin : Other;

    public char After(int point) => asksLines && point == '\n' ? NewLine : asksWords && NamedSets.Word.Contains(point) ? Word : Other;

    /// <param name="next">-1 for the end of the text.</param>
    public Assertion Holding(char before, int next)
    {
        var holding = asksWords && (before == Word) != (next >= 0 && NamedSets.Word.Contains(next)) ? Assertion.WordBoundary : Assertion.NoWordBoundary;
        if (before == Begin) holding |= Assertion.BeginText;
        if (before is Begin or NewLine) holding |= Assertion.BeginLine;
        if (next < 0) holding |= Assertion.EndText;
        if (next is < 0 or '\n') holding |= Assertion.EndLine;
        return holding;
    }

    /// <summary>The sets that an alphabet has to tell apart for it.</summary>
    public static IEnumerable<CodeSet> SetsOf(Assertion asked)
    {
        if ((asked & (Assertion.WordBoundary | Assertion.NoWordBoundary)) != 0) yield return NamedSets.Word;
        if ((asked & (Assertion.BeginLine | Assertion.EndLine)) != 0) yield return CodeSet.NewLine;
    }
}
