namespace Symbolon.Core.Identity;

/// <summary>Whom a credential speaks for. At least one of the three is named.</summary>
public sealed record Holder
{
    public UserEmail? User { get; init; }
    public AgentName? Agent { get; init; }
    public WorkflowName? Workflow { get; init; }

    public bool IsNobody => User is null && Agent is null && Workflow is null;

    /// <summary>A workflow if one is named, else the person, else the agent alone. DESIGN.md section 4, Identities on the way.</summary>
    public string Initiator => Workflow?.Value ?? User?.Value ?? Agent?.Value ?? "";

    /// <summary><c>wfl</c> if a workflow is named, else <c>usr</c> if a person is, else <c>agt</c>.</summary>
    public TokenKind TokenKind =>
        Workflow is not null ? TokenKind.Workflow : User is not null ? TokenKind.User : TokenKind.Agent;

    public override string ToString() => string.Join(" + ", new[] { User?.Value, Agent?.Value, Workflow?.Value }.OfType<string>());
}
