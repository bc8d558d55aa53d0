using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Access;

/// <summary>Whose access is asked for, or to what: exactly one of them.</summary>
internal sealed record AccessSubject
{
    public string? User { get; init; }
    public string? Agent { get; init; }
    public string? Workflow { get; init; }
    public string? Server { get; init; }

    public static AccessSubject Of(HolderKind kind, string name) => kind switch
    {
        HolderKind.User => new AccessSubject { User = name },
        HolderKind.Agent => new AccessSubject { Agent = name },
        HolderKind.Workflow => new AccessSubject { Workflow = name },
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    public bool IsOne => new[] { User, Agent, Workflow, Server }.Count(name => name is not null) == 1;

    public TokenQuery ToQuery(long now) => new() { User = User, Agent = Agent, Workflow = Workflow, Server = Server, LiveAt = now };

    /// <summary>The grants that name it. One that names nobody of its kind may count for it too, with somebody else: that shows in the tokens.</summary>
    public IEnumerable<GrantObject> Among(Configuration configuration, OrganisationId organisation) =>
        Server is { } server ? configuration.GrantsOn(organisation, new ServerName(server)) : configuration.Grants(organisation).Where(grant => IsNamed(grant.To));

    /// <summary>Only a question about a server leaves out the others.</summary>
    public bool Wants(ServerName server) => Server is null || server.Value == Server;

    private bool IsNamed(GrantSubjects to) =>
        User is { } user ? to.Users.Contains(user) || to.Users.Contains("*")
        : Agent is { } agent ? to.Agents.Contains(new AgentName(agent))
        : Workflow is { } workflow && to.Workflows.Contains(new WorkflowName(workflow));
}
