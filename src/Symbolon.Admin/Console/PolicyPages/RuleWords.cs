using System.Globalization;
using Symbolon.Admin.Policies;

namespace Symbolon.Admin.Console.PolicyPages;

/// <summary>A rule as a person reads it aloud.</summary>
internal static class RuleWords
{
    private const int Most = 6;

    /// <summary>What it does with a call: colour, sign and words of a mark.</summary>
    public static (string Colour, string Sign, string Word) Mark(RuleResponse rule) => rule switch
    {
        { Decision: "deny" } => ("refused", "refused", "Denies"),
        { Decision: "allow", Obligations: null } => ("allowed", "allowed", "Allows"),
        { Decision: "allow" } => ("allowed", "allowed", "Allows, with a condition"),
        { Decide: not null } => ("waiting", "external", "Asks elsewhere"),
        { Obligations: not null } => ("", "write", "Obliges"),
        _ => ("waiting", "waiting", "Limits"),
    };

    /// <summary>How much, what, or whom it asks; null where the mark says all.</summary>
    public static IEnumerable<string> Terms(RuleResponse rule)
    {
        if (rule.Limit is { } rate) yield return $"{Window(rate)}{(rule.Burst is { } burst ? string.Create(CultureInfo.InvariantCulture, $", {burst} at once") : "")}{Per(rule)}";
        if (rule.Quota is { } quota) yield return $"{Window(quota)}, UTC{Per(rule)}";
        if (rule.Total is { } total) yield return $"sum of {total.Of}: {Window(total.Most)}, UTC{Per(rule)}";
        if (rule.Concurrency is { } most) yield return string.Create(CultureInfo.InvariantCulture, $"{most} open at once{Per(rule)}");
        if (rule.Obligations?.Redact is { } redact) yield return $"redacts {Cut(redact)}";
        if (rule.Obligations?.MaxResultBytes is { } bytes) yield return string.Create(CultureInfo.InvariantCulture, $"results up to {bytes} bytes");
        if (rule.Obligations?.Headers is { } headers) yield return $"sends {Cut([.. headers.Select(header => $"{header.Key}: {header.Value}")])}";
        if (rule.Decide is { } point) yield return $"{point.Url}, within {point.Timeout}{(point.Cache is { } cache ? $", kept for {cache}" : "")}";
    }

    /// <summary>Which things of which servers.</summary>
    public static string About(RuleResponse rule)
    {
        var things = new[]
        {
            Named("tool", rule.Tools), rule.Effects is { } effects ? $"{string.Join(" or ", effects)} tools" : null, Named("prompt", rule.Prompts), Named("resource", rule.Resources),
        }.OfType<string>().ToList();
        return things.Count == 0 ? "everything" : string.Join(", ", things);
    }

    public static string Servers(RuleResponse rule) =>
        (rule.Servers.Contains("*") ? "any server" : Cut(rule.Servers)) + (rule.Labels is { } labels ? $" with {Cut([.. labels.Select(label => $"{label.Key}={label.Value}")])}" : "");

    public static string Who(RuleResponse rule)
    {
        var named = new[] { Named("person", rule.Subjects, "any person"), Named("agent", rule.Agents), Named("workflow", rule.Workflows) }.OfType<string>().ToList();
        return named.Count == 0 ? "anybody" : string.Join(", ", named);
    }

    /// <summary>What it did to calls.</summary>
    public static string Refused(string said, long count) => string.Create(CultureInfo.InvariantCulture, $"{(said switch { "limit" => "limited", "error" => "could not evaluate", _ => "denied" })} {count}");

    /// <summary>What it would have done to calls that it let pass.</summary>
    public static string Observed(string said, long count) => string.Create(CultureInfo.InvariantCulture, $"would {(said switch { "deny" => "have denied", "limit" => "have limited", "error" => "have failed on", "allow" => "have allowed", _ => "have met" })} {count}");

    private static string? Named(string kind, IReadOnlyList<string>? names, string? any = null) =>
        names is null ? null : names.Contains("*") ? any ?? $"any {kind}" : $"{kind} {Cut(names)}";

    private static string Cut(IReadOnlyList<string> names) => names.Count <= Most ? string.Join(", ", names) : string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", names.Take(Most))} and {names.Count - Most} more");

    private static string Window(string terms) => terms.Split('/') is [var count, var window] ? $"{count} a {window}" : terms;

    private static string Per(RuleResponse rule) => rule.Per is { } per ? $" for each {string.Join(" and ", per)}" : " for all together";
}
