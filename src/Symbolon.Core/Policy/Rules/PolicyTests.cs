using System.Text;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;

namespace Symbolon.Core.Policy.Rules;

/// <summary>How one test of a policy went.</summary>
/// <param name="Index">From 0, in the order of the file.</param>
/// <param name="Text">The call, what was expected and what came, on a line.</param>
public sealed record PolicyTestResult(int Index, bool IsPassed, string Text, RuleVerdict? Verdict);

/// <summary>Runs the tests that a policy is kept with: what its own rules say, whatever other policies do.</summary>
public static class PolicyTests
{
    public static IReadOnlyList<PolicyTestResult> Run(PolicyObject policy, IReadOnlyList<(ServerName Name, ServerManifest Manifest)> servers) =>
        new Running(policy, servers).Results();

    /// <summary>Rules are compiled once for all tests of one target.</summary>
    private sealed class Running(PolicyObject policy, IReadOnlyList<(ServerName Name, ServerManifest Manifest)> servers)
    {
        // What a rule would do is tried before it is let do it.
        private readonly PolicyObject enforced = policy with { Rules = [.. policy.Rules.Select(rule => rule with { IsObserved = false })] };
        private readonly Dictionary<(string Server, RuleTargetKind Kind, string? Tool), (RuleTarget Target, TargetRules Rules)?> ready = [];

        public IReadOnlyList<PolicyTestResult> Results() => [.. policy.Tests.Select((test, index) => Of(policy, test, index, Ready(test)))];

        private (RuleTarget Target, TargetRules Rules)? Ready(PolicyTest test)
        {
            var key = (test.Server, test.Prompt is not null ? RuleTargetKind.Prompt : test.Resource is not null ? RuleTargetKind.Resource : RuleTargetKind.Tool, test.Tool);
            if (ready.TryGetValue(key, out var known)) return known;
            return ready[key] = TargetOf(test, servers) is { } target ? (target, TargetRules.Of(target, [enforced])) : null;
        }
    }

    private static PolicyTestResult Of(PolicyObject policy, PolicyTest test, int index, (RuleTarget Target, TargetRules Rules)? ready)
    {
        var what = $"{test.Server}/{test.Tool ?? test.Prompt ?? test.Resource}";
        if (ready is not var (target, rules)) return new PolicyTestResult(index, false, $"{what}: there is no such server or tool here", null);
        var caller = new RuleCaller(OrganisationId.Default.Value, test.User, test.Agent, test.Workflow, null, test.Groups);
        var call = new RuleCall().Begin(target, caller, test.Prompt ?? test.Resource, Encoding.UTF8.GetBytes(test.Arguments ?? "{}"));
        (call.SessionFlags, call.Time) = (test.SessionFlags, test.At ?? 0);
        var verdict = rules.Decide(call);
        var came = verdict.Refusal switch
        {
            ReasonCode.PolicyError => ExpectedDecision.Error,
            null => ExpectedDecision.Allow,
            _ => ExpectedDecision.Deny,
        };
        var rule = test.Rule is null ? null : $"{policy.Name.Value}/{test.Rule}";
        var isPassed = came == test.Expect && (rule is null || verdict.Rule == rule || verdict.Demands.Any(demand => demand.Id == rule));
        var by = verdict.Rule is null ? "" : $" by {verdict.Rule}";
        return new PolicyTestResult(index, isPassed, $"{what}: expected {test.Expect.ToText()}{(rule is null ? "" : $" by {rule}")}, got {came.ToText()}{by}{(verdict.Error is null ? "" : $" ({verdict.Error})")}", verdict);
    }

    private static RuleTarget? TargetOf(PolicyTest test, IReadOnlyList<(ServerName Name, ServerManifest Manifest)> servers)
    {
        foreach (var (name, manifest) in servers.Where(server => server.Name.Value == test.Server))
        {
            if (test.Prompt is not null) return RuleTarget.OfPrompts(name, manifest);
            if (test.Resource is not null) return RuleTarget.OfResources(name, manifest);
            if (manifest.Tools.FirstOrDefault(tool => tool.Name.Value == test.Tool) is { } tool) return RuleTarget.Of(name, manifest, tool);
        }
        return null;
    }
}
