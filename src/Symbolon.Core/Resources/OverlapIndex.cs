using System.Collections.Immutable;

namespace Symbolon.Core.Resources;

/// <summary>Which of many patterns have a resource in common with one. Only those are compared that fit at the one segment at which the fewest do.</summary>
internal sealed class OverlapIndex
{
    private readonly ImmutableArray<ResourcePattern> patterns;
    private readonly Level[] levels;

    /// <param name="patterns">Without arguments.</param>
    public OverlapIndex(ImmutableArray<ResourcePattern> patterns)
    {
        this.patterns = patterns;
        levels = [.. Enumerable.Range(0, patterns.Select(pattern => pattern.Segments.Length).DefaultIfEmpty(0).Max()).Select(depth => new Level(patterns, depth))];
    }

    /// <param name="but">Numbers that are not asked for.</param>
    /// <returns>Their numbers, each once.</returns>
    public IEnumerable<int> Overlapping(ResourcePattern asked, bool[]? but = null) => Fitting(asked).Where(number => but?[number] != true && patterns[number].Overlaps(asked));

    private IEnumerable<int> Fitting(ResourcePattern asked)
    {
        var (best, fewest) = (-1, patterns.Length);
        var rests = 0;
        for (var depth = 0; depth < asked.Segments.Length && fewest > 0; depth++)
        {
            var segment = asked.Segments[depth];
            if (segment.Kind == SegmentKind.Rest) break;
            if (depth < levels.Length) rests += levels[depth].Rests.Count;
            var count = rests + (depth < levels.Length ? levels[depth].Count(segment) : 0);
            if (count < fewest) (best, fewest) = (depth, count);
        }
        if (best < 0) return Enumerable.Range(0, patterns.Length);
        var ended = levels.Take(best + 1).SelectMany(level => level.Rests);
        return best < levels.Length ? ended.Concat(levels[best].Lists(asked.Segments[best]).SelectMany(list => list)) : ended;
    }

    /// <summary>What the patterns have at one depth.</summary>
    private sealed class Level
    {
        private readonly Dictionary<string, List<int>> literals = new(StringComparer.Ordinal);
        private readonly Dictionary<string, List<int>> prefixes = new(StringComparer.Ordinal);

        /// <summary>Each text of a literal or a prefix once, in the order of its characters, with the patterns that have it.</summary>
        private readonly (string Text, List<int> Numbers)[] sorted;

        /// <summary>How many patterns stand before each place of <see cref="sorted"/>.</summary>
        private readonly int[] before;

        public Level(ImmutableArray<ResourcePattern> patterns, int depth)
        {
            for (var number = 0; number < patterns.Length; number++)
            {
                if (depth >= patterns[number].Segments.Length) continue;
                var segment = patterns[number].Segments[depth];
                if (segment.Kind == SegmentKind.Rest) Rests.Add(number);
                else if (segment.Kind == SegmentKind.Prefix) Add(prefixes, segment.Text, number);
                else Add(literals, segment.Text, number);
            }
            sorted = [.. literals.Concat(prefixes).Select(pair => (pair.Key, pair.Value)).OrderBy(pair => pair.Key, StringComparer.Ordinal)];
            before = new int[sorted.Length + 1];
            for (var at = 0; at < sorted.Length; at++) before[at + 1] = before[at] + sorted[at].Numbers.Count;
        }

        /// <summary>Those that end here with <c>**</c>, so that they fit whatever is asked for from here on.</summary>
        public List<int> Rests { get; } = [];

        /// <summary>How many have a segment that has something in common with this one; it costs nothing to know.</summary>
        public int Count(ResourceSegment asked)
        {
            var count = Wider(asked).Sum(list => list.Count);
            if (asked.Kind == SegmentKind.Literal) return count;
            var (from, to) = Beginning(asked.Text);
            return count + before[to] - before[from];
        }

        /// <summary>Those that <see cref="Count"/> counts.</summary>
        public IEnumerable<List<int>> Lists(ResourceSegment asked)
        {
            if (asked.Kind == SegmentKind.Literal) return Wider(asked);
            var (from, to) = Beginning(asked.Text);
            return Wider(asked).Concat(sorted[from..to].Select(each => each.Numbers));
        }

        /// <summary>Of a literal: the same, and what it begins with. Of a prefix: what it begins with, itself left out.</summary>
        private IEnumerable<List<int>> Wider(ResourceSegment asked)
        {
            var isLiteral = asked.Kind == SegmentKind.Literal;
            if (isLiteral && literals.TryGetValue(asked.Text, out var same)) yield return same;
            for (var length = 0; prefixes.Count > 0 && length < (isLiteral ? asked.Text.Length + 1 : asked.Text.Length); length++)
                if (prefixes.TryGetValue(asked.Text[..length], out var wider)) yield return wider;
        }

        /// <summary>The places of all that begin with a text: they stand together.</summary>
        private (int From, int To) Beginning(string text) =>
            (FirstWhere(each => string.CompareOrdinal(each, text) >= 0), FirstWhere(each => string.CompareOrdinal(each, text) >= 0 && !each.StartsWith(text, StringComparison.Ordinal)));

        private int FirstWhere(Func<string, bool> isBehind)
        {
            var (low, high) = (0, sorted.Length);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (isBehind(sorted[middle].Text)) high = middle;
                else low = middle + 1;
            }
            return low;
        }

        private static void Add(Dictionary<string, List<int>> lists, string text, int number)
        {
            if (!lists.TryGetValue(text, out var list)) lists[text] = list = [];
            list.Add(number);
        }
    }
}
