using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Symbolon.Core.Identity;
using Symbolon.Core.Resources;

namespace Symbolon.Core.Registry.Files.Policies;

/// <summary><c>spec.tests</c>: a call as it might come, and what the policy has to say of it.</summary>
internal static class PolicyTestReader
{
    private const string FlagRule = "a flag of a session, e.g. sensitive: " + ObjectName.Rule;
    private const string GroupRule = "the name of a group: 1 to 256 characters, none of them unseen";
    private const string TimeForm = "yyyy-MM-dd'T'HH:mm:ssK";
    private static readonly string[] Targets = ["tool", "prompt", "resource"];
    private static readonly string[] Call = ["server", .. Targets, "args", "subject", "agent", "workflow", "session", "at"];

    /// <param name="rules">Names of the rules of the policy; null where they are not known.</param>
    public static PolicyTest? Read(JsonElement item, string path, HashSet<string>? rules, FieldErrors errors)
    {
        if (ObjectFields.Open(item, path, errors, [.. Call, "expect", "rule"]) is not { } fields) return null;
        var (test, expect) = (ReadCall(fields, path, errors), ExpectOf(fields));
        return test is null || expect is null ? null : test with { Expect = expect.Value, Rule = RuleOf(fields, rules) };
    }

    /// <summary>The call alone, in the words of a test.</summary>
    public static PolicyTest? ReadCall(JsonElement item, FieldErrors errors) => ObjectFields.Open(item, "", errors, Call) is { } fields ? ReadCall(fields, "the call", errors) : null;

    private static PolicyTest? ReadCall(ObjectFields fields, string path, FieldErrors errors)
    {
        CheckTarget(fields, path, errors);
        var (user, groups) = SubjectOf(fields, errors);
        var server = NameOf(fields, "server", ServerName.IsValid, ServerName.Rule, required: true);
        var test = new PolicyTest
        {
            Server = server ?? "",
            Tool = NameOf(fields, "tool", ToolName.IsValid, ToolName.Rule),
            Prompt = FeatureReader.PromptOf(fields, "prompt"),
            Resource = UriOf(fields),
            Arguments = fields.Json("args", DocumentLimits.TestArguments)?.GetRawText(),
            User = user,
            Groups = groups,
            Agent = NameOf(fields, "agent", ObjectName.IsValid, ObjectName.Rule),
            Workflow = NameOf(fields, "workflow", ObjectName.IsValid, ObjectName.Rule),
            SessionFlags = FlagsOf(fields, errors),
            At = TimeOf(fields),
            Expect = default,
        };
        return server is null ? null : test;
    }

    private static void CheckTarget(ObjectFields fields, string path, FieldErrors errors)
    {
        var named = Targets.Where(fields.Has).ToList();
        if (named.Count == 0) errors.Add(fields.PathOf("tool"), FieldErrorCode.Missing, $"{path} must name a tool, a prompt or a resource.");
        foreach (var second in named.Skip(1)) fields.Error(second, FieldErrorCode.BadValue, $"{fields.PathOf(second)} cannot be there beside {named[0]}: a call is of one thing.");
        if (fields.Has("args") && fields.Has("resource")) fields.Error("args", FieldErrorCode.BadValue, $"{fields.PathOf("args")} cannot be there beside resource: a resource is read without arguments.");
    }

    private delegate bool NameCheck(ReadOnlySpan<char> text);

    private static string? NameOf(ObjectFields fields, string name, NameCheck isName, string rule, bool required = false)
    {
        if (fields.Text(name, 1024, required) is not { } text) return null;
        if (isName(text)) return text;
        fields.Error(name, FieldErrorCode.BadName, $"{fields.PathOf(name)} must be {rule}.");
        return null;
    }

    private static string? UriOf(ObjectFields fields)
    {
        if (fields.Text("resource", UriPattern.MostMatched) is not { } text) return null;
        if (text.Length > 0 && !TextRules.HasUnseen(text)) return text;
        fields.Error("resource", FieldErrorCode.BadValue, $"{fields.PathOf("resource")} must be the URI of a resource.");
        return null;
    }

    private static (string? User, ImmutableArray<string> Groups) SubjectOf(ObjectFields test, FieldErrors errors)
    {
        if (test.Value("subject", required: false, JsonValueKind.Object) is not { } found
            || ObjectFields.Open(found, test.PathOf("subject"), errors, ["user", "groups"]) is not { } fields) return (null, []);
        var groups = fields.Texts("groups", DocumentLimits.ListItems, text => text.Length is > 0 and <= 256 && !TextRules.HasUnseen(text) ? text : null, GroupRule);
        if (fields.Text("user", 1024) is not { } text) return (null, groups);
        if (UserEmail.TryParse(text, out var user)) return (user.Value, groups);
        fields.Error("user", FieldErrorCode.BadValue, $"{fields.PathOf("user")} must be {UserEmail.Rule}.");
        return (null, groups);
    }

    private static ImmutableArray<string> FlagsOf(ObjectFields test, FieldErrors errors) =>
        test.Value("session", required: false, JsonValueKind.Object) is { } found && ObjectFields.Open(found, test.PathOf("session"), errors, ["flags"]) is { } fields
            ? fields.Texts("flags", DocumentLimits.Labels, text => ObjectName.IsValid(text) ? text : null, FlagRule) : [];

    /// <summary>To the second: no rule is about less.</summary>
    private static long? TimeOf(ObjectFields fields)
    {
        if (fields.Text("at", 64) is not { } text) return null;
        if (DateTimeOffset.TryParseExact(text, TimeForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)) return UnixTime.ToMicroseconds(time);
        fields.Error("at", FieldErrorCode.BadValue, $"{fields.PathOf("at")} must be a time as 2027-03-31T12:00:00Z.");
        return null;
    }

    private static ExpectedDecision? ExpectOf(ObjectFields fields)
    {
        switch (fields.Text("expect", 64, required: true))
        {
            case null: break;
            case "allow": return ExpectedDecision.Allow;
            case "deny": return ExpectedDecision.Deny;
            case "error": return ExpectedDecision.Error;
            case "require_approval":
                fields.Error("expect", FieldErrorCode.NotSupportedYet, $"{fields.PathOf("expect")}: require_approval is not supported yet. Decisions: allow, deny, error.");
                break;
            default:
                fields.Error("expect", FieldErrorCode.BadValue, $"{fields.PathOf("expect")} must be allow, deny or error.");
                break;
        }
        return null;
    }

    private static string? RuleOf(ObjectFields fields, HashSet<string>? rules)
    {
        if (fields.Text("rule", 1024) is not { } text) return null;
        if (rules is null || rules.Contains(text)) return text;
        fields.Error("rule", FieldErrorCode.UnknownReference, $"{fields.PathOf("rule")} is no rule of this policy: {TextRules.Shown(text)}.");
        return null;
    }
}
