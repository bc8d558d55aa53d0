using Symbolon.Core.Identity;

namespace Symbolon.Core.OAuth;

/// <summary>
/// The name by which an OAuth client is known (RFC 6749 §2.2). Agents and workflows with keys are clients as <c>agent:NAME</c> and
/// <c>workflow:NAME</c>, servers as <c>server:NAME</c>; registered ones have a plain name, which cannot hold a colon. None of them can be a person's <c>sub</c>, an e-mail
/// address (RFC 9700 §4.15).
/// </summary>
public readonly record struct ClientId(string Value)
{
    /// <summary>Characters of the longest one: a metadata document's address.</summary>
    public const int MostLength = 512;

    private const string AgentPrefix = "agent:";
    private const string WorkflowPrefix = "workflow:";
    private const string ServerPrefix = "server:";

    /// <summary>Who a call came through with a token that no client got, and the gateway itself where it asks for itself. No client can have this id.</summary>
    public static readonly ClientId Gateway = new("symbolon:gateway");

    public static ClientId Of(AgentName agent) => new(AgentPrefix + agent.Value);

    public static ClientId Of(WorkflowName workflow) => new(WorkflowPrefix + workflow.Value);

    public static ClientId Of(ServerName server) => new(ServerPrefix + server.Value);

    /// <summary>The agent that this client is; null for any other.</summary>
    public AgentName? Agent => NameBehind(AgentPrefix) is { } name ? new AgentName(name) : null;

    /// <summary>The workflow that this client is; null for any other.</summary>
    public WorkflowName? Workflow => NameBehind(WorkflowPrefix) is { } name ? new WorkflowName(name) : null;

    /// <summary>The server that this client is; null for any other.</summary>
    public ServerName? Server =>
        Value.StartsWith(ServerPrefix, StringComparison.Ordinal) && ServerName.IsValid(Value.AsSpan(ServerPrefix.Length)) ? new ServerName(Value[ServerPrefix.Length..]) : null;

    public override string ToString() => Value;

    private string? NameBehind(string prefix) =>
        Value.StartsWith(prefix, StringComparison.Ordinal) && ObjectName.IsValid(Value.AsSpan(prefix.Length)) ? Value[prefix.Length..] : null;
}
