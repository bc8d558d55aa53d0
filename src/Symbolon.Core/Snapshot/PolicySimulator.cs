using System.Net;
using System.Text;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy.Rules;

namespace Symbolon.Core.Snapshot;

/// <summary>A call as it might come.</summary>
/// <param name="Named">Of a prompt its name, of a resource its URI; null for a tool.</param>
/// <param name="Arguments">A JSON object as text; null for none.</param>
public sealed record SimulatedCall(ServerName Server, ToolName? Tool, RuleTargetKind Kind, string? Named, string? Arguments, RuleCaller Caller)
{
    public IReadOnlyList<string> SessionFlags { get; init; } = [];

    public string? Grant { get; init; }

    /// <summary>Microseconds since the Unix epoch.</summary>
    public long Time { get; init; }

    public IPAddress? Address { get; init; }
}

/// <summary>What the rules say of it, and what came of each.</summary>
public sealed record SimulatedDecision(RuleVerdict Verdict, IReadOnlyList<RuleTrace> Trace);

/// <summary>Asks the rules that hold now about a call that nobody makes: the same rules, in the same way, as a call meets.</summary>
public sealed class PolicySimulator(Configuration configuration, PolicyTable policies)
{
    /// <returns>Null where there is no such server with an approved manifest, or no such tool in it.</returns>
    public SimulatedDecision? Decide(OrganisationId organisation, SimulatedCall order)
    {
        if (configuration.Server(organisation, order.Server) is not { Approved: { } approved } server) return null;
        var tool = approved.Manifest.Tools.FirstOrDefault(each => each.Name == order.Tool);
        if (order.Kind == RuleTargetKind.Tool && tool is null) return null;
        var rules = order.Kind switch
        {
            RuleTargetKind.Tool => policies.OfTool(organisation, server, tool!),
            RuleTargetKind.Prompt => policies.OfPrompts(organisation, server),
            _ => policies.OfResources(organisation, server),
        };
        var call = new RuleCall().Begin(rules.Target, order.Caller, order.Named, Encoding.UTF8.GetBytes(order.Arguments ?? "{}"));
        (call.SessionFlags, call.Grant, call.Time, call.Address) = (order.SessionFlags, order.Grant, order.Time, order.Address);
        return new SimulatedDecision(WithAmounts(rules.Decide(call), call), rules.Trace(call));
    }

    /// <summary>A call whose amount nobody can tell is refused before anything is counted.</summary>
    private static RuleVerdict WithAmounts(RuleVerdict verdict, RuleCall call)
    {
        foreach (var rule in verdict.Demands)
        {
            if (rule.Terms is null || rule.AmountOf(call, out var error) is not null) continue;
            if (!rule.Rule.IsObserved) return verdict.Fail(rule, error);
            verdict = verdict.Note(rule, "error");
        }
        return verdict;
    }
}
