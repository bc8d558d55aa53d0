using System.Collections.Immutable;
using System.Text.Json;
using Symbolon.Core.Identity;
using Symbolon.Core.Tools;

namespace Symbolon.Core.Registry.Files.Policies;

/// <summary><c>spec.rules</c>: which calls a rule is about, and the one thing that it does with them.</summary>
internal static class RuleReader
{
    private static readonly string[] Known =
    [
        "name", "servers", "labels", "tools", "effects", "prompts", "resources", "subjects", "agents", "workflows", "when", "decision", "message", "mode",
        .. RuleLimitReader.Kinds, "burst", "per", "obligations", "decide",
    ];

    private static readonly string[] Beside = ["decision", "obligations"];

    private const string Kinds = "decision, limit, quota, total, concurrency, obligations or decide";

    /// <param name="named">Names of the rules before it; its own is added.</param>
    public static PolicyRule? Read(JsonElement item, string path, HashSet<string> named, FieldErrors errors)
    {
        if (ObjectFields.Open(item, path, errors, Known, "approvers") is not { } fields) return null;
        var name = NameOf(fields, named);
        CheckKinds(fields, path, errors);
        var rule = new PolicyRule
        {
            Name = name ?? "",
            Servers = ServersOf(fields),
            Labels = MetadataReader.LabelsOf(fields, errors),
            Tools = Names(fields, "tools", DocumentLimits.Tools, ToolName.IsValid, $"the name of a tool: {ToolName.Rule}"),
            Effects = [.. fields.Texts("effects", 3, text => Effects.TryParse(text, out _) ? text : null, "read, write or irreversible").Select(text => Effects.TryParse(text, out var effect) ? effect : default)],
            Prompts = FeatureReader.PromptsOf(fields),
            Resources = FeatureReader.ResourcesOf(fields, errors),
            Subjects = fields.Texts("subjects", DocumentLimits.ListItems, GrantReader.UserOf, GrantReader.UserRule),
            Agents = Names(fields, "agents", DocumentLimits.ListItems, ObjectName.IsValid, $"the name of an agent: {ObjectName.Rule}"),
            Workflows = Names(fields, "workflows", DocumentLimits.ListItems, ObjectName.IsValid, $"the name of a workflow: {ObjectName.Rule}"),
            When = ExpressionOf(fields, "when"),
            Decision = DecisionOf(fields),
            Limit = RuleLimitReader.Read(fields, errors),
            Obligations = ObligationsReader.Read(fields, errors),
            Decide = DecisionPointReader.Read(fields, errors),
            IsObserved = IsObserved(fields),
            Message = MessageOf(fields),
        };
        return name is null ? null : rule;
    }

    /// <summary>A CEL text. What its reader cannot see would decide otherwise than it looks.</summary>
    public static string? ExpressionOf(ObjectFields fields, string name, bool required = false)
    {
        if (fields.Text(name, DocumentLimits.Expression, required) is not { } text) return null;
        if (string.IsNullOrWhiteSpace(text)) fields.Error(name, FieldErrorCode.BadValue, $"{fields.PathOf(name)} must not be empty.");
        else if (TextRules.HasUnseen(text, inLines: true)) fields.Error(name, FieldErrorCode.BadValue, $"{fields.PathOf(name)} must have no unseen characters; in a text of the expression write them as \\u and four digits.");
        else return text;
        return null;
    }

    private static string? NameOf(ObjectFields fields, HashSet<string> named)
    {
        if (fields.Text("name", 1024, required: true) is not { } name) return null;
        if (!ObjectName.IsValid(name)) fields.Error("name", FieldErrorCode.BadName, $"{fields.PathOf("name")} must be {ObjectName.Rule}.");
        else if (!named.Add(name)) fields.Error("name", FieldErrorCode.Duplicate, $"{fields.PathOf("name")} is the name of a rule before it: {name}.");
        else return name;
        return null;
    }

    /// <summary>Required and not empty: a rule that forgot its servers would be about all of them, or about none.</summary>
    private static ImmutableArray<string> ServersOf(ObjectFields fields)
    {
        if (!fields.Has("servers") || fields.IsEmptyList("servers"))
        {
            fields.Error("servers", FieldErrorCode.Missing, $"{fields.PathOf("servers")} must name at least one server, or \"*\" for any.");
            return [];
        }
        return Names(fields, "servers", DocumentLimits.ListItems, ServerName.IsValid, $"the name of a server: {ServerName.Rule}");
    }

    private delegate bool NameCheck(ReadOnlySpan<char> text);

    private static ImmutableArray<string> Names(ObjectFields fields, string name, int most, NameCheck isName, string rule) =>
        fields.Texts(name, most, text => text == PolicyRule.Any || isName(text) ? text : null, $"\"*\", or {rule}");

    private static RuleDecision? DecisionOf(ObjectFields fields)
    {
        switch (fields.Text("decision", 64))
        {
            case null: break;
            case "allow": return RuleDecision.Allow;
            case "deny": return RuleDecision.Deny;
            case "require_approval":
                fields.Error("decision", FieldErrorCode.NotSupportedYet, $"{fields.PathOf("decision")}: require_approval is not supported yet. Decisions: allow, deny.");
                break;
            default:
                fields.Error("decision", FieldErrorCode.BadValue, $"{fields.PathOf("decision")} must be allow or deny.");
                break;
        }
        return null;
    }

    private static bool IsObserved(ObjectFields fields)
    {
        var text = fields.Text("mode", 64);
        if (text is not (null or "enforce" or "observe")) fields.Error("mode", FieldErrorCode.BadValue, $"{fields.PathOf("mode")} must be enforce or observe.");
        return text == "observe";
    }

    private static string? MessageOf(ObjectFields fields)
    {
        if (fields.Text("message", DocumentLimits.Message) is not { } text) return null;
        if (!string.IsNullOrWhiteSpace(text) && !TextRules.HasUnseen(text)) return text;
        fields.Error("message", FieldErrorCode.BadValue, $"{fields.PathOf("message")} must be a text of one line without unseen characters.");
        return null;
    }

    /// <summary>One thing a rule: of two nobody could say which comes first.</summary>
    private static void CheckKinds(ObjectFields fields, string path, FieldErrors errors)
    {
        var limits = RuleLimitReader.Kinds.Where(fields.Has).ToList();
        if (limits.Count == 0 && !fields.Has("decision") && !fields.Has("obligations") && !fields.Has("decide"))
            errors.Add(path, FieldErrorCode.Missing, $"{path} does nothing: it needs {Kinds}.");
        foreach (var second in limits.Skip(1))
            fields.Error(second, FieldErrorCode.BadValue, $"{fields.PathOf(second)} cannot be there beside {limits[0]}: a rule has one limit. Write another rule.");
        if (limits is [var limit, ..] && fields.Has("decision"))
            fields.Error(limit, FieldErrorCode.BadValue, $"{fields.PathOf(limit)} cannot be there beside decision: a rule decides or limits. Write another rule.");
        if (fields.Has("decide") && limits.Concat(Beside).FirstOrDefault(fields.Has) is { } other)
            fields.Error("decide", FieldErrorCode.BadValue, $"{fields.PathOf("decide")} cannot be there beside {other}: who is asked decides alone. Write another rule.");
        else if (fields.Has("obligations") && (limits.FirstOrDefault() ?? (fields.Says("decision", "deny") ? "decision: deny" : null)) is { } against)
            fields.Error("obligations", FieldErrorCode.BadValue, $"{fields.PathOf("obligations")} cannot be there beside {against}: they belong to a call that goes out. Write another rule.");
    }
}
