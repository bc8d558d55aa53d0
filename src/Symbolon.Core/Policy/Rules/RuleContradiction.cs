using System.Collections.Immutable;
using Symbolon.Core.Registry;

namespace Symbolon.Core.Policy.Rules;

/// <summary>Rules that another one of their policy denies whatever comes: one of the two is a mistake. Told by what is written; what conditions come to is not compared.</summary>
internal static class RuleContradiction
{
    /// <returns>The rule that denies every call which this one is about; null for none.</returns>
    public static PolicyRule? Of(PolicyRule rule, IEnumerable<PolicyRule> all) =>
        rule.Decision == RuleDecision.Deny || rule.IsObserved ? null
        : all.FirstOrDefault(other => other.Decision == RuleDecision.Deny && !other.IsObserved && (other.When is null || other.When == rule.When) && Covers(other, rule));

    private static bool Covers(PolicyRule wide, PolicyRule narrow) =>
        Has(wide.Servers, narrow.Servers) && wide.Labels.All(label => narrow.Labels.TryGetValue(label.Key, out var value) && value == label.Value)
        && IsWithin(wide.Subjects, narrow.Subjects) && IsWithin(wide.Agents, narrow.Agents) && IsWithin(wide.Workflows, narrow.Workflows)
        && (IsOfAll(wide) || (!IsOfAll(narrow) && CoversTools(wide, narrow) && Has(wide.Prompts, narrow.Prompts) && narrow.Resources.All(wide.Resources.Contains)));

    private static bool CoversTools(PolicyRule wide, PolicyRule narrow) =>
        !IsOfTools(narrow) || (IsOfTools(wide) && IsWithin(wide.Tools, narrow.Tools) && (wide.Effects.IsEmpty || (!narrow.Effects.IsEmpty && narrow.Effects.All(wide.Effects.Contains))));

    private static bool IsOfTools(PolicyRule rule) => rule.Tools.Length > 0 || rule.Effects.Length > 0;

    private static bool IsOfAll(PolicyRule rule) => !IsOfTools(rule) && rule.Prompts.IsEmpty && rule.Resources.IsEmpty;

    /// <summary>No names are no selector at all: not even <c>*</c>, which wants a name.</summary>
    private static bool IsWithin(ImmutableArray<string> wide, ImmutableArray<string> narrow) => wide.IsEmpty || (!narrow.IsEmpty && Has(wide, narrow));

    private static bool Has(ImmutableArray<string> wide, ImmutableArray<string> narrow) => wide.Contains(PolicyRule.Any) || narrow.All(wide.Contains);
}
