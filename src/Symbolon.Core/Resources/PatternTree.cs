namespace Symbolon.Core.Resources;

/// <summary>
/// Patterns by their segments, so that whether one is within any other is found by walking down its own segments: a union of many is made short without
/// comparing each with each.
/// </summary>
internal sealed class PatternTree
{
    private readonly Dictionary<string, PatternTree> literals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PatternTree> prefixes = new(StringComparer.Ordinal);
    private bool endsHere, hasRest;

    /// <summary>The different ones that are not within another. They have no arguments.</summary>
    public static List<ResourcePattern> Shortest(IEnumerable<ResourcePattern> patterns)
    {
        var all = patterns.Distinct().ToList();
        if (all.Count == 1) return all;
        var tree = new PatternTree();
        foreach (var pattern in all) tree.Add(pattern);
        return all.FindAll(pattern => !tree.HasWider(pattern, 0, isSame: true));
    }

    private void Add(ResourcePattern pattern)
    {
        var at = this;
        foreach (var segment in pattern.Segments)
        {
            if (segment.Kind == SegmentKind.Rest)
            {
                at.hasRest = true;
                return;
            }
            var children = segment.Kind == SegmentKind.Prefix ? at.prefixes : at.literals;
            if (!children.TryGetValue(segment.Text, out var next)) children[segment.Text] = next = new PatternTree();
            at = next;
        }
        at.endsHere = true;
    }

    /// <param name="isSame">So far the way down is the pattern's own, at whose end stands nothing but itself.</param>
    private bool HasWider(ResourcePattern pattern, int depth, bool isSame)
    {
        if (depth == pattern.Segments.Length) return endsHere && !isSame;
        var segment = pattern.Segments[depth];
        if (hasRest && !(isSame && segment.Kind == SegmentKind.Rest)) return true;
        if (segment.Kind == SegmentKind.Rest) return false;
        if (segment.Kind == SegmentKind.Literal && literals.TryGetValue(segment.Text, out var same) && same.HasWider(pattern, depth + 1, isSame)) return true;
        if (prefixes.Count == 0) return false;
        var beginnings = prefixes.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var length = 0; length <= segment.Text.Length; length++)
        {
            var isItself = segment.Kind == SegmentKind.Prefix && length == segment.Text.Length;
            if (beginnings.TryGetValue(segment.Text.AsSpan(0, length), out var wider) && wider.HasWider(pattern, depth + 1, isSame && isItself)) return true;
        }
        return false;
    }
}
