using Symbolon.Core.Registry;

namespace Symbolon.Core.Policy.Rules;

/// <summary>What rules say of one request.</summary>
public sealed class RuleVerdict
{
    /// <summary>Nothing is said of it at all.</summary>
    public static readonly RuleVerdict Silence = new();

    /// <summary>Why it is refused: <see cref="ReasonCode.DeniedByPolicy"/> or <see cref="ReasonCode.PolicyError"/>; null where it is not.</summary>
    public ReasonCode? Refusal { get; internal init; }

    /// <summary>The rule that decided: <c>policy/rule</c>, or <c>policy/default</c>; null where none did.</summary>
    public string? Rule { get; internal init; }

    /// <summary>What the rule wants the caller to be told.</summary>
    public string? Message { get; internal init; }

    /// <summary>Why a condition could not be evaluated. For who writes rules; not for callers.</summary>
    public string? Error { get; internal init; }

    /// <summary>What observing rules would have said, <c>policy/rule:deny</c>, with blanks between them; null for nothing.</summary>
    public string? Observed { get; internal init; }

    /// <summary>Rules whose limits, obligations or decision points are still to be met, in the order of the policies; empty for a refusal.</summary>
    public IReadOnlyList<CompiledRule> Demands { get; internal init; } = [];

    /// <summary>A rule that could not be evaluated after all; what was observed stays.</summary>
    public RuleVerdict Fail(CompiledRule rule, string? error) => new() { Refusal = ReasonCode.PolicyError, Rule = rule.Id, Message = rule.Rule.Message, Error = error, Observed = Observed };

    /// <summary>The same with what one more observing rule would have said.</summary>
    internal RuleVerdict Note(CompiledRule rule, string said)
    {
        var note = $"{rule.Id}:{said}";
        return new RuleVerdict { Refusal = Refusal, Rule = Rule, Message = Message, Error = Error, Observed = Observed is null ? note : $"{Observed} {note}", Demands = Demands };
    }

    public bool IsRefused => Refusal is not null;

    /// <summary>What is due of it.</summary>
    public IEnumerable<RuleObligations> Obligations => Demands.Select(rule => rule.Rule.Obligations).OfType<RuleObligations>();
}

/// <summary>What came of one rule, for people who look how a decision was made.</summary>
/// <param name="Id"><c>policy/rule</c></param>
/// <param name="Match"><c>no</c>, <c>yes</c>, <c>error</c>; or <c>other</c> where it is about other callers, prompts or resources.</param>
/// <param name="Says"><c>allow</c>, <c>deny</c>, <c>limit</c>, <c>oblige</c>, <c>ask</c>; what it would say where it matches.</param>
public sealed record RuleTrace(string Id, string Match, string Says, bool IsObserved, string? Error);
