using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Snapshot;

namespace Symbolon.Registry.Apply;

/// <summary>A grant may only name what exists, or comes with the same request: a mistyped name would silently grant nothing, or later something else.</summary>
internal sealed class ReferenceCheck(Configuration configuration, OrganisationId organisation, IEnumerable<Document> together)
{
    private readonly HashSet<ObjectKey> coming = [.. together.Select(document => document.Key)];

    public IEnumerable<FieldError> Of(GrantObject grant, string path)
    {
        for (var i = 0; i < grant.Servers.Length; i++)
            if (!coming.Contains(new ObjectKey(ObjectKind.Server, grant.Servers[i].Server.Value)) && configuration.Server(organisation, grant.Servers[i].Server) is null)
                yield return Unknown($"{path}spec.servers[{i}].name", "server", grant.Servers[i].Server.Value);
        for (var i = 0; i < grant.To.Agents.Length; i++)
            if (!coming.Contains(new ObjectKey(ObjectKind.Agent, grant.To.Agents[i].Value)) && configuration.Agent(organisation, grant.To.Agents[i]) is null)
                yield return Unknown($"{path}spec.to.agents[{i}]", "agent", grant.To.Agents[i].Value);
        for (var i = 0; i < grant.To.Workflows.Length; i++)
            if (!coming.Contains(new ObjectKey(ObjectKind.Workflow, grant.To.Workflows[i].Value)) && configuration.Workflow(organisation, grant.To.Workflows[i]) is null)
                yield return Unknown($"{path}spec.to.workflows[{i}]", "workflow", grant.To.Workflows[i].Value);
    }

    private static FieldError Unknown(string path, string kind, string name) =>
        new(path, FieldErrorCode.UnknownReference, $"There is no {kind} {name}.");
}
