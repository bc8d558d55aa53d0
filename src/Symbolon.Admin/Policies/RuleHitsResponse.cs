using Symbolon.Core;
using Symbolon.Core.Audit;

namespace Symbolon.Admin.Policies;

/// <summary>What one rule did to calls, counted from the audit some seconds behind it.</summary>
public sealed record RuleHitsResponse
{
    /// <summary><c>policy/rule</c>, or <c>policy/default</c>.</summary>
    public required string Rule { get; init; }

    /// <summary>Calls that it refused, by what it said: <c>deny</c>, <c>limit</c>, <c>error</c>.</summary>
    public required IReadOnlyDictionary<string, long> Refused { get; init; }
    public DateTimeOffset? LastRefusedAt { get; init; }

    /// <summary>Calls that it let pass while it only observed, by what it would have said: also <c>allow</c> and <c>oblige</c>.</summary>
    public required IReadOnlyDictionary<string, long> Observed { get; init; }
    public DateTimeOffset? LastObservedAt { get; init; }

    internal static IReadOnlyList<RuleHitsResponse> Of(IEnumerable<RuleUse> uses) => [.. uses.GroupBy(use => use.Rule).OrderBy(rule => rule.Key, StringComparer.Ordinal).Select(Of)];

    private static RuleHitsResponse Of(IGrouping<string, RuleUse> rule)
    {
        var said = rule.ToLookup(use => use.IsObserved);
        return new RuleHitsResponse
        {
            Rule = rule.Key, Refused = Counts(said[false]), LastRefusedAt = Last(said[false]), Observed = Counts(said[true]), LastObservedAt = Last(said[true]),
        };
    }

    private static SortedDictionary<string, long> Counts(IEnumerable<RuleUse> uses) => new(uses.ToDictionary(use => use.Said, use => use.Count), StringComparer.Ordinal);

    private static DateTimeOffset? Last(IEnumerable<RuleUse> uses) => uses.Any() ? UnixTime.FromMicroseconds(uses.Max(use => use.LastAt)) : null;
}
