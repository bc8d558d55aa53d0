namespace Symbolon.Cel.Patterns;

/// <summary>Collects the members of a class.</summary>
/// <param name="folds">Whether the other cases of each member belong to it too.</param>
internal sealed class CodeSetBuilder(bool folds)
{
    private readonly List<(int First, int Last)> ranges = [];
    private readonly HashSet<CodeSet> sets = [];

    public void Add(int first, int last)
    {
        ranges.Add((first, last));
        if (folds) Folding.AddOthers(first, last, ranges);
    }

    /// <summary>Adds what has all the cases that it should have.</summary>
    public void Add(CodeSet set)
    {
        // Once: a class may name a large set a thousand times.
        if (!sets.Add(set)) return;
        for (var i = 0; i < set.Count; i++) ranges.Add(set[i]);
    }

    public CodeSet Build() => CodeSet.Of(ranges);
}
