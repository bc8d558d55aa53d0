using System.Collections.Immutable;
using System.Text.Json;

namespace Symbolon.Core.Registry.Files.Policies;

/// <summary>How much a rule lets be: <c>limit</c>, <c>quota</c>, <c>total</c> or <c>concurrency</c>, and what is counted apart.</summary>
internal static class RuleLimitReader
{
    public static readonly string[] Kinds = ["limit", "quota", "total", "concurrency"];

    /// <summary>In the order in which they are written.</summary>
    private static readonly ImmutableArray<string> Parts = ["token", "user", "agent", "workflow", "server", "tool"];

    private const string PartRule = "token, user, agent, workflow, server or tool";

    public static RuleLimit? Read(ObjectFields fields, FieldErrors errors)
    {
        if (fields.Has("burst") && !fields.Has("limit")) fields.Error("burst", FieldErrorCode.BadValue, $"{fields.PathOf("burst")} goes with limit alone.");
        if (!Kinds.Any(fields.Has))
        {
            if (fields.Has("per")) fields.Error("per", FieldErrorCode.BadValue, $"{fields.PathOf("per")} goes with limit, quota, total or concurrency.");
            return null;
        }
        var (of, total) = TotalOf(fields, errors);
        return new RuleLimit
        {
            Rate = TermOf(fields, "limit", LimitText.IsRate, LimitText.RateRule),
            Burst = fields.Whole("burst", 1, LimitText.Most),
            Quota = TermOf(fields, "quota", LimitText.IsWindowed, LimitText.WindowedRule),
            Total = total,
            Of = of,
            Concurrency = (int?)fields.Whole("concurrency", 1, LimitText.MostAtOnce),
            Per = PerOf(fields),
        };
    }

    private static string? TermOf(ObjectFields fields, string name, Func<string, bool> isTerm, string rule, bool required = false)
    {
        if (fields.Text(name, 64, required) is not { } text) return null;
        if (isTerm(text)) return text;
        fields.Error(name, FieldErrorCode.BadValue, $"{fields.PathOf(name)} must be {rule}.");
        return null;
    }

    private static (string? Of, string? Most) TotalOf(ObjectFields rule, FieldErrors errors) =>
        rule.Value("total", required: false, JsonValueKind.Object) is { } found && ObjectFields.Open(found, rule.PathOf("total"), errors, ["of", "most"]) is { } fields
            ? (RuleReader.ExpressionOf(fields, "of", required: true), TermOf(fields, "most", LimitText.IsWindowed, LimitText.WindowedRule, required: true)) : (null, null);

    private static ImmutableArray<string> PerOf(ObjectFields fields)
    {
        if (fields.Value("per", required: false, JsonValueKind.String, JsonValueKind.Array) is not { } found) return [];
        if (found.ValueKind == JsonValueKind.Array)
        {
            var named = fields.Texts("per", Parts.Length, text => Parts.Contains(text) ? text : null, PartRule);
            return [.. Parts.Where(part => named.Contains(part))];
        }
        if (found.GetString() is { } one && Parts.Contains(one)) return [one];
        fields.Error("per", FieldErrorCode.BadValue, $"{fields.PathOf("per")} must be {PartRule}, or a list of them.");
        return [];
    }
}
