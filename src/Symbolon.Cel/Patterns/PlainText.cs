using System.Text;

namespace Symbolon.Cel.Patterns;

/// <summary>A pattern that only asks for a text: somewhere, at the begin, at the end or as the whole.</summary>
internal sealed class PlainText(string wanted, bool atBegin, bool atEnd)
{
    /// <returns>Null for a pattern that asks for more.</returns>
    public static PlainText? Of(PatternNode pattern)
    {
        var items = pattern is PatternNode.Sequence sequence ? sequence.Items : [pattern];
        var (first, last) = (0, items.Count - 1);
        var atBegin = items[first] is PatternNode.Assert { Assertion: Assertion.BeginText };
        if (atBegin) first++;
        var atEnd = first <= last && items[last] is PatternNode.Assert { Assertion: Assertion.EndText };
        if (atEnd) last--;
        // What may be missing says nothing at an open side: 'a.*' is found where 'a' is.
        while (!atBegin && first <= last && items[first] is PatternNode.Repeat { Least: 0 }) first++;
        while (!atEnd && first <= last && items[last] is PatternNode.Repeat { Least: 0 }) last--;
        var wanted = new StringBuilder();
        for (var i = first; i <= last; i++)
        {
            if (items[i] is not PatternNode.One { Set.Single: var point } || !Rune.IsValid(point)) return null;
            wanted.Append(new Rune(point));
        }
        return new PlainText(wanted.ToString(), atBegin, atEnd);
    }

    public bool IsIn(ReadOnlySpan<char> text) => (atBegin, atEnd) switch
    {
        (true, true) => text.SequenceEqual(wanted),
        (true, false) => text.StartsWith(wanted, StringComparison.Ordinal),
        (false, true) => text.EndsWith(wanted, StringComparison.Ordinal),
        _ => text.Contains(wanted, StringComparison.Ordinal),
    };
}
