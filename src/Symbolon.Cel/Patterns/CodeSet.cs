namespace Symbolon.Cel.Patterns;

/// <summary>A set of code points: ranges in order that do not touch.</summary>
internal sealed class CodeSet : IEquatable<CodeSet>
{
    public const int Last = 0x10FFFF;

    private readonly int[] firsts;
    private readonly int[] lasts;

    // Kept, since those of the large sets that have names are asked for again and again.
    private CodeSet? negated;
    private CodeSet? folded;

    private CodeSet(int[] firsts, int[] lasts) => (this.firsts, this.lasts) = (firsts, lasts);

    public static CodeSet All { get; } = new([0], [Last]);

    public static CodeSet NewLine { get; } = One('\n');

    public static CodeSet AllButNewLine { get; } = NewLine.Negated;

    public int Count => firsts.Length;

    public (int First, int Last) this[int range] => (firsts[range], lasts[range]);

    /// <summary>The only member; -1 where there is not just one.</summary>
    public int Single => firsts.Length == 1 && firsts[0] == lasts[0] ? firsts[0] : -1;

    public static CodeSet One(int point) => new([point], [point]);

    /// <param name="bounds">First and last of each range, in any order.</param>
    public static CodeSet Of(params ReadOnlySpan<int> bounds)
    {
        var ranges = new List<(int First, int Last)>(bounds.Length / 2);
        for (var i = 0; i < bounds.Length; i += 2) ranges.Add((bounds[i], bounds[i + 1]));
        return Of(ranges);
    }

    public static CodeSet Of(List<(int First, int Last)> ranges)
    {
        ranges.Sort();
        var (firsts, lasts) = (new List<int>(ranges.Count), new List<int>(ranges.Count));
        foreach (var (first, last) in ranges)
        {
            if (lasts.Count == 0 || first > lasts[^1] + 1)
            {
                firsts.Add(first);
                lasts.Add(last);
            }
            else lasts[^1] = Math.Max(lasts[^1], last);
        }
        return new CodeSet([.. firsts], [.. lasts]);
    }

    public CodeSet Negated => negated ??= Negate();

    /// <summary>With all other cases of its members.</summary>
    public CodeSet Folded => folded ??= Fold();

    /// <summary>Negation comes after folding: <c>(?i)\P{Lu}</c> is what is no capital in any case.</summary>
    public CodeSet With(bool folds, bool isNegated)
    {
        var set = folds ? Folded : this;
        return isNegated ? set.Negated : set;
    }

    public bool Contains(int point)
    {
        var found = Array.BinarySearch(firsts, point);
        return found >= 0 || (~found > 0 && point <= lasts[~found - 1]);
    }

    public bool Equals(CodeSet? other) =>
        ReferenceEquals(this, other) || (other is not null && firsts.AsSpan().SequenceEqual(other.firsts) && lasts.AsSpan().SequenceEqual(other.lasts));

    public override bool Equals(object? obj) => Equals(obj as CodeSet);

    public override int GetHashCode() => firsts.Length == 0 ? 0 : HashCode.Combine(firsts.Length, firsts[0], lasts[0], lasts[^1]);

    private CodeSet Negate()
    {
        var ranges = new List<(int, int)>(firsts.Length + 1);
        var next = 0;
        for (var i = 0; i < firsts.Length; next = lasts[i++] + 1)
            if (firsts[i] > next) ranges.Add((next, firsts[i] - 1));
        if (next <= Last) ranges.Add((next, Last));
        return Of(ranges);
    }

    private CodeSet Fold()
    {
        var builder = new CodeSetBuilder(folds: true);
        for (var i = 0; i < firsts.Length; i++) builder.Add(firsts[i], lasts[i]);
        return builder.Build();
    }
}
