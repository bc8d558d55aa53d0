namespace Symbolon.Admin.Console.ReviewPages;

/// <summary>One row of two texts beside each other.</summary>
/// <param name="Before">Null where nothing stands there.</param>
public sealed record DiffRow(DiffSide? Before, DiffSide? After)
{
    public bool IsChanged => Before is null || After is null || Before.Marked.Length > 0 || After.Marked.Length > 0;
}

/// <summary>A line, with the part in its middle that differs from the other side.</summary>
public sealed record DiffSide(string Start, string Marked, string End);

/// <summary>Puts two texts beside each other, line by line: what both have stands once in each, what was changed beside what it was.</summary>
internal static class DefinitionDiff
{
    public static IReadOnlyList<DiffRow> Between(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        var rows = new List<DiffRow>();
        var (gone, came) = (new List<string>(), new List<string>());
        foreach (var (old, next) in Aligned(before, after))
        {
            if (old is not null && next is not null)
            {
                Flush(rows, gone, came);
                rows.Add(new DiffRow(new DiffSide(old, "", ""), new DiffSide(next, "", "")));
            }
            else if (old is not null) gone.Add(old);
            else came.Add(next!);
        }
        Flush(rows, gone, came);
        return rows;
    }

    private static void Flush(List<DiffRow> rows, List<string> gone, List<string> came)
    {
        for (var i = 0; i < Math.Max(gone.Count, came.Count); i++)
            rows.Add(i < gone.Count && i < came.Count ? Changed(gone[i], came[i])
                : i < gone.Count ? new DiffRow(new DiffSide("", gone[i], ""), null) : new DiffRow(null, new DiffSide("", came[i], "")));
        gone.Clear();
        came.Clear();
    }

    /// <summary>Only whole words are marked: half of one is read as another.</summary>
    private static DiffRow Changed(string before, string after)
    {
        var most = Math.Min(before.Length, after.Length);
        var start = before.AsSpan().CommonPrefixLength(after);
        if (!IsWordEnd(before, start) || !IsWordEnd(after, start))
            while (start > 0 && !char.IsWhiteSpace(before[start - 1])) start--;
        var end = 0;
        while (end < most - start && before[^(end + 1)] == after[^(end + 1)]) end++;
        while (end > 0 && !char.IsWhiteSpace(before[^end])) end--;
        return new DiffRow(
            new DiffSide(before[..start], before[start..^end], end == 0 ? "" : before[^end..]),
            new DiffSide(after[..start], after[start..^end], end == 0 ? "" : after[^end..]));
    }

    private static bool IsWordEnd(string text, int at) => at == text.Length || char.IsWhiteSpace(text[at]);

    /// <summary>By the longest common subsequence; both sides are bounded by <see cref="DefinitionText.MostLines"/>.</summary>
    private static IEnumerable<(string? Before, string? After)> Aligned(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        var longest = new int[before.Count + 1, after.Count + 1];
        for (var i = before.Count - 1; i >= 0; i--)
            for (var j = after.Count - 1; j >= 0; j--)
                longest[i, j] = before[i] == after[j] ? longest[i + 1, j + 1] + 1 : Math.Max(longest[i + 1, j], longest[i, j + 1]);
        var (one, other) = (0, 0);
        while (one < before.Count || other < after.Count)
        {
            if (one < before.Count && other < after.Count && before[one] == after[other]) yield return (before[one++], after[other++]);
            else if (other == after.Count || (one < before.Count && longest[one + 1, other] >= longest[one, other + 1])) yield return (before[one++], null);
            else yield return (null, after[other++]);
        }
    }
}
