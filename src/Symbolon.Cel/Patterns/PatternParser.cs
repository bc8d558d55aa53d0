namespace Symbolon.Cel.Patterns;

/// <summary>Reads a pattern in the syntax of RE2 (github.com/google/re2/wiki/Syntax).</summary>
internal sealed class PatternParser
{
    private const int MostDepth = 100;
    private const int MostTimes = 1000;

    private readonly PatternReader reader;
    private readonly GroupHead heads;
    private PatternFlags flags;
    private int depth;

    private PatternParser(string pattern)
    {
        reader = new PatternReader(pattern);
        heads = new GroupHead(reader);
    }

    /// <exception cref="PatternFault">It is no pattern.</exception>
    public static PatternNode Parse(string pattern)
    {
        var parser = new PatternParser(pattern);
        var node = parser.TakeChoice();
        if (!parser.reader.IsAtEnd) throw new PatternFault(parser.reader.At, "this ')' closes no group.");
        return node;
    }

    private PatternNode TakeChoice()
    {
        var start = reader.At;
        var branches = new List<PatternNode>();
        do branches.Add(TakeSequence()); while (reader.Take('|'));
        if (branches.TrueForAll(branch => branch is PatternNode.Nothing)) return new PatternNode.Nothing(start);
        return branches.Count == 1 ? branches[0] : new PatternNode.Choice(start, branches);
    }

    private PatternNode TakeSequence()
    {
        var start = reader.At;
        var items = new List<PatternNode>();
        var repeated = -1;
        while (!reader.IsAtEnd && reader.Ahead() is not ('|' or ')'))
        {
            var at = reader.At;
            if (TakeRepetition(out var least, out var most))
            {
                Repeat(items, at, least, most, repeated);
                repeated = at;
                continue;
            }
            repeated = -1;
            TakeItem(items);
        }
        return PatternNode.InSequence(start, items);
    }

    private void TakeItem(List<PatternNode> items)
    {
        var at = reader.At;
        var folds = flags.HasFlag(PatternFlags.IgnoreCase);
        switch (reader.Ahead())
        {
            case '(':
                if (TakeGroup() is { } group) items.Add(group);
                return;
            case '[':
                items.Add(new PatternNode.One(at, ClassReader.Take(reader, folds)));
                return;
            case '.':
                reader.Take('.');
                items.Add(new PatternNode.One(at, flags.HasFlag(PatternFlags.DotAll) ? CodeSet.All : CodeSet.AllButNewLine));
                return;
            case '^':
                reader.Take('^');
                items.Add(new PatternNode.Assert(at, flags.HasFlag(PatternFlags.MultiLine) ? Assertion.BeginLine : Assertion.BeginText));
                return;
            case '$':
                reader.Take('$');
                items.Add(new PatternNode.Assert(at, flags.HasFlag(PatternFlags.MultiLine) ? Assertion.EndLine : Assertion.EndText));
                return;
            case '\\':
                TakeEscape(items, at, folds);
                return;
            default:
                items.Add(Literal(at, reader.TakePoint(), folds));
                return;
        }
    }

    private PatternNode? TakeGroup()
    {
        var start = reader.At;
        var outer = flags;
        if (!heads.Take(ref flags)) return null;
        if (++depth > MostDepth) throw new PatternFault(start, $"groups are more than {MostDepth} deep.");
        var node = TakeChoice();
        if (!reader.Take(')')) throw new PatternFault(start, "a group has no ')'.");
        depth--;
        flags = outer;
        return node;
    }

    private void TakeEscape(List<PatternNode> items, int at, bool folds)
    {
        if (AssertionOf(reader.Ahead(1)) is var assertion and not Assertion.None)
        {
            reader.Return(at + 2);
            items.Add(new PatternNode.Assert(at, assertion));
            return;
        }
        if (reader.Take(@"\Q"))
        {
            while (!reader.IsAtEnd && !reader.Take(@"\E")) items.Add(Literal(reader.At, reader.TakePoint(), folds));
            return;
        }
        items.Add(Escapes.TakeSet(reader, folds) is { } set ? new PatternNode.One(at, set) : Literal(at, Escapes.TakePoint(reader), folds));
    }

    private static Assertion AssertionOf(char letter) => letter switch
    {
        'A' => Assertion.BeginText,
        'z' => Assertion.EndText,
        'b' => Assertion.WordBoundary,
        'B' => Assertion.NoWordBoundary,
        _ => Assertion.None,
    };

    private static PatternNode.One Literal(int at, int point, bool folds)
    {
        if (!folds) return new PatternNode.One(at, CodeSet.One(point));
        var builder = new CodeSetBuilder(folds);
        builder.Add(point, point);
        return new PatternNode.One(at, builder.Build());
    }

    /// <returns>False, and nothing taken, for what is none: <c>{</c> stands for itself where no count follows.</returns>
    private bool TakeRepetition(out int least, out int most)
    {
        var start = reader.At;
        (least, most) = reader.Ahead() switch { '*' => (0, -1), '+' => (1, -1), '?' => (0, 1), _ => (-1, -1) };
        if (least >= 0) reader.Return(start + 1);
        else if (!TakeCount(out least, out most))
        {
            reader.Return(start);
            return false;
        }
        reader.Take('?');
        return true;
    }

    private bool TakeCount(out int least, out int most)
    {
        (least, most) = (-1, -1);
        if (!reader.Take('{')) return false;
        least = most = reader.TakeNumber();
        if (least < 0) return false;
        if (reader.Take(',')) most = reader.TakeNumber();
        return reader.Take('}');
    }

    private void Repeat(List<PatternNode> items, int at, int least, int most, int repeated)
    {
        if (repeated >= 0) throw new PatternFault(repeated, $"'{reader.Since(repeated)}' repeats a repetition, which takes a group between the two.");
        if (items.Count == 0) throw new PatternFault(at, $"'{reader.Since(at)}' has nothing before it to repeat.");
        if (Math.Max(least, most) > MostTimes) throw new PatternFault(at, $"'{reader.Since(at)}' repeats more than {MostTimes} times.");
        if (most >= 0 && most < least) throw new PatternFault(at, $"'{reader.Since(at)}' repeats at least more often than at most.");
        var body = items[^1];
        var node = new PatternNode.Repeat(body.At, body, least, most);
        if (node.Times > MostTimes) throw new PatternFault(at, $"'{reader.Since(at)}' repeats what is repeated: together more than {MostTimes} times.");
        items[^1] = body is PatternNode.Nothing || most == 0 ? new PatternNode.Nothing(body.At) : node;
    }
}
