using System.Collections.Immutable;
using System.Globalization;
using Symbolon.AuthorizationServer.PastedTokens;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Tools;

namespace Symbolon.Admin.Tokens;

/// <summary>Turns the texts of a request into an order, and tells all that is wrong with them.</summary>
internal static class TokenOrders
{
    /// <summary>The end of a grant that does not end by itself.</summary>
    private const string Never = "never";

    public static (TokenOrder? Order, List<FieldError> Errors) Read(IssueTokenRequest request)
    {
        var errors = new List<FieldError>();
        var order = new TokenOrder
        {
            Holder = new Holder
            {
                User = UserOf(request.User, "user", errors),
                Agent = NameOf(request.Agent, "agent", errors) is { } agent ? new AgentName(agent) : null,
                Workflow = NameOf(request.Workflow, "workflow", errors) is { } workflow ? new WorkflowName(workflow) : null,
            },
            Servers = ServersOf(request.Servers, errors),
            TtlSeconds = DurationOf(request.Ttl, "ttl", errors),
            Note = TextOf(request.Note, "note", errors),
            Reason = TextOf(request.Reason, "reason", errors),
            CreateGrant = request.CreateGrant is { } grant ? GrantOf(grant, errors) : null,
            CreateAgentOwner = request.CreateAgent is { } agentCreation ? UserOf(agentCreation.Owner, "createAgent.owner", errors) : null,
            CreateWorkflowOwner = request.CreateWorkflow is { } workflowCreation ? UserOf(workflowCreation.Owner, "createWorkflow.owner", errors) : null,
        };
        return errors.Count > 0 ? (null, errors) : (order, errors);
    }

    private static ImmutableArray<ServerAccess> ServersOf(IReadOnlyList<ServerAccessRequest> servers, List<FieldError> errors)
    {
        if (servers.Count > DocumentLimits.ListItems)
        {
            errors.Add(new FieldError("servers", FieldErrorCode.TooMany, $"servers may have at most {DocumentLimits.ListItems} items."));
            return [];
        }
        var read = servers.Select((server, i) => AccessOf(server, $"servers[{i}]", errors)).OfType<ServerAccess>().ToList();
        return [.. read.GroupBy(access => access.Server).Select(same => new ServerAccess
        {
            Server = same.Key,
            Tools = [.. same.SelectMany(access => access.Tools).Distinct()],
            Effects = [.. same.SelectMany(access => access.Effects).Distinct().Order()],
            AllPrompts = same.Any(access => access.AllPrompts),
            AllResources = same.Any(access => access.AllResources),
            Granted = same.Any(access => access.Granted),
        })];
    }

    private static ServerAccess? AccessOf(ServerAccessRequest request, string path, List<FieldError> errors)
    {
        if (!ServerName.IsValid(request.Name))
        {
            errors.Add(new FieldError($"{path}.name", FieldErrorCode.BadName, $"{path}.name must be {ServerName.Rule}."));
            return null;
        }
        var tools = request.Tools ?? [];
        var effects = request.Effects ?? [];
        if (tools.Count > DocumentLimits.Tools || effects.Count > DocumentLimits.Tools)
        {
            errors.Add(new FieldError($"{path}.tools", FieldErrorCode.TooMany, $"{path} may name at most {DocumentLimits.Tools} tools."));
            return null;
        }
        for (var i = 0; i < tools.Count; i++)
            if (!ToolName.IsValid(tools[i])) errors.Add(new FieldError($"{path}.tools[{i}]", FieldErrorCode.BadName, $"{path}.tools[{i}] must be {ToolName.Rule}."));
        var classes = new List<Effect>();
        for (var i = 0; i < effects.Count; i++)
            if (Effects.TryParse(effects[i], out var effect)) classes.Add(effect);
            else errors.Add(new FieldError($"{path}.effects[{i}]", FieldErrorCode.BadValue, $"{path}.effects[{i}] must be read, write or irreversible."));
        return new ServerAccess
        {
            Server = new ServerName(request.Name),
            Tools = [.. tools.Distinct(StringComparer.Ordinal).Select(tool => new ToolName(tool))],
            Effects = [.. classes],
            AllPrompts = request.AllPrompts,
            AllResources = request.AllResources,
            Granted = request.All,
        };
    }

    private static NewGrant GrantOf(CreateGrantRequest request, List<FieldError> errors)
    {
        DateOnly? expires = null;
        var neverEnds = request.Expires == Never;
        if (!neverEnds && request.Expires is { } text)
        {
            if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) expires = day;
            else errors.Add(new FieldError("createGrant.expires", FieldErrorCode.BadValue, "createGrant.expires must be a day as YYYY-MM-DD, or never."));
        }
        return new NewGrant(new GrantName(NameOf(request.Name, "createGrant.name", errors) ?? ""), expires, DurationOf(request.MaxTtl, "createGrant.maxTtl", errors), neverEnds);
    }

    private static UserEmail? UserOf(string? text, string path, List<FieldError> errors)
    {
        if (text is null) return null;
        if (UserEmail.TryParse(text, out var email)) return email;
        errors.Add(new FieldError(path, FieldErrorCode.BadValue, $"{path} must be {UserEmail.Rule}."));
        return null;
    }

    private static string? NameOf(string? text, string path, List<FieldError> errors)
    {
        if (text is null || ObjectName.IsValid(text)) return text;
        errors.Add(new FieldError(path, FieldErrorCode.BadName, $"{path} must be {ObjectName.Rule}."));
        return null;
    }

    private static long? DurationOf(string? text, string path, List<FieldError> errors)
    {
        if (text is null) return null;
        if (Durations.TryParse(text, out var seconds)) return seconds;
        errors.Add(new FieldError(path, FieldErrorCode.BadValue, $"{path} must be {Durations.Rule}, at most 3650d."));
        return null;
    }

    private static string? TextOf(string? text, string path, List<FieldError> errors)
    {
        if (text is { Length: > DocumentLimits.Reason }) errors.Add(new FieldError(path, FieldErrorCode.TooLong, $"{path} may have at most {DocumentLimits.Reason} characters."));
        return text;
    }
}
