namespace Symbolon.Cel.Patterns;

/// <summary>The code points as a pattern sees them: those that all its sets treat alike are one symbol.</summary>
internal sealed class Alphabet
{
    public const int Ascii = 128;

    private readonly int[] starts;
    private readonly int[] symbols;
    private readonly int[] examples;
    private readonly int[] ascii = new int[Ascii];

    public Alphabet(IReadOnlyCollection<CodeSet> sets)
    {
        starts = Cut(sets);
        symbols = new int[starts.Length];
        var sizes = new List<int> { starts.Length };
        var (inside, parted) = (new int[starts.Length], new int[starts.Length]);
        foreach (var set in sets) Split(set, sizes, inside, parted);
        examples = new int[sizes.Count];
        for (var i = 0; i < starts.Length; i++) examples[symbols[i]] = starts[i];
        for (var point = 0; point < Ascii; point++) ascii[point] = Find(point);
    }

    public int Count => examples.Length;

    public ReadOnlySpan<int> OfAscii => ascii;

    public int Of(int point) => point < Ascii ? ascii[point] : Find(point);

    /// <summary>A code point that is this symbol.</summary>
    public int Example(int symbol) => examples[symbol];

    private int Find(int point)
    {
        var found = Array.BinarySearch(starts, point);
        return symbols[found < 0 ? ~found - 1 : found];
    }

    /// <returns>Where a range begins or the last one has ended, in order.</returns>
    private static int[] Cut(IReadOnlyCollection<CodeSet> sets)
    {
        var cuts = new List<int> { 0 };
        foreach (var set in sets)
        {
            for (var i = 0; i < set.Count; i++)
            {
                cuts.Add(set[i].First);
                if (set[i].Last < CodeSet.Last) cuts.Add(set[i].Last + 1);
            }
        }
        cuts.Sort();
        return [.. cuts.Distinct()];
    }

    /// <summary>Parts each symbol that is only partly in the set: what is in it becomes a new one.</summary>
    /// <param name="sizes">Of each symbol, in ranges.</param>
    /// <param name="inside">Room for how much of each is in the set: zeros, before and after.</param>
    /// <param name="parted">Room for what becomes of each.</param>
    private void Split(CodeSet set, List<int> sizes, int[] inside, int[] parted)
    {
        var touched = new List<int>();
        foreach (var at in PartsIn(set))
            if (inside[symbols[at]]++ == 0) touched.Add(symbols[at]);
        foreach (var symbol in touched)
        {
            parted[symbol] = symbol;
            if (inside[symbol] < sizes[symbol])
            {
                parted[symbol] = sizes.Count;
                sizes.Add(inside[symbol]);
                sizes[symbol] -= inside[symbol];
            }
            inside[symbol] = 0;
        }
        foreach (var at in PartsIn(set)) symbols[at] = parted[symbols[at]];
    }

    private IEnumerable<int> PartsIn(CodeSet set)
    {
        for (var i = 0; i < set.Count; i++)
            for (var at = Array.BinarySearch(starts, set[i].First); at < starts.Length && starts[at] <= set[i].Last; at++)
                yield return at;
    }
}
