using System.Collections.Immutable;

namespace Symbolon.Core.Tools.Assessment;

/// <summary>
/// Reads a tool's name, or a value of an action parameter, as an action. A verb that is nothing else counts anywhere and the worst one
/// wins; a word that is as often a noun counts only where it leads (<c>comment_create</c>, but <c>get_comment</c>).
/// </summary>
internal static class NameReader
{
    public static Action Read(ImmutableArray<string> text, AssessmentRules rules)
    {
        var words = rules.Verbs.Join(text);
        Verb? worst = null, lead = null, connected = null;
        var (leadAt, afterAnd, read) = (-1, false, false);
        for (var at = 0; at < words.Length; at++)
        {
            var word = words[at];
            if (word is "and" or "or" or "then")
            {
                afterAnd = true;
                continue;
            }
            var verb = rules.Verbs.Base(word) ?? (rules.Verbs.Any(word) is { IsThirdPerson: true, IsAlsoNoun: false } third ? third : null) ?? rules.Verbs.Within(word);
            if (verb is not null)
            {
                if (lead is null) (lead, leadAt) = (verb, at);
                if (!verb.IsAlsoNoun && verb.Class != VerbClass.Anything) worst = Worse(worst, verb);
                if (verb is { IsAlsoNoun: false, Class: VerbClass.Read }) read = true;
                if (afterAnd && at > 0) connected = Worse(connected, verb);
            }
            afterAnd = false;
        }
        if (lead is null) return new Action.Unclear();
        if (connected is not null) return Of(Worse(Worse(worst, lead), connected)!);
        if (lead.Class != VerbClass.Read && MadeAct(words, rules) is { } act) return new Action.Known(act);
        // What leads and runs things, runs them whatever else is named: run_query.
        if (lead.Class == VerbClass.Execute) return new Action.Known(lead);
        if (lead.Class == VerbClass.Anything) return worst is { Class: not VerbClass.Read } ? new Action.Known(worst) : new Action.Anything(lead);
        if (!lead.IsAlsoNoun) return Of(Worse(worst, lead)!);
        if (worst is not null && (read || worst.Class != VerbClass.Read)) return Of(worst);
        // Two words that may each be the verb: email_search. Or a noun that leads one that only shows something: refund_status.
        var last = words[^1];
        var showing = leadAt != words.Length - 1 && (rules.Verbs.Base(last) is { Class: VerbClass.Read } || rules.ReadNouns.Contains(last));
        // monitor_update: what reads may be the noun, so the other word counts.
        if (lead.Class == VerbClass.Read && rules.Verbs.Base(last) is { Class: not VerbClass.Read } other) return Of(other);
        return lead.Class != VerbClass.Read && showing ? new Action.Doubtful(lead) : Of(lead);
    }

    /// <summary>The act that a name ends in where something before it makes it: <c>create_refund</c>, but neither <c>get_refund</c> nor <c>create_refund_policy</c>.</summary>
    private static Verb? MadeAct(ImmutableArray<string> words, AssessmentRules rules) =>
        rules.Acts.Contains(words[^1]) && words[..^1].Any(rules.Making.Contains) ? new Verb(words[^1], VerbClass.Irreversible, IsAlsoNoun: true) : null;

    private static Action Of(Verb verb) => verb.Class == VerbClass.Anything ? new Action.Anything(verb) : new Action.Known(verb);

    private static Verb? Worse(Verb? one, Verb? other) =>
        one is null ? other : other is null ? one : Rank(other) > Rank(one) ? other : one;

    private static int Rank(Verb verb) => verb.Class switch
    {
        VerbClass.Read => 0,
        VerbClass.Write => 1,
        VerbClass.Anything => 2,
        VerbClass.Irreversible => 3,
        _ => 4,
    };
}
