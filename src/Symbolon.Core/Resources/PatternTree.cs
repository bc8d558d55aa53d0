namespace Symbolon.Core.Resources;

/// <summary>
/// Patterns by their segments, so that whether one is within any other is found by walking down its own segments: a union of many is made short without
/// comparing each with each.
/// </summary>
/// <remarks>
/// A walk may branch wherever a segment begins with another one, so that patterns made for it (<c>a*/aa*/a*/…</c>) could have it visit everything. It gives
/// up after <see cref="MostSteps"/>, and what it has not found by then counts as not covered, which refuses too much rather than too little: the cost is linear
/// in the number of patterns, whatever they are.
/// </remarks>
internal sealed class PatternTree
{
    private const int MostSteps = 256;

    private PatternBranches literals = new(), prefixes = new();
    private bool endsHere, hasRest;

    /// <summary>Whether it is within another one that is in the tree.</summary>
    public bool HasWiderThan(ResourcePattern pattern) => Has(pattern, butNotItself: true);

    public static PatternTree Of(IEnumerable<ResourcePattern> patterns)
    {
        var tree = new PatternTree();
        foreach (var pattern in patterns) tree.Add(pattern);
        return tree;
    }

    /// <returns>Whether it was not in the tree.</returns>
    public bool Add(ResourcePattern pattern)
    {
        var at = this;
        foreach (var segment in pattern.Segments)
        {
            if (segment.Kind == SegmentKind.Rest)
            {
                if (at.hasRest) return false;
                return at.hasRest = true;
            }
            at = segment.Kind == SegmentKind.Prefix ? at.prefixes.Open(segment.Text) : at.literals.Open(segment.Text);
        }
        if (at.endsHere) return false;
        return at.endsHere = true;
    }

    /// <summary>Whether the pattern is in the tree, or within one that is.</summary>
    public bool Covers(ResourcePattern pattern) => Holds(pattern) || Has(pattern, butNotItself: false);

    /// <summary>Whether exactly this pattern is in the tree: one way down, so that nothing is missed.</summary>
    private bool Holds(ResourcePattern pattern)
    {
        var at = this;
        foreach (var segment in pattern.Segments)
        {
            if (segment.Kind == SegmentKind.Rest) return at.hasRest;
            if ((segment.Kind == SegmentKind.Prefix ? at.prefixes : at.literals).Find(segment.Text) is not { } next) return false;
            at = next;
        }
        return at.endsHere;
    }

    private bool Has(ResourcePattern pattern, bool butNotItself)
    {
        var steps = MostSteps;
        return HasWider(pattern, 0, butNotItself, ref steps);
    }

    /// <param name="isSame">So far the way down is the pattern's own, at whose end stands nothing but itself.</param>
    private bool HasWider(ResourcePattern pattern, int depth, bool isSame, ref int steps)
    {
        if (--steps < 0) return false;
        if (depth == pattern.Segments.Length) return endsHere && !isSame;
        var segment = pattern.Segments[depth];
        if (hasRest && !(isSame && segment.Kind == SegmentKind.Rest)) return true;
        if (segment.Kind == SegmentKind.Rest) return false;
        if (segment.Kind == SegmentKind.Literal && literals.Find(segment.Text)?.HasWider(pattern, depth + 1, isSame, ref steps) == true) return true;
        for (var length = prefixes.Shortest; length <= segment.Text.Length && steps > 0; length++)
        {
            var isItself = segment.Kind == SegmentKind.Prefix && length == segment.Text.Length;
            if (prefixes.Find(segment.Text.AsSpan(0, length))?.HasWider(pattern, depth + 1, isSame && isItself, ref steps) == true) return true;
            if (prefixes.IsSingle) break;
        }
        return false;
    }
}
