using Symbolon.Core.Policy;
using Symbolon.Core.Policy.Rules;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Policies;

/// <summary>What the rules that hold now say of a call. Whether its token and its grants allow it at all is another question: GET /access.</summary>
public sealed record SimulateResponse
{
    /// <summary><c>allow</c> or <c>deny</c>. An allowed one may still meet its limits and decision points.</summary>
    public required string Decision { get; init; }

    /// <summary>Reason code of the refusal: <c>denied_by_policy</c> or <c>policy_error</c>; absent where it is allowed.</summary>
    public string? Code { get; init; }

    /// <summary>The rule that decided, <c>policy/rule</c> or <c>policy/default</c>; absent where none did.</summary>
    public string? Rule { get; init; }

    /// <summary>What the caller is told.</summary>
    public string? Message { get; init; }

    /// <summary>Why a condition could not be evaluated; for who writes rules.</summary>
    public string? Error { get; init; }

    /// <summary>What rules that only observe would have said: <c>policy/rule:deny</c>.</summary>
    public required IReadOnlyList<string> Observed { get; init; }

    /// <summary>Rules whose limits, obligations or decision points are still to be met.</summary>
    public required IReadOnlyList<DemandResponse> Demands { get; init; }

    /// <summary>What came of every rule that is about the tool, prompt or resource, in their order.</summary>
    public required IReadOnlyList<RuleTraceResponse> Trace { get; init; }

    internal static SimulateResponse Of(SimulatedDecision decision) => new()
    {
        Decision = decision.Verdict.IsRefused ? "deny" : "allow",
        Code = decision.Verdict.Refusal?.ToText(),
        Rule = decision.Verdict.Rule,
        Message = decision.Verdict.Message,
        Error = decision.Verdict.Error,
        Observed = decision.Verdict.Observed?.Split(' ') ?? [],
        Demands = [.. decision.Verdict.Demands.Select(rule => DemandResponse.Of(rule))],
        Trace = [.. decision.Trace.Select(trace => RuleTraceResponse.Of(trace))],
    };
}

/// <summary>A rule that matched and whose limit, obligations or decision point the call has yet to meet.</summary>
/// <param name="Id"><c>policy/rule</c></param>
/// <param name="Rule">In the words of its file.</param>
public sealed record DemandResponse(string Id, RuleResponse Rule)
{
    internal static DemandResponse Of(CompiledRule rule) => new(rule.Id, RuleResponse.Of(rule.Rule));
}

/// <param name="Rule"><c>policy/rule</c></param>
/// <param name="Matched"><c>yes</c>, <c>no</c>, <c>error</c>, or <c>other</c>: it is about other people, agents, workflows, prompts or resources.</param>
/// <param name="Says"><c>allow</c>, <c>deny</c>, <c>limit</c>, <c>oblige</c> or <c>ask</c>: what it says where it matches.</param>
/// <param name="Observed">It is recorded, and lets pass.</param>
/// <param name="Error">Why its condition could not be evaluated.</param>
public sealed record RuleTraceResponse(string Rule, string Matched, string Says, bool Observed, string? Error)
{
    internal static RuleTraceResponse Of(RuleTrace trace) => new(trace.Id, trace.Match, trace.Says, trace.IsObserved, trace.Error);
}
