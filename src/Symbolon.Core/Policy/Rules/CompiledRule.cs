using System.Collections.Frozen;
using Symbolon.Cel;
using Symbolon.Cel.Values;
using Symbolon.Core.Policy.Limits;
using Symbolon.Core.Registry;
using Symbolon.Core.Resources;

namespace Symbolon.Core.Policy.Rules;

/// <summary>What becomes of a rule's condition.</summary>
internal enum RuleMatch : byte
{
    No,
    Yes,

    /// <summary>It could not be evaluated.</summary>
    Error,

    /// <summary>It depends on what is not known yet.</summary>
    Unknown,
}

/// <summary>A rule ready for the calls of one target.</summary>
public sealed class CompiledRule
{
    private readonly FrozenSet<string>? users;
    private readonly FrozenSet<string>? agents;
    private readonly FrozenSet<string>? workflows;
    private readonly UriReading[] readings;
    private readonly CelProgram? when;
    private readonly CelProgram? amount;

    private CompiledRule(string policy, PolicyRule rule, RuleTarget target)
    {
        Rule = rule;
        Id = $"{policy}/{rule.Name}";
        // What only allows is exact: another spelling of a resource is allowed by nothing.
        readings = rule.Decision == RuleDecision.Allow ? [] : [.. rule.Resources.Select(UriReading.Of)];
        (users, agents, workflows) = (SetOf(rule.Subjects), SetOf(rule.Agents), SetOf(rule.Workflows));
        var environment = RuleVariables.For(target, rule.Tools.Contains(target.Tool?.Name.Value ?? PolicyRule.Any));
        when = rule.When is { } condition ? Compile(environment, condition, "when") : null;
        amount = rule.Limit?.Of is { } of ? Compile(environment, of, "total.of") : null;
        if (rule.Limit is { } limit) (Terms, Per) = ReadLimit(limit);
    }

    /// <summary><c>policy/rule</c></summary>
    public string Id { get; }

    public PolicyRule Rule { get; }

    /// <summary>Null where it limits nothing.</summary>
    public LimitTerms? Terms { get; }

    public LimitPer Per { get; }

    /// <summary>Why it cannot be evaluated at all: it speaks of what this tool does not have. It denies then.</summary>
    public string? Fault { get; private set; }

    /// <summary>It looks at what the session has done, or tells somebody who decides by it.</summary>
    public bool ReadsSession => Rule.Decide is not null || Speaks("session");

    /// <summary>Of its condition and of what it counts, where it has them.</summary>
    internal IEnumerable<CelProgram> Programs => new[] { when, amount }.OfType<CelProgram>();

    /// <returns>Null where the rule is not about this target.</returns>
    internal static CompiledRule? Of(string policy, PolicyRule rule, RuleTarget target) => RuleScope.Covers(rule, target) ? new CompiledRule(policy, rule, target) : null;

    /// <summary>Whether it is about this caller and this prompt or resource, whatever its condition.</summary>
    internal bool IsAbout(RuleCall call) =>
        Includes(users, call.Caller.User) && Includes(agents, call.Caller.Agent) && Includes(workflows, call.Caller.Workflow)
        && (call.Named is not { } named || (Rule.Prompts.IsEmpty && Rule.Resources.IsEmpty) || RuleScope.NamesPrompt(Rule, named) || IsOfResource(call, named));

    /// <param name="error">Why the condition could not be evaluated, where it could not.</param>
    internal RuleMatch Match(RuleCall call, out string? error)
    {
        error = null;
        if (!IsAbout(call)) return RuleMatch.No;
        error = Fault;
        if (error is not null) return RuleMatch.Error;
        if (when is null) return RuleMatch.Yes;
        var value = when.Evaluate(call.Activation);
        switch (value.Kind)
        {
            case CelKind.Bool: return value.AsBool ? RuleMatch.Yes : RuleMatch.No;
            case CelKind.Unknown: return RuleMatch.Unknown;
            default:
                error = value.Kind == CelKind.Error ? value.AsError.Message : "the condition is neither true nor false";
                return RuleMatch.Error;
        }
    }

    /// <summary>What this call adds to a total, in millionths.</summary>
    /// <param name="error">Why it cannot be told.</param>
    public long? AmountOf(RuleCall call, out string? error)
    {
        error = null;
        if (amount is null) return 1;
        var value = amount.Evaluate(call.Activation);
        if (RuleAmount.TryRead(value, out var millionths)) return millionths;
        error = value.Kind == CelKind.Error ? value.AsError.Message : RuleAmount.Rule;
        return null;
    }

    private bool IsOfResource(RuleCall call, string uri)
    {
        foreach (var pattern in Rule.Resources)
            if (pattern.Matches(uri)) return true;
        foreach (var reading in readings)
            if (reading.MayBe(call.Reading)) return true;
        return false;
    }

    private CelProgram? Compile(CelEnvironment environment, string expression, string field)
    {
        if (environment.TryCompile(expression, out var program, out var issues)) return program;
        Fault ??= $"{field}: {issues[0].Message}";
        return null;
    }

    private (LimitTerms? Terms, LimitPer Per) ReadLimit(RuleLimit limit)
    {
        // What was applied has been read before, so that both are there.
        if (RuleTerms.TryRead(limit, out var terms, out var per, out var error)) return (terms, per);
        Fault ??= error;
        return (null, LimitPer.None);
    }

    private bool Speaks(string variable) => Programs.Any(program => program.References.Any(reference => reference.Variable == variable));

    private static FrozenSet<string>? SetOf(IReadOnlyCollection<string> names) => names.Count == 0 ? null : names.ToFrozenSet(StringComparer.Ordinal);

    private static bool Includes(FrozenSet<string>? names, string? name) => names is null || (name is not null && (names.Contains(PolicyRule.Any) || names.Contains(name)));
}
