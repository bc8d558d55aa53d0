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

    /// <summary>Whether a rule that names prompts is about this one.</summary>
    public static bool NamesPrompt(PolicyRule rule, string prompt) => Names(rule.Prompts, prompt);

    private static bool Names(IReadOnlyList<string> names, string name)
    {
        foreach (var candidate in names)
            if (candidate == PolicyRule.Any || candidate == name) return true;
        return false;
    }
}
