using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Symbolon.Core.Tools.Assessment;

/// <summary>Phrases of one or more words, found in a text in one pass: by their first word, then word by word.</summary>
internal sealed class PhraseList
{
    private readonly FrozenDictionary<string, ImmutableArray<ImmutableArray<string>>> byFirst;

    public PhraseList(IEnumerable<string> phrases) =>
        byFirst = phrases.Select(phrase => phrase.Split(' ').ToImmutableArray()).GroupBy(words => words[0], StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => group.OrderByDescending(words => words.Length).ToImmutableArray(), StringComparer.Ordinal);

    /// <param name="unlessAfter">A phrase within three words behind one of these does not count.</param>
    /// <returns>The first phrase that is there, or null.</returns>
    public string? In(ImmutableArray<string> words, FrozenSet<string>? unlessAfter = null)
    {
        for (var at = 0; at < words.Length; at++)
            if (At(words, at) is { IsDefault: false } found && !IsNegated(words, at, unlessAfter)) return string.Join(' ', found);
        return null;
    }

    /// <summary>The text without these phrases.</summary>
    public ImmutableArray<string> CutFrom(ImmutableArray<string> words)
    {
        var kept = ImmutableArray.CreateBuilder<string>(words.Length);
        for (var at = 0; at < words.Length; at++)
        {
            if (At(words, at) is { IsDefault: false } found) at += found.Length - 1;
            else kept.Add(words[at]);
        }
        return kept.ToImmutable();
    }

    private ImmutableArray<string> At(ImmutableArray<string> words, int at)
    {
        foreach (var first in (ReadOnlySpan<string?>)[words[at], Singular(words[at])])
            if (first is not null && byFirst.TryGetValue(first, out var candidates))
                foreach (var phrase in candidates)
                    if (IsAt(phrase, words, at)) return phrase;
        return default;
    }

    private static bool IsAt(ImmutableArray<string> phrase, ImmutableArray<string> words, int at)
    {
        if (at + phrase.Length > words.Length) return false;
        for (var i = 0; i < phrase.Length; i++)
            if (words[at + i] != phrase[i] && Singular(words[at + i]) != phrase[i]) return false;
        return true;
    }

    private static string? Singular(string word) => word.Length > 3 && word[^1] == 's' ? word[..^1] : null;

    private static bool IsNegated(ImmutableArray<string> words, int at, FrozenSet<string>? negations)
    {
        for (var before = at - 1; negations is not null && before >= Math.Max(0, at - 3) && words[before] is not FoldedText.Stop; before--)
            if (negations.Contains(words[before])) return true;
        return false;
    }
}
