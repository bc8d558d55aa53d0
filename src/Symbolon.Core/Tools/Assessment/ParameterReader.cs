using System.Collections.Immutable;

namespace Symbolon.Core.Tools.Assessment;

/// <summary>What the parameters of a tool say of it.</summary>
/// <param name="Choice">What the parameters that choose an action amount to, the worst of them; null where there is none.</param>
/// <param name="Readings">All others.</param>
internal sealed record ParameterFindings(Reading? Choice, ImmutableArray<Reading> Readings);

internal static class ParameterReader
{
    private const int MostReadings = 64;

    /// <param name="said">The tool's name and the first sentence of its description.</param>
    /// <param name="name">What the tool's name amounts to.</param>
    public static ParameterFindings Read(ImmutableArray<Parameter> parameters, ImmutableArray<string> said, Action name, AssessmentRules rules)
    {
        Reading? choice = null;
        var readings = ImmutableArray.CreateBuilder<Reading>();
        // Asked once a tool: held against every parameter, a long sentence would cost its length each time.
        var inForce = rules.Parameters
            .Where(rule => rule.Unless is not { } unless || !parameters.Any(parameter => unless.Matches(parameter.Words)))
            .Select(rule => (Rule: rule, Said: rule.Text?.In(said) is not null)).ToList();
        foreach (var parameter in parameters)
        {
            var reading = !rules.Choices.Matches(parameter.Words) ? null
                : !parameter.IsFree ? Enumerated(parameter, rules)
                : parameter.Types.IsEmpty || parameter.Types.Contains("string") ? Free(parameter, name, rules) : null;
            if (reading is not null && (choice is null || reading.Effect > choice.Effect)) choice = reading;
            foreach (var (rule, ofTool) in inForce)
                if (readings.Count < MostReadings && rule.Matches(parameter, ofTool)) readings.Add(new Reading(rule.Effect, rule.Flags, $"parameter {parameter.Shown} {rule.Why}"));
            if (readings.Count < MostReadings && Switch(parameter, rules) is { } destroys) readings.Add(destroys);
            if (readings.Count < MostReadings && Hidden(parameter, name, rules) is { } hidden) readings.Add(hidden);
        }
        return new ParameterFindings(choice, readings.ToImmutable());
    }

    /// <summary>Every value counts as a tool of its own, and the worst as the tool.</summary>
    private static Reading? Enumerated(Parameter parameter, AssessmentRules rules)
    {
        var (worst, flags, shown, known) = (Effect.Read, ToolFlags.None, "", false);
        foreach (var value in parameter.Values)
        {
            var words = FoldedText.Of(value, rules).Words;
            var action = NameReader.Read(words, rules);
            var listed = rules.ValueOf(string.Join(' ', words));
            var effect = listed ?? action switch
            {
                Action.Known known1 => known1.Verb.Effect,
                Action.Doubtful doubtful => doubtful.Verb.Effect,
                Action.Anything => Effect.Irreversible,
                _ => Effect.Write,
            };
            known |= listed is not null || action is not Action.Unclear;
            if (listed is null && action is Action.Known { Verb: var verb }) flags |= verb.Flags;
            if (shown.Length == 0 || effect > worst) (worst, shown) = (effect, value);
        }
        // Values none of which is an action: a payment method, a method of sorting.
        if (!known) return null;
        return new Reading(worst, flags, $"parameter {parameter.Shown} chooses between {parameter.Values.Length} actions and counts by the worst: \"{Parameter.Cut(shown)}\" is {worst.ToText()}");
    }

    /// <summary>An action in free words can be any; where the name only reads, it may be what is looked for.</summary>
    private static Reading Free(Parameter parameter, Action name, AssessmentRules rules)
    {
        var worst = name is Action.Known { Verb.Class: VerbClass.Read } ? Effect.Write : Effect.Irreversible;
        var named = parameter.Description.Words.Select(rules.Verbs.Any).OfType<Verb>().Where(verb => verb is { IsAlsoNoun: false, Class: not VerbClass.Read }).MaxBy(verb => verb.Effect);
        if (named is not null && named.Effect > worst) worst = named.Effect;
        return new Reading(worst, ToolFlags.None, $"parameter {parameter.Shown} chooses an action in free words, so it counts as {worst.ToText()}");
    }

    private static Reading? Switch(Parameter parameter, AssessmentRules rules)
    {
        if (!parameter.Types.Contains("boolean")) return null;
        var words = parameter.Description.Words;
        for (var at = 0; at < words.Length; at++)
            if (rules.Verbs.Any(words[at]) is { IsAlsoNoun: false, Class: VerbClass.Irreversible } verb && !IsNegated(words, at, rules))
                return new Reading(Effect.Irreversible, ToolFlags.None, $"parameter {parameter.Shown} is a switch that can {verb.Word}");
        return null;
    }

    /// <summary>One value out of a list that nobody called an action: a mode that is view or delete. Where the name says that something is written, it is more often a state than an act.</summary>
    private static Reading? Hidden(Parameter parameter, Action name, AssessmentRules rules)
    {
        if (name is Action.Known { Verb.Class: VerbClass.Write } || parameter.Types.Contains("array") || rules.Choices.Matches(parameter.Words)) return null;
        foreach (var value in parameter.Values)
            if (NameReader.Read(FoldedText.Of(value, rules).Words, rules) is Action.Known { Verb: { IsAlsoNoun: false, Class: VerbClass.Irreversible } })
                return new Reading(Effect.Irreversible, ToolFlags.None, $"parameter {parameter.Shown} can be \"{Parameter.Cut(value)}\"");
        return null;
    }

    private static bool IsNegated(ImmutableArray<string> words, int at, AssessmentRules rules)
    {
        for (var before = Math.Max(0, at - 3); before < at; before++)
            if (rules.Negations.Contains(words[before])) return true;
        return false;
    }
}
