using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Registry.Files.Policies;
using Symbolon.Core.Tools;

namespace Symbolon.Admin.Policies;

/// <summary>A rule in the words of its file; what it does not say is absent.</summary>
public sealed record RuleResponse
{
    public required string Name { get; init; }

    /// <summary>Names, or <c>*</c> for any; so in the lists below.</summary>
    public required IReadOnlyList<string> Servers { get; init; }

    /// <summary>Labels that the server must have, all of them.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
    public IReadOnlyList<string>? Tools { get; init; }
    public IReadOnlyList<string>? Effects { get; init; }
    public IReadOnlyList<string>? Prompts { get; init; }

    /// <summary>Patterns of URIs.</summary>
    public IReadOnlyList<string>? Resources { get; init; }

    /// <summary>People by e-mail.</summary>
    public IReadOnlyList<string>? Subjects { get; init; }
    public IReadOnlyList<string>? Agents { get; init; }
    public IReadOnlyList<string>? Workflows { get; init; }

    /// <summary>CEL; absent: always.</summary>
    public string? When { get; init; }

    /// <summary><c>allow</c> or <c>deny</c>; absent for a rule that limits, obliges or asks elsewhere.</summary>
    public string? Decision { get; init; }

    /// <summary>Told to who is refused.</summary>
    public string? Message { get; init; }

    /// <summary><c>enforce</c>, or <c>observe</c>: it is recorded, and lets pass.</summary>
    public required string Mode { get; init; }

    /// <summary>Calls, as a token bucket: <c>60/minute</c>.</summary>
    public string? Limit { get; init; }
    public long? Burst { get; init; }

    /// <summary>Calls in a calendar window, UTC: <c>1000/day</c>.</summary>
    public string? Quota { get; init; }
    public RuleTotalResponse? Total { get; init; }

    /// <summary>Open at once.</summary>
    public int? Concurrency { get; init; }

    /// <summary>Counted apart for each of these.</summary>
    public IReadOnlyList<string>? Per { get; init; }
    public RuleObligationsResponse? Obligations { get; init; }
    public RuleDecideResponse? Decide { get; init; }

    internal static RuleResponse Of(PolicyRule rule) => new()
    {
        Name = rule.Name,
        Servers = rule.Servers,
        Labels = rule.Labels.Count == 0 ? null : rule.Labels,
        Tools = Said(rule.Tools),
        Effects = Said([.. rule.Effects.Select(effect => effect.ToText())]),
        Prompts = Said(rule.Prompts),
        Resources = Said([.. rule.Resources.Select(pattern => pattern.Text)]),
        Subjects = Said(rule.Subjects),
        Agents = Said(rule.Agents),
        Workflows = Said(rule.Workflows),
        When = rule.When,
        Decision = rule.Decision switch { RuleDecision.Allow => "allow", RuleDecision.Deny => "deny", _ => null },
        Message = rule.Message,
        Mode = rule.IsObserved ? "observe" : "enforce",
        Limit = rule.Limit?.Rate,
        Burst = rule.Limit?.Burst,
        Quota = rule.Limit?.Quota,
        Total = rule.Limit is { Of: { } of, Total: { } most } ? new RuleTotalResponse(of, most) : null,
        Concurrency = rule.Limit?.Concurrency,
        Per = rule.Limit is { } limit ? Said(limit.Per) : null,
        Obligations = rule.Obligations is { } obligations
            ? new RuleObligationsResponse(Said(obligations.Redact), obligations.MostResultBytes, obligations.Headers.Count == 0 ? null : obligations.Headers) : null,
        Decide = rule.Decide is { } point
            ? new RuleDecideResponse(point.Url, ShortTime.ToText(point.TimeoutMilliseconds), point.CacheSeconds == 0 ? null : Durations.ToText(point.CacheSeconds)) : null,
    };

    private static IReadOnlyList<string>? Said(IReadOnlyList<string> texts) => texts.Count == 0 ? null : texts;
}

/// <param name="Of">CEL; what each call adds.</param>
/// <param name="Most">Of the sum in a calendar window, UTC: <c>10000/day</c>.</param>
public sealed record RuleTotalResponse(string Of, string Most);

/// <param name="Redact">Members of the result, by name or path, whose values are replaced.</param>
/// <param name="MaxResultBytes">A longer result is refused.</param>
/// <param name="Headers">Sent to the server with the call.</param>
public sealed record RuleObligationsResponse(IReadOnlyList<string>? Redact, long? MaxResultBytes, IReadOnlyDictionary<string, string>? Headers);

/// <param name="Url">Who is asked in place of the rule.</param>
/// <param name="Timeout">After which it counts as no answer, which denies.</param>
/// <param name="Cache">How long an answer is good for the same question; absent: never.</param>
public sealed record RuleDecideResponse(string Url, string Timeout, string? Cache);
