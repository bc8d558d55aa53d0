using Symbolon.Core.Registry;

namespace Symbolon.Core.Policy.Rules;

/// <summary>Which targets a rule is about.</summary>
internal static class RuleScope
{
    public static bool Covers(PolicyRule rule, RuleTarget target)
    {
        if (!Names(rule.Servers, target.Server.Value)) return false;
        foreach (var (name, value) in rule.Labels)
            if (!target.Manifest.Labels.TryGetValue(name, out var label) || label != value) return false;
        var (ofTools, ofPrompts, ofResources) = (rule.Tools.Length > 0 || rule.Effects.Length > 0, rule.Prompts.Length > 0, rule.Resources.Length > 0);
        var ofAll = !ofTools && !ofPrompts && !ofResources;
        return target.Kind switch
        {
            RuleTargetKind.Tool => ofAll || (ofTools && (rule.Tools.Length == 0 || Names(rule.Tools, target.Tool!.Name.Value)) && (rule.Effects.Length == 0 || rule.Effects.Contains(target.Tool!.Effect))),
            RuleTargetKind.Prompt => ofAll || ofPrompts,
            _ => ofAll || ofResources,
        };
    }

    /// <param name="named">A prompt's name or a resource's URI; a rule is about one of both, or about whatever is there.</param>
    public static bool IsNamed(PolicyRule rule, string named)
    {
        if (rule.Prompts.IsEmpty && rule.Resources.IsEmpty) return true;
        if (Names(rule.Prompts, named)) return true;
        foreach (var pattern in rule.Resources)
            if (pattern.Matches(named)) return true;
        return false;
    }

    private static bool Names(IReadOnlyList<string> names, string name)
    {
        foreach (var candidate in names)
            if (candidate == PolicyRule.Any || candidate == name) return true;
        return false;
    }
}
