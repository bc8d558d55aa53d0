using System.Collections.Immutable;
using System.Text.Json;
using Symbolon.Core.Identity;
using Symbolon.Core.Tools;

namespace Symbolon.Core.Registry.Files;

/// <summary><c>kind: Grant</c>: who may use which tools, prompts and resources of which servers, until when.</summary>
internal static class GrantReader
{
    public const string UserRule = $"\"*\" or {UserEmail.Rule}";
    private const long LeastTtlSeconds = 60;

    public static Document? Read(ObjectFields document, FieldErrors errors)
    {
        var name = MetadataReader.ReadName(document, errors);
        if (document.Value("spec", required: true, JsonValueKind.Object) is not { } spec
            || ObjectFields.Open(spec, "spec", errors, ["to", "servers", "expires", "tokens"]) is not { } fields) return null;
        var to = SubjectsOf(fields, errors);
        var servers = ServersOf(fields, errors);
        var expires = CredentialReader.DayOf(fields, "expires");
        var (maxTtl, binding) = TokensOf(fields, errors);
        return name is null || to is null || errors.Any ? null : new Document.Grant(new GrantObject
        {
            Name = new GrantName(name),
            To = to,
            Servers = servers,
            Expires = expires,
            MaxTtlSeconds = maxTtl,
            Binding = binding,
        });
    }

    private static GrantSubjects? SubjectsOf(ObjectFields spec, FieldErrors errors)
    {
        if (spec.Value("to", required: true, JsonValueKind.Object) is not { } found
            || ObjectFields.Open(found, "spec.to", errors, ["users", "agents", "workflows"], "groups") is not { } fields) return null;
        var users = fields.Texts("users", DocumentLimits.ListItems, UserOf, UserRule);
        var agents = fields.Texts("agents", DocumentLimits.ListItems, ObjectNameOf, $"the name of an agent: {ObjectName.Rule}");
        var workflows = fields.Texts("workflows", DocumentLimits.ListItems, ObjectNameOf, $"the name of a workflow: {ObjectName.Rule}");
        if (users.IsEmpty && agents.IsEmpty && workflows.IsEmpty && !errors.Any)
            spec.Error("to", FieldErrorCode.Missing, "spec.to must name at least one user, agent or workflow.");
        return new GrantSubjects
        {
            Users = users,
            Agents = [.. agents.Select(agent => new AgentName(agent))],
            Workflows = [.. workflows.Select(workflow => new WorkflowName(workflow))],
        };
    }

    private static ImmutableArray<ServerAccess> ServersOf(ObjectFields spec, FieldErrors errors)
    {
        var servers = spec.List("servers", DocumentLimits.ListItems, (item, at) => AccessOf(item, at, errors), required: true);
        foreach (var twice in servers.GroupBy(access => access.Server).Where(same => same.Count() > 1))
            spec.Error("servers", FieldErrorCode.Duplicate, $"spec.servers names {twice.Key} twice; one entry may list all that is granted of it.");
        return servers;
    }

    private static ServerAccess? AccessOf(JsonElement item, string path, FieldErrors errors)
    {
        if (ObjectFields.Open(item, path, errors, ["name", "tools", "effects", "prompts", "resources"]) is not { } fields) return null;
        var name = fields.Text("name", 1024, required: true);
        if (name is not null && !ServerName.IsValid(name))
        {
            fields.Error("name", FieldErrorCode.BadName, $"{path}.name must be {ServerName.Rule}.");
            name = null;
        }
        var tools = fields.Texts("tools", DocumentLimits.Tools, text => ToolName.IsValid(text) ? text : null, $"the name of a tool: {ToolName.Rule}");
        var effects = fields.Texts("effects", 3, text => Effects.TryParse(text, out _) ? text : null, "read, write or irreversible");
        var prompts = FeatureReader.PromptsOf(fields);
        var resources = FeatureReader.ResourcesOf(fields, errors);
        return name is null ? null : new ServerAccess
        {
            Server = new ServerName(name),
            Tools = [.. tools.Select(tool => new ToolName(tool))],
            Effects = [.. effects.Select(text => Effects.TryParse(text, out var effect) ? effect : default)],
            Prompts = prompts,
            Resources = resources,
        };
    }

    private static (long? MaxTtl, TokenBinding Binding) TokensOf(ObjectFields spec, FieldErrors errors) =>
        spec.Value("tokens", required: false, JsonValueKind.Object) is { } found && ObjectFields.Open(found, "spec.tokens", errors, ["maxTtl", "binding"]) is { } fields
            ? (MaxTtlOf(fields), BindingReader.Of(fields)) : (null, TokenBinding.Any);

    private static long? MaxTtlOf(ObjectFields fields)
    {
        if (fields.Text("maxTtl", 64) is not { } text) return null;
        if (!Durations.TryParse(text, out var seconds))
            fields.Error("maxTtl", FieldErrorCode.BadValue, $"spec.tokens.maxTtl must be {Durations.Rule}, at most 3650d.");
        else if (seconds < LeastTtlSeconds)
            fields.Error("maxTtl", FieldErrorCode.BadValue, $"spec.tokens.maxTtl must be at least {LeastTtlSeconds}s.");
        else return seconds;
        return null;
    }

    /// <summary>A person, or <c>*</c> for any.</summary>
    public static string? UserOf(string text) =>
        text == "*" ? text : UserEmail.TryParse(text, out var email) ? email.Value : null;

    private static string? ObjectNameOf(string text) => ObjectName.IsValid(text) ? text : null;
}
