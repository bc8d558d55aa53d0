namespace Symbolon.Cel.Patterns;

/// <summary>
/// A pattern as it was read. Groups are gone, and so is whether a repetition is greedy: both say what is captured, not whether there is a match.
/// Every node but <see cref="Nothing"/> becomes an instruction or more, so that the limit of the program bounds the work of compiling too.
/// </summary>
/// <param name="At">Where it begins in the pattern.</param>
internal abstract record PatternNode(int At)
{
    /// <summary>How often counted repetitions repeat its innermost part.</summary>
    public virtual long Times => 1;

    internal sealed record Nothing(int At) : PatternNode(At);

    internal sealed record One(int At, CodeSet Set) : PatternNode(At);

    internal sealed record Assert(int At, Assertion Assertion) : PatternNode(At);

    internal sealed record Sequence(int At, IReadOnlyList<PatternNode> Items) : PatternNode(At)
    {
        public override long Times { get; } = Items.Max(item => item.Times);
    }

    internal sealed record Choice(int At, IReadOnlyList<PatternNode> Branches) : PatternNode(At)
    {
        public override long Times { get; } = Branches.Max(branch => branch.Times);
    }

    /// <param name="Most">-1 for no end.</param>
    internal sealed record Repeat(int At, PatternNode Body, int Least, int Most) : PatternNode(At)
    {
        public override long Times { get; } = Math.Max(1, Math.Max(Least, Most)) * Body.Times;
    }

    public static PatternNode InSequence(int at, List<PatternNode> items)
    {
        items.RemoveAll(item => item is Nothing);
        return items.Count switch { 0 => new Nothing(at), 1 => items[0], _ => new Sequence(at, [.. items]) };
    }
}
