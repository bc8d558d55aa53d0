using System.Collections.Immutable;

namespace Symbolon.Core.Tools.Assessment;

/// <summary>What a sentence of a description says the tool does.</summary>
/// <param name="Lead">The verb that it begins with, behind words such as "this tool will".</param>
/// <param name="Joined">The worst of the verbs behind "and", "or" and commas.</param>
/// <param name="OfTheTool">It is said of the tool ("Deletes …", "This tool can delete …"), not to its caller.</param>
internal sealed record Sentence(Verb? Lead, Verb? Joined, bool OfTheTool);

internal static class SentenceReader
{
    /// <summary>Every sentence in one pass.</summary>
    public static IEnumerable<Sentence> ReadAll(ImmutableArray<string> words, AssessmentRules rules)
    {
        var start = 0;
        for (var at = 0; at <= words.Length; at++)
        {
            if (at < words.Length && words[at] != FoldedText.Stop) continue;
            if (at > start) yield return Read(words.AsSpan()[start..at], rules);
            start = at + 1;
        }
    }

    private static Sentence Read(ReadOnlySpan<string> words, AssessmentRules rules)
    {
        var (ofTheTool, negated, modal) = (false, false, false);
        var at = 0;
        for (; at < words.Length; at++)
        {
            var word = words[at];
            if (rules.Subjects.Contains(word)) ofTheTool = true;
            else if (rules.Negations.Contains(word)) negated = true;
            else if (word != FoldedText.Comma && !rules.BeforeVerb.Contains(word) && !IsAdverb(word)) break;
            if (!IsAdverb(word)) modal = rules.Modals.Contains(word);
        }
        var lead = at < words.Length && !negated ? rules.Verbs.Any(words[at]) : null;
        if (modal && lead is not null) lead = lead with { IsAlsoNoun = false };
        return new Sentence(lead, negated || lead is null ? null : Joined(words[(at + 1)..], rules), ofTheTool || lead is { IsThirdPerson: true });
    }

    private static Verb? Joined(ReadOnlySpan<string> words, AssessmentRules rules)
    {
        Verb? worst = null;
        var (open, negated) = (false, 0);
        foreach (var word in words)
        {
            if (word is "and" or "or" or "then" or FoldedText.Comma) open = true;
            else if (rules.Negations.Contains(word)) negated = 4;
            else if (open && !IsAdverb(word))
            {
                if (negated == 0 && rules.Verbs.Any(word) is { IsAlsoNoun: false, Class: not VerbClass.Anything } verb && (worst is null || verb.Class > worst.Class)) worst = verb;
                open = false;
            }
            if (negated > 0) negated--;
        }
        return worst;
    }

    private static bool IsAdverb(string word) => word.Length > 4 && word.EndsWith("ly", StringComparison.Ordinal) && word is not ("apply" or "reply" or "multiply" or "supply" or "assembly");
}
