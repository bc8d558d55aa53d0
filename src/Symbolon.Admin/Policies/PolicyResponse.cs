using System.Text.Json;
using Symbolon.Admin.Api;
using Symbolon.Core;
using Symbolon.Core.Registry;

namespace Symbolon.Admin.Policies;

/// <summary>A policy in a list.</summary>
public sealed record PolicySummary
{
    public required string Name { get; init; }

    /// <summary><c>active</c> or <c>retired</c>.</summary>
    public required string State { get; init; }

    /// <summary><c>allow</c> or <c>deny</c>: what no rule of any policy matches.</summary>
    public required string Default { get; init; }

    /// <summary>Names of its rules, in order.</summary>
    public required IReadOnlyList<string> Rules { get; init; }

    /// <summary>Names of those that only observe.</summary>
    public required IReadOnlyList<string> Observed { get; init; }

    /// <summary>How many tests it is kept with.</summary>
    public required int Tests { get; init; }
    public StateChangeResponse? LastChange { get; init; }

    internal static PolicySummary Of(PolicyObject policy) => new()
    {
        Name = policy.Name.Value,
        State = PolicyResponse.StateOf(policy),
        Default = PolicyResponse.DefaultOf(policy),
        Rules = [.. policy.Rules.Select(rule => rule.Name)],
        Observed = [.. policy.Rules.Where(rule => rule.IsObserved).Select(rule => rule.Name)],
        Tests = policy.Tests.Length,
        LastChange = StateChangeResponse.Of(policy.LastChange),
    };
}

/// <summary>Rules that decide each call with its arguments, and the tests that they are kept with.</summary>
public sealed record PolicyResponse
{
    public required string Name { get; init; }

    /// <summary><c>active</c> or <c>retired</c>; a retired one decides nothing.</summary>
    public required string State { get; init; }

    /// <summary><c>allow</c> or <c>deny</c>: what no rule of any policy matches.</summary>
    public required string Default { get; init; }
    public required IReadOnlyList<RuleResponse> Rules { get; init; }
    public required IReadOnlyList<PolicyTestResponse> Tests { get; init; }
    public StateChangeResponse? LastChange { get; init; }

    /// <summary>Version of the object, also its <c>ETag</c>; absent while the store cannot be asked.</summary>
    public long? Version { get; init; }

    internal static PolicyResponse Of(PolicyObject policy, long? version) => new()
    {
        Name = policy.Name.Value,
        State = StateOf(policy),
        Default = DefaultOf(policy),
        Rules = [.. policy.Rules.Select(RuleResponse.Of)],
        Tests = [.. policy.Tests.Select(PolicyTestResponse.Of)],
        LastChange = StateChangeResponse.Of(policy.LastChange),
        Version = version,
    };

    internal static string StateOf(PolicyObject policy) => policy.RetiredAt is null ? "active" : "retired";

    internal static string DefaultOf(PolicyObject policy) => policy.DeniesByDefault ? "deny" : "allow";
}

/// <summary>A call as it might come, in the words of the file.</summary>
public sealed record PolicyTestResponse
{
    public required string Server { get; init; }
    public string? Tool { get; init; }
    public string? Prompt { get; init; }
    public string? Resource { get; init; }
    public JsonElement? Args { get; init; }
    public PolicyTestSubject? Subject { get; init; }
    public string? Agent { get; init; }
    public string? Workflow { get; init; }
    public PolicyTestSession? Session { get; init; }

    /// <summary><c>call.time</c>; absent for the start of 1970.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary><c>allow</c>, <c>deny</c>, or <c>error</c> where a rule cannot be evaluated.</summary>
    public required string Expect { get; init; }

    /// <summary>The rule that has to decide; absent for any.</summary>
    public string? Rule { get; init; }

    internal static PolicyTestResponse Of(PolicyTest test) => new()
    {
        Server = test.Server,
        Tool = test.Tool,
        Prompt = test.Prompt,
        Resource = test.Resource,
        Args = test.Arguments is { } arguments ? JsonElement.Parse(arguments) : null,
        Subject = test.User is null && test.Groups.IsEmpty ? null : new PolicyTestSubject(test.User, test.Groups.IsEmpty ? null : test.Groups),
        Agent = test.Agent,
        Workflow = test.Workflow,
        Session = test.SessionFlags.IsEmpty ? null : new PolicyTestSession(test.SessionFlags),
        At = test.At is { } at ? UnixTime.FromMicroseconds(at) : null,
        Expect = test.Expect.ToText(),
        Rule = test.Rule,
    };
}

public sealed record PolicyTestSubject(string? User, IReadOnlyList<string>? Groups);

/// <param name="Flags">What the session has done already.</param>
public sealed record PolicyTestSession(IReadOnlyList<string> Flags);
