using Symbolon.Core.Registry;

namespace Symbolon.Core.Policy.Rules;

/// <summary>
/// All rules about one target, in the order of the names of their policies and, within one, of its file. Deny wins over allow; a rule that cannot be evaluated denies; what
/// no rule allows or denies is allowed, unless a policy denies by default. DESIGN.md section 4, Order of checks.
/// </summary>
public sealed class TargetRules
{
    private readonly CompiledRule[] rules;
    private readonly string? defaultDeny;

    private TargetRules(RuleTarget target, CompiledRule[] rules, string? defaultDeny) => (Target, this.rules, this.defaultDeny) = (target, rules, defaultDeny);

    public RuleTarget Target { get; }

    public bool IsEmpty => rules.Length == 0 && defaultDeny is null;

    /// <summary>Some rule looks at what the session has done.</summary>
    public bool ReadsSession { get; private init; }

    /// <summary>Some rule that is enforced does: where nobody knows it, nothing can be decided.</summary>
    public bool DependsOnSession { get; private init; }

    public required ArgumentNames ArgumentNames { get; init; }

    /// <param name="policies">Those that hold, in any order.</param>
    public static TargetRules Of(RuleTarget target, IEnumerable<PolicyObject> policies)
    {
        var ordered = policies.OrderBy(policy => policy.Name.Value, StringComparer.Ordinal).ToList();
        var rules = ordered.SelectMany(policy => policy.Rules.Select(rule => CompiledRule.Of(policy.Name.Value, rule, target))).OfType<CompiledRule>().ToArray();
        return new TargetRules(target, rules, ordered.Find(policy => policy.DeniesByDefault)?.Name.Value)
        {
            ReadsSession = rules.Any(rule => rule.ReadsSession),
            DependsOnSession = rules.Any(rule => rule.ReadsSession && !rule.Rule.IsObserved),
            ArgumentNames = ArgumentNames.Of([.. rules.SelectMany(rule => rule.Programs)]),
        };
    }

    public RuleVerdict Decide(RuleCall call)
    {
        if (IsEmpty) return RuleVerdict.Silence;
        var (state, observed) = (new Tally(), (string?)null);
        foreach (var rule in rules)
        {
            // Once it is refused only those that watch are asked.
            if (state.Refusal is not null && !rule.Rule.IsObserved) continue;
            var match = rule.Match(call, out var error);
            if (match is RuleMatch.No or RuleMatch.Unknown) continue;
            if (!rule.Rule.IsObserved) state.Count(rule, match, error);
            // Whether a limit is reached, and what somebody else says, is found out later.
            else if (match == RuleMatch.Yes && rule.Rule is { Limit: not null } or { Decide: not null }) state.Demand(rule);
            else observed = Noted(observed, rule, match);
        }
        return state.ToVerdict(defaultDeny, observed);
    }

    /// <summary>Whether some arguments could be permitted: what a list shows. What could only be known from the arguments counts as permitted.</summary>
    /// <param name="call">With arguments that nobody knows.</param>
    /// <param name="template">Of URIs (RFC 6570): whether some resource that it stands for could be permitted.</param>
    public bool MayPermit(RuleCall call, string? template = null)
    {
        var isAllowed = defaultDeny is null;
        foreach (var rule in rules)
        {
            if (rule.Rule.IsObserved) continue;
            var match = rule.Match(call, out _);
            // What holds for some of its resources may not hold for others.
            if (template is not null && match != RuleMatch.No && !CoversAll(rule.Rule, template)) match = RuleMatch.Unknown;
            if (match == RuleMatch.Error || (match == RuleMatch.Yes && rule.Rule.Decision == RuleDecision.Deny)) return false;
            if (match is RuleMatch.Yes or RuleMatch.Unknown && rule.Rule is { Decision: RuleDecision.Allow } or { Decide: not null }) isAllowed = true;
        }
        return isAllowed;
    }

    /// <summary>Those that oblige to something whatever the arguments are.</summary>
    /// <param name="call">With arguments that nobody knows.</param>
    public IReadOnlyList<CompiledRule> Obliging(RuleCall call) => [.. rules.Where(rule => rule.Rule is { Obligations: not null, IsObserved: false } && rule.Match(call, out _) == RuleMatch.Yes)];

    /// <summary>What came of every rule, whatever the others said.</summary>
    public IReadOnlyList<RuleTrace> Trace(RuleCall call) => [.. rules.Select(rule =>
    {
        var match = rule.Match(call, out var error);
        return new RuleTrace(rule.Id, rule.IsAbout(call) ? match.ToString().ToLowerInvariant() : "other", Says(rule), rule.Rule.IsObserved, error);
    })];

    private static bool CoversAll(PolicyRule rule, string template) => rule.Resources.IsEmpty || rule.Resources.Any(pattern => pattern.Covers(template));

    private static string Noted(string? before, CompiledRule rule, RuleMatch match)
    {
        var note = $"{rule.Id}:{(match == RuleMatch.Error ? "error" : Says(rule))}";
        return before is null ? note : $"{before} {note}";
    }

    private static string Says(CompiledRule rule) =>
        rule.Rule.Decision is { } decision ? decision == RuleDecision.Deny ? "deny" : "allow" : rule.Rule.Limit is not null ? "limit" : rule.Rule.Decide is not null ? "ask" : "oblige";

    /// <summary>What the rules so far come to.</summary>
    private sealed class Tally
    {
        private CompiledRule? allowing;
        private List<CompiledRule>? demands;
        private string? error;

        public (ReasonCode Code, CompiledRule Rule)? Refusal { get; private set; }

        public void Count(CompiledRule rule, RuleMatch match, string? why)
        {
            if (match == RuleMatch.Error)
            {
                Refusal = (ReasonCode.PolicyError, rule);
                error = why;
                return;
            }
            if (rule.Rule.Decision == RuleDecision.Deny) Refusal = (ReasonCode.DeniedByPolicy, rule);
            else if (rule.Rule.Decision == RuleDecision.Allow) allowing ??= rule;
            if (rule.Rule is { Limit: not null } or { Obligations: not null } or { Decide: not null }) Demand(rule);
        }

        public void Demand(CompiledRule rule) => (demands ??= []).Add(rule);

        public RuleVerdict ToVerdict(string? defaultDeny, string? observed)
        {
            if (Refusal is var (code, by)) return new RuleVerdict { Refusal = code, Rule = by.Id, Message = by.Rule.Message, Error = error, Observed = observed };
            // Who is asked may allow it: what is left without an answer is denied there.
            if (allowing is null && defaultDeny is not null && demands?.Exists(rule => rule.Rule is { Decide: not null, IsObserved: false }) != true)
                return new RuleVerdict { Refusal = ReasonCode.DeniedByPolicy, Rule = $"{defaultDeny}/default", Observed = observed };
            return allowing is null && demands is null && observed is null ? RuleVerdict.Silence : new RuleVerdict { Rule = allowing?.Id, Observed = observed, Demands = demands ?? [] };
        }
    }
}
