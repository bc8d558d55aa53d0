using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.PastedTokens;

/// <summary>Whether what an order names is there: holder, servers with an approved version, tools in it. All errors at once.</summary>
internal static class OrderCheck
{
    public static List<FieldError> ErrorsOf(TokenOrder order, Configuration configuration, OrganisationId organisation)
    {
        var errors = new List<FieldError>();
        CheckHolder(order, configuration, organisation, errors);
        if (order.Servers.IsEmpty) errors.Add(new FieldError("servers", FieldErrorCode.Missing, "servers must name at least one server."));
        for (var i = 0; i < order.Servers.Length; i++) CheckServer(order.Servers[i], $"servers[{i}]", configuration, organisation, errors);
        return errors;
    }

    private static void CheckHolder(TokenOrder order, Configuration configuration, OrganisationId organisation, List<FieldError> errors)
    {
        var holder = order.Holder;
        if (holder.IsNobody) errors.Add(new FieldError("", FieldErrorCode.Missing, "At least one of user, agent and workflow must be named."));
        Check(ObjectKind.Agent, "agent", "createAgent", holder.Agent?.Value, order.CreateAgentOwner is not null);
        Check(ObjectKind.Workflow, "workflow", "createWorkflow", holder.Workflow?.Value, order.CreateWorkflowOwner is not null);

        void Check(ObjectKind kind, string field, string creation, string? name, bool creates)
        {
            if (name is null)
            {
                if (creates) errors.Add(new FieldError(creation, FieldErrorCode.BadValue, $"{creation} needs the name of the {field} in {field}."));
                return;
            }
            var found = configuration.Identity(organisation, new ObjectKey(kind, name));
            if (found is null && !creates)
                errors.Add(new FieldError(field, FieldErrorCode.UnknownReference, $"There is no {field} {name}. Apply it first, or create it in this step with {creation}."));
            else if (found is not null && creates)
                errors.Add(new FieldError(creation, FieldErrorCode.Duplicate, $"{kind} {name} exists already."));
            else if (found is not null && found.State != Lifecycle.Active)
                errors.Add(new FieldError(field, FieldErrorCode.BadValue, $"{kind} {name} is {found.State.ToText()}."));
        }
    }

    private static void CheckServer(ServerAccess access, string path, Configuration configuration, OrganisationId organisation, List<FieldError> errors)
    {
        if (configuration.Server(organisation, access.Server) is not { } server)
        {
            errors.Add(new FieldError($"{path}.name", FieldErrorCode.UnknownReference, $"There is no server {access.Server}."));
            return;
        }
        if (server.State is Lifecycle.Pending or Lifecycle.Retired || server.Approved is not { } approved)
        {
            errors.Add(new FieldError($"{path}.name", FieldErrorCode.BadValue, $"Server {access.Server} is {server.State.ToText()}; a token needs one that is approved."));
            return;
        }
        if (access.Tools.IsEmpty && access.Effects.IsEmpty && access is { AllPrompts: false, AllResources: false, Granted: false })
            errors.Add(new FieldError(path, FieldErrorCode.Missing, $"{path} names nothing: give tools, effects, allPrompts, allResources or all."));
        var known = approved.Manifest.Tools.Select(tool => tool.Name).ToHashSet();
        var unknown = access.Tools.Where(tool => !known.Contains(tool)).Select(tool => tool.Value).ToList();
        if (unknown.Count > 0)
            errors.Add(new FieldError($"{path}.tools", FieldErrorCode.UnknownReference, $"Server {access.Server} has no tool {string.Join(", ", unknown.Take(20))} in its approved version {approved.Number}."));
    }
}
