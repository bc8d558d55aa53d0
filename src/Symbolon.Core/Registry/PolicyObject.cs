using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Symbolon.Core.Identity;

namespace Symbolon.Core.Registry;

/// <summary>Rules that decide each call with its arguments, and the tests that they are kept with. DESIGN.md section 4, Files.</summary>
public sealed record PolicyObject
{
    public required PolicyName Name { get; init; }

    /// <summary><c>default: deny</c>: what no rule of any policy matches is denied.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool DeniesByDefault { get; init; }

    public ImmutableArray<PolicyRule> Rules { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<PolicyTest> Tests { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Microseconds since the Unix epoch; set once when it is retired, for good. It decides nothing then.</summary>
    public long? RetiredAt { get; init; }

    /// <summary>Why and by whom it was retired.</summary>
    public StateChange? LastChange { get; init; }
}

/// <summary>A call as it might come, and what the policies have to say of it.</summary>
public sealed record PolicyTest
{
    public required string Server { get; init; }

    /// <summary>One of the three is named.</summary>
    public string? Tool { get; init; }
    public string? Prompt { get; init; }
    public string? Resource { get; init; }

    /// <summary>A JSON object, as its text.</summary>
    public string? Arguments { get; init; }

    /// <summary>An e-mail address; null where nobody but programs take part.</summary>
    public string? User { get; init; }
    public string? Agent { get; init; }
    public string? Workflow { get; init; }

    public ImmutableArray<string> Groups { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>What the session has done already, as <c>session.flags</c> names it.</summary>
    public ImmutableArray<string> SessionFlags { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Microseconds since the Unix epoch, <c>call.time</c>; null: its start.</summary>
    public long? At { get; init; }

    public required ExpectedDecision Expect { get; init; }

    /// <summary>The rule that has to decide; null for any.</summary>
    public string? Rule { get; init; }
}

/// <summary>What a test of a policy waits for.</summary>
public enum ExpectedDecision
{
    Allow,
    Deny,

    /// <summary>A rule cannot be evaluated, which denies (<c>policy_error</c>).</summary>
    Error,
}

public static class ExpectedDecisions
{
    public static string ToText(this ExpectedDecision expected) => expected switch
    {
        ExpectedDecision.Allow => "allow",
        ExpectedDecision.Deny => "deny",
        ExpectedDecision.Error => "error",
        _ => throw new ArgumentOutOfRangeException(nameof(expected), expected, null),
    };
}
