using Symbolon.Cel.Types;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Core.Policy.Rules;

/// <summary>
/// What is wrong with a policy beside its form, told when it is saved: servers and tools that are not there, conditions that do not fit the tools that they are about or can
/// never be true, rules that contradict another of their policy, tests that fail.
/// </summary>
public static class PolicyCheck
{
    /// <summary>Errors of one expression; of twenty tools one tells enough.</summary>
    private const int MostOfOne = 3;

    /// <param name="servers">Every manifest that serves, waits or comes with the policy: a rule may be about any of them.</param>
    /// <param name="path">Before the path of each error, such as <c>documents[0].</c></param>
    public static IEnumerable<FieldError> In(PolicyObject policy, IReadOnlyList<(ServerName Name, ServerManifest Manifest)> servers, string path)
    {
        var targets = servers.SelectMany(server => RuleTarget.AllOf(server.Name, server.Manifest)).ToList();
        var errors = new List<FieldError>();
        for (var i = 0; i < policy.Rules.Length; i++)
        {
            var at = $"{path}spec.rules[{i}]";
            errors.AddRange(Unknown(policy.Rules[i], targets, at));
            errors.AddRange(Empty(policy.Rules[i], servers, targets, at));
            errors.AddRange(Expressions(policy.Rules[i], targets, at));
            if (RuleContradiction.Of(policy.Rules[i], policy.Rules) is { } denying)
                errors.Add(new FieldError(at, FieldErrorCode.BadValue, $"{at} can never come to pass: the rule {denying.Name} of this policy denies every call that it is about, and deny wins."));
        }
        return errors.Count > 0 ? errors : PolicyTests.Run(policy, servers).Where(result => !result.IsPassed).Select(result => new FieldError($"{path}spec.tests[{result.Index}]", FieldErrorCode.BadValue, $"The test fails: {result.Text}"));
    }

    private static IEnumerable<FieldError> Unknown(PolicyRule rule, List<RuleTarget> targets, string at)
    {
        for (var i = 0; i < rule.Servers.Length; i++)
            if (rule.Servers[i] is var name && name != PolicyRule.Any && !targets.Exists(target => target.Server.Value == name))
                yield return new FieldError($"{at}.servers[{i}]", FieldErrorCode.UnknownReference, $"There is no server {name}.");
        for (var i = 0; i < rule.Tools.Length; i++)
            if (rule.Tools[i] is var name && name != PolicyRule.Any && rule.Servers.All(server => server == PolicyRule.Any || targets.Exists(target => target.Server.Value == server))
                && !targets.Exists(target => target.Tool?.Name.Value == name && (rule.Servers.Contains(PolicyRule.Any) || rule.Servers.Contains(target.Server.Value))))
                yield return new FieldError($"{at}.tools[{i}]", FieldErrorCode.UnknownReference, $"None of the servers of this rule has a tool {name}.");
    }

    /// <summary>A rule of named servers that is about nothing of theirs, or asks of them what cannot be done.</summary>
    private static IEnumerable<FieldError> Empty(PolicyRule rule, IReadOnlyList<(ServerName Name, ServerManifest Manifest)> servers, List<RuleTarget> targets, string at)
    {
        var named = servers.Where(server => rule.Servers.Contains(server.Name.Value)).ToList();
        // Any server may still come, and another one may have what these have not.
        if (named.Count == 0 || rule.Servers.Contains(PolicyRule.Any) || rule.Servers.Any(name => !named.Exists(server => server.Name.Value == name))) yield break;
        if (rule.Tools.All(tool => tool == PolicyRule.Any || targets.Exists(target => target.Tool?.Name.Value == tool)) && !targets.Exists(target => RuleScope.Covers(rule, target)))
            yield return new FieldError(at, FieldErrorCode.BadValue, $"{at} can never match: its servers have {(rule.Labels.Count > 0 ? "nothing with these labels" : "no such tool with these effects")}.");
        if (rule.Obligations is { Headers.Count: > 0 } && named.TrueForAll(server => server.Manifest.Upstream is UpstreamAddress.Stdio))
            yield return new FieldError($"{at}.obligations.headers", FieldErrorCode.BadValue, $"{at}.obligations.headers can be sent to no server of this rule: processes that are spoken to by standard input and output take none.");
    }

    private static IEnumerable<FieldError> Expressions(PolicyRule rule, List<RuleTarget> targets, string at)
    {
        var covered = targets.Where(target => RuleScope.Covers(rule, target)).ToList();
        if (rule.When is { } when)
            foreach (var error in OfOne(rule, covered, $"{at}.when", when, CelType.Bool)) yield return error;
        if (rule.Limit?.Of is { } amount)
            foreach (var error in OfOne(rule, covered, $"{at}.total.of", amount, CelType.Double)) yield return error;
    }

    private static IEnumerable<FieldError> OfOne(PolicyRule rule, List<RuleTarget> covered, string at, string expression, CelType wanted)
    {
        if (covered.Count == 0)
        {
            // No tool yet that it could be held to: it must be an expression at least.
            if (!RuleVariables.ForAnything().TryCompile(expression, out _, out var issues)) yield return new FieldError(at, FieldErrorCode.BadValue, $"{at}: {issues[0]}");
            yield break;
        }
        var (found, reasons, compiled) = (0, new List<string>(), 0);
        foreach (var target in covered)
        {
            if (found == MostOfOne) yield break;
            if (!RuleVariables.For(target, rule.Tools.Contains(target.Tool?.Name.Value ?? PolicyRule.Any)).TryCompile(expression, out var program, out var issues))
            {
                found++;
                yield return new FieldError(at, FieldErrorCode.BadValue, $"{at}: {issues[0]} (for {target})");
                continue;
            }
            compiled++;
            if (!IsOf(program.ResultType, wanted))
            {
                found++;
                yield return new FieldError(at, FieldErrorCode.WrongType, $"{at} must be {(wanted == CelType.Bool ? "true or false" : "a number")}; it is a {program.ResultType} (for {target}).");
            }
            else if (wanted == CelType.Bool && program.WhyNeverTrue() is { } why) reasons.Add($"{why} (for {target})");
        }
        if (found == 0 && compiled == covered.Count && reasons.Count == covered.Count) yield return new FieldError(at, FieldErrorCode.BadValue, $"{at} can never be true: {reasons[0]}.");
    }

    private static bool IsOf(CelType found, CelType wanted) => found.Kind == CelTypeKind.Dyn || (wanted == CelType.Bool ? found.Kind == CelTypeKind.Bool : found.Kind is CelTypeKind.Int or CelTypeKind.Uint or CelTypeKind.Double);
}
