using Symbolon.Core.Identity;

namespace Symbolon.Core.OAuth;

/// <summary>
/// The name by which an OAuth client is known (RFC 6749 §2.2). Agents and workflows with keys are clients as <c>agent:NAME</c> and
/// <c>workflow:NAME</c>; registered ones have a plain name, which cannot hold a colon. None of them can be a person's <c>sub</c>, an e-mail
/// address (RFC 9700 §4.15).
/// </summary>
public readonly record struct ClientId(string Value)
{
    /// <summary>Characters of the longest one: a metadata document's address.</summary>
    public const int MostLength = 512;

    private const string AgentPrefix = "agent:";
    private const string WorkflowPrefix = "workflow:";

    public static ClientId Of(AgentName agent) => new(AgentPrefix + agent.Value);

    public static ClientId Of(WorkflowName workflow) => new(WorkflowPrefix + workflow.Value);

    /// <summary>The agent that this client is; null for any other.</summary>
    public AgentName? Agent => NameBehind(AgentPrefix) is { } name ? new AgentName(name) : null;

    /// <summary>The workflow that this client is; null for any other.</summary>
    public WorkflowName? Workflow => NameBehind(WorkflowPrefix) is { } name ? new WorkflowName(name) : null;

    public override string ToString() => Value;

    private string? NameBehind(string prefix) =>
        Value.StartsWith(prefix, StringComparison.Ordinal) && ObjectName.IsValid(Value.AsSpan(prefix.Length)) ? Value[prefix.Length..] : null;
}
