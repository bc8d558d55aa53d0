using System.Collections.Immutable;

namespace Symbolon.Core.Tools.Assessment;

/// <summary>What a tool's name amounts to, with the help of an action parameter and the description's first verb where the name is unclear.</summary>
internal static class ActionReader
{
    public static Reading Read(Action name, ImmutableArray<string> words, Sentence? first, Reading? choice, AssessmentRules rules) => name switch
    {
        Action.Known { Verb: var verb } => Of(verb, "name"),
        Action.Anything { Verb: var verb } => choice ?? new Reading(Effect.Irreversible, verb.Flags, $"name: \"{verb.Word}\" can be anything, so it counts as irreversible"),
        Action.Doubtful { Verb: var verb } => first is { Lead: { } lead } ? Of(lead, "description") : Of(verb, "name"),
        _ => choice ?? Unclear(words, first, rules),
    };

    private static Reading Unclear(ImmutableArray<string> words, Sentence? first, AssessmentRules rules)
    {
        if (first is { Lead: { } lead })
            return lead.Class == VerbClass.Anything
                ? new Reading(Effect.Irreversible, ToolFlags.None, $"description: \"{lead.Word}\" can be anything, so it counts as irreversible")
                : Of(lead, "description");
        if (words.Length > 0 && rules.ReadNouns.Contains(words[^1])) return new Reading(Effect.Read, ToolFlags.None, $"name: \"{words[^1]}\" is something to look at");
        return new Reading(Effect.Irreversible, ToolFlags.None, "neither name nor description says what it does, so it counts as irreversible");
    }

    private static Reading Of(Verb verb, string where) =>
        verb.Class == VerbClass.Anything
            ? new Reading(Effect.Irreversible, verb.Flags, $"{where}: \"{verb.Word}\" can be anything, so it counts as irreversible")
            : new Reading(verb.Effect, verb.Flags, $"{where}: \"{verb.Word}\" is {verb.Effect.ToText()}");
}
