using Symbolon.Core.Policy.Rules;

namespace Symbolon.Gateway.Policies;

/// <summary>What the obligations of all rules that match a call come to: the union of what they add and take out, the smallest of what they bound.</summary>
internal sealed class ResultDuty
{
    private ResultDuty() { }

    /// <summary>Sent to the server with the call. Where two rules say one header, the first does.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>Members whose values are taken out.</summary>
    public required IReadOnlyList<string> Redacted { get; init; }

    public required long MostBytes { get; init; }

    /// <summary>The rule that bounds it.</summary>
    public required string? Rule { get; init; }

    public bool Redacts => Redacted.Count > 0;

    /// <returns>Null where there is none.</returns>
    public static ResultDuty? Of(IReadOnlyList<CompiledRule> demands)
    {
        if (demands.Count == 0) return null;
        var rules = demands.Where(rule => rule.Rule is { Obligations: not null, IsObserved: false }).ToList();
        if (rules.Count == 0) return null;
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in rules.SelectMany(rule => rule.Rule.Obligations!.Headers)) headers.TryAdd(name, value);
        var bounded = rules.Where(rule => rule.Rule.Obligations!.MostResultBytes is not null).MinBy(rule => rule.Rule.Obligations!.MostResultBytes);
        return new ResultDuty
        {
            Headers = headers,
            Redacted = [.. rules.SelectMany(rule => rule.Rule.Obligations!.Redact).Distinct(StringComparer.Ordinal)],
            MostBytes = bounded?.Rule.Obligations!.MostResultBytes ?? long.MaxValue,
            Rule = bounded?.Id,
        };
    }
}
