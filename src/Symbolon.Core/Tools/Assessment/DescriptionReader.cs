namespace Symbolon.Core.Tools.Assessment;

/// <summary>What a description adds to the name: it can make a tool worse, never better.</summary>
internal static class DescriptionReader
{
    private const int MostReadings = 32;

    public static IEnumerable<Reading> Read(Action name, FoldedText text, IReadOnlyList<Sentence> sentences, AssessmentRules rules) =>
        Verbs(name, sentences).Take(MostReadings).Concat(Phrases(text, rules));

    private static IEnumerable<Reading> Verbs(Action name, IReadOnlyList<Sentence> sentences)
    {
        for (var at = 0; at < sentences.Count; at++)
        {
            // Behind the first sentence, an imperative speaks to the caller: "Delete it with delete_file".
            if (at > 0 && !sentences[at].OfTheTool) continue;
            foreach (var verb in (ReadOnlySpan<Verb?>)[sentences[at].Lead, sentences[at].Joined])
                if (verb is { IsAlsoNoun: false } && Counts(verb, name)) return Said(sentences, at, name);
        }
        return [];
    }

    private static IEnumerable<Reading> Said(IReadOnlyList<Sentence> sentences, int from, Action name)
    {
        for (var at = from; at < sentences.Count; at++)
        {
            if (at > 0 && !sentences[at].OfTheTool) continue;
            if (sentences[at].Lead is { IsAlsoNoun: false } lead && Counts(lead, name)) yield return Of(lead);
            if (sentences[at].Joined is { } joined && Counts(joined, name)) yield return Of(joined);
        }
    }

    /// <summary>"Runs a search" is a search: where the name is clear, running and managing add nothing by themselves.</summary>
    private static bool Counts(Verb verb, Action name) => verb.Class switch
    {
        VerbClass.Write or VerbClass.Irreversible => true,
        VerbClass.Execute => name is not Action.Known,
        _ => false,
    };

    private static Reading Of(Verb verb) => new(verb.Effect, verb.Flags, $"description: \"{verb.Word}\" is {verb.Effect.ToText()}");

    private static IEnumerable<Reading> Phrases(FoldedText text, AssessmentRules rules)
    {
        if (rules.Destructive.In(text.Words, rules.Negations) is { } destructive) yield return new Reading(Effect.Irreversible, ToolFlags.None, $"description: \"{destructive}\"");
        if (rules.Changing.In(text.Words, rules.Negations) is { } changing) yield return new Reading(Effect.Write, ToolFlags.None, $"description: \"{changing}\"");
        if (rules.Orders.In(text.Words) is { } order) yield return new Reading(Effect.Write, ToolFlags.None, $"description: \"{order}\" speaks to the model instead of describing the tool");
    }
}
