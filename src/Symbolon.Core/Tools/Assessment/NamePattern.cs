using System.Collections.Immutable;

namespace Symbolon.Core.Tools.Assessment;

/// <summary>
/// Names of parameters that a rule means. One word: the whole name or how it ends. A word with <c>*</c>: how a longer name begins.
/// Several words: in a row, anywhere in the name. <c>*</c> alone: any name.
/// </summary>
internal sealed class NamePattern
{
    private readonly ImmutableArray<ImmutableArray<string>> rows;
    private readonly bool any;
    private readonly ImmutableHashSet<string> beginnings;
    private readonly ImmutableHashSet<string> endings;

    public NamePattern(IEnumerable<string> names)
    {
        var all = names.ToList();
        any = all.Remove("*");
        rows = [.. all.Where(name => name.Contains(' ', StringComparison.Ordinal)).Select(name => name.Split(' ').ToImmutableArray())];
        beginnings = [.. all.Where(name => name.EndsWith('*')).Select(name => name[..^1])];
        endings = [.. all.Where(name => !name.Contains(' ', StringComparison.Ordinal) && !name.EndsWith('*'))];
    }

    public bool Matches(ImmutableArray<string> words)
    {
        if (any) return true;
        if (words.IsEmpty) return false;
        if (endings.Contains(words[^1]) || (words.Length > 1 && beginnings.Contains(words[0]))) return true;
        foreach (var row in rows)
            for (var at = 0; at + row.Length <= words.Length; at++)
                if (words.AsSpan(at, row.Length).SequenceEqual(row.AsSpan())) return true;
        return false;
    }
}
