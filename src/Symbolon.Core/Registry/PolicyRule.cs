using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Symbolon.Core.Resources;
using Symbolon.Core.Tools;

namespace Symbolon.Core.Registry;

/// <summary>
/// One rule of a policy. It matches a call when each selector that is named has it (or inside a list) and <see cref="When"/> is true. It is about tools, prompts or
/// resources where it names some, and about all three where it names none.
/// </summary>
public sealed record PolicyRule
{
    public const string Any = "*";

    /// <summary>Unlike any other in its policy.</summary>
    public required string Name { get; init; }

    /// <summary>Names, or <c>*</c> for any; never empty.</summary>
    public required ImmutableArray<string> Servers { get; init; }

    /// <summary>Labels that the server must have, all of them.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init => field = value ?? ImmutableSortedDictionary<string, string>.Empty; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Names, or <c>*</c> for any.</summary>
    public ImmutableArray<string> Tools { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Of tools.</summary>
    public ImmutableArray<Effect> Effects { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Names, or <c>*</c> for any.</summary>
    public ImmutableArray<string> Prompts { get; init => field = value.IsDefault ? [] : value; } = [];
    public ImmutableArray<UriPattern> Resources { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>People by e-mail, or <c>*</c> for any person: a call without a person is then not matched.</summary>
    public ImmutableArray<string> Subjects { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Names, or <c>*</c> for any agent.</summary>
    public ImmutableArray<string> Agents { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Names, or <c>*</c> for any workflow.</summary>
    public ImmutableArray<string> Workflows { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>CEL; null: always.</summary>
    public string? When { get; init; }

    /// <summary>Null for a rule that limits, obliges or asks elsewhere.</summary>
    public RuleDecision? Decision { get; init; }

    public RuleLimit? Limit { get; init; }

    public RuleObligations? Obligations { get; init; }

    /// <summary>Who is asked, where the rule does not say itself.</summary>
    public DecisionPoint? Decide { get; init; }

    /// <summary>It decides and is recorded, and lets pass.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsObserved { get; init; }

    /// <summary>Told to who is refused, besides the rule's name.</summary>
    public string? Message { get; init; }
}

public enum RuleDecision
{
    Allow,
    Deny,
}

/// <summary>How much of what a rule matches may be: as its file says it. The one kind that is named.</summary>
public sealed record RuleLimit
{
    /// <summary>A token bucket, <c>60/minute</c>.</summary>
    public string? Rate { get; init; }

    /// <summary>How many at once after a pause, for a rate; null: as many as the rate says.</summary>
    public long? Burst { get; init; }

    /// <summary>Calls in a calendar window, UTC: <c>1000/day</c>.</summary>
    public string? Quota { get; init; }

    /// <summary>The sum of <see cref="Of"/> in a calendar window: <c>10000/day</c>.</summary>
    public string? Total { get; init; }

    /// <summary>CEL; what each call adds to a total, a number from 0 on with at most six digits behind the point.</summary>
    public string? Of { get; init; }

    /// <summary>Open at once.</summary>
    public int? Concurrency { get; init; }

    /// <summary>Counted apart for each <c>token</c>, <c>user</c>, <c>agent</c>, <c>workflow</c>, <c>server</c>, <c>tool</c>; empty: all together.</summary>
    public ImmutableArray<string> Per { get; init => field = value.IsDefault ? [] : value; } = [];
}

/// <summary>What has to be done with a call that a rule matches and that goes out.</summary>
public sealed record RuleObligations
{
    /// <summary>Members of the result by name or path, <c>customer.ssn</c>, at any depth: their values are replaced.</summary>
    public ImmutableArray<string> Redact { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Bytes; a longer result is refused.</summary>
    public long? MostResultBytes { get; init; }

    /// <summary>Sent to the server with the call.</summary>
    public ImmutableSortedDictionary<string, string> Headers { get; init => field = value ?? ImmutableSortedDictionary<string, string>.Empty; } = ImmutableSortedDictionary<string, string>.Empty;
}

/// <summary>An external decision point. What it does not answer in time, or not clearly, is denied.</summary>
public sealed record DecisionPoint
{
    public const int UsualTimeout = 500;
    public const int MostTimeout = 2000;
    public const int MostCache = 300;

    public required string Url { get; init; }

    public required int TimeoutMilliseconds { get; init; }

    /// <summary>How long an answer is good for the same question; 0: never.</summary>
    public int CacheSeconds { get; init; }
}
