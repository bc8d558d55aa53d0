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
        [.. policy.Tests.Select((test, index) => Run(policy, test, index, servers))];

    private static PolicyTestResult Run(PolicyObject policy, PolicyTest test, int index, IReadOnlyList<(ServerName Name, ServerManifest Manifest)> servers)
    {
        var what = $"{test.Server}/{test.Tool ?? test.Prompt ?? test.Resource}";
        if (TargetOf(test, servers) is not { } target) return new PolicyTestResult(index, false, $"{what}: there is no such server or tool here", null);
        var caller = new RuleCaller(OrganisationId.Default.Value, test.User, test.Agent, test.Workflow, null, test.Groups);
        var call = new RuleCall().Begin(target, caller, test.Prompt ?? test.Resource, Encoding.UTF8.GetBytes(test.Arguments ?? "{}"));
        call.SessionFlags = test.SessionFlags;
        // What a rule would do is tried before it is let do it.
        var verdict = TargetRules.Of(target, [policy with { Rules = [.. policy.Rules.Select(rule => rule with { IsObserved = false })] }]).Decide(call);
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
