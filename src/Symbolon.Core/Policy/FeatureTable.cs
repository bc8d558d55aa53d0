using System.Collections.Frozen;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;
using Symbolon.Core.Resources;
using Symbolon.Core.Tools;

namespace Symbolon.Core.Policy;

/// <summary>The decisions about every prompt and every resource of one server for one token. No manifest names them, so grants are all that there is to go by.</summary>
internal sealed class FeatureTable
{
    private static readonly Decision Hidden = new Decision.Deny(ReasonCode.NotGranted);

    private readonly FrozenDictionary<string, FeatureReach> prompts;
    private readonly FeatureReach otherPrompts;

    /// <summary>What is allowed comes first.</summary>
    private readonly (UriPattern Pattern, FeatureReach Reach)[] patterns;
    private readonly FrozenDictionary<string, FeatureReach> uris;
    private readonly FeatureReach otherResources;

    /// <param name="named">All that the token names of the server.</param>
    /// <param name="live">Grants that match the holder now.</param>
    public FeatureTable(ReachTerms terms, ServerAccess named, List<(GrantObject Grant, ServerAccess Access)> live)
    {
        var server = named.Server;
        var granted = named.Granted ? Scopes.Granted(server) : null;

        var (scope, needs) = (named.AllPrompts ? Scopes.Prompts(server) : granted, Scopes.Prompts(server));
        var names = live.SelectMany(each => each.Access.Prompts.Select(name => (name, each.Grant))).ToLookup(each => each.name, each => each.Grant, StringComparer.Ordinal);
        otherPrompts = Decide(names[ServerAccess.AnyPrompt]);
        prompts = names.Where(each => each.Key != ServerAccess.AnyPrompt).ToFrozenDictionary(each => each.Key, each => Decide(each.Concat(names[ServerAccess.AnyPrompt])), StringComparer.Ordinal);
        HasPrompts = otherPrompts.IsAllowed || prompts.Values.Any(reach => reach.IsAllowed);
        LackPromptsKey = !HasPrompts && prompts.Values.Append(otherPrompts).Any(LacksKey);

        (scope, needs) = (named.AllResources ? Scopes.Resources(server) : granted, Scopes.Resources(server));
        otherResources = Decide([]);
        patterns = [.. live.SelectMany(each => each.Access.Resources.Select(pattern => (pattern, each.Grant))).GroupBy(each => each.pattern, each => each.Grant)
            .Select(each => (each.Key, Decide(each))).OrderByDescending(each => each.Item2.IsAllowed)];
        uris = patterns.Where(each => !each.Pattern.HasWildcard).ToFrozenDictionary(each => each.Pattern.Text, each => each.Reach, StringComparer.Ordinal);
        HasResources = patterns is [(_, { IsAllowed: true }), ..];
        LackResourcesKey = !HasResources && patterns.Any(each => LacksKey(each.Reach));

        // Nothing is known of what they need behind the server: a token that is limited to resources there has none of them.
        FeatureReach Decide(IEnumerable<GrantObject> covering) => new(terms.Decide(scope, [.. covering], Effect.Read, isWithinLimits: terms.Limits is null, needs, Hidden));
    }

    /// <summary>By name, or <c>*</c> for any.</summary>
    public IEnumerable<string> AllowedPrompts => otherPrompts.IsAllowed
        ? [ServerAccess.AnyPrompt] : prompts.Where(each => each.Value.IsAllowed).Select(each => each.Key).Order(StringComparer.Ordinal);

    public IEnumerable<string> AllowedResources => patterns.Where(each => each.Reach.IsAllowed).Select(each => each.Pattern.Text).Order(StringComparer.Ordinal);

    public bool HasPrompts { get; }

    public bool HasResources { get; }

    /// <summary>None may be got but with a token that is bound to a key, and with one some could.</summary>
    public bool LackPromptsKey { get; }

    /// <summary>The same of resources.</summary>
    public bool LackResourcesKey { get; }

    public FeatureReach Prompt(string name) => prompts.TryGetValue(name, out var found) ? found : otherPrompts;

    public FeatureReach Resource(string uri)
    {
        var found = uris.GetValueOrDefault(uri);
        if (found is { IsAllowed: true } || !UriPattern.CanBeMatched(uri)) return found ?? otherResources;
        foreach (var (pattern, reach) in patterns)
            if (pattern.HasWildcard && (reach.IsAllowed || found is null) && pattern.Includes(uri)) return reach;
        return found ?? otherResources;
    }

    public FeatureReach Template(string template)
    {
        foreach (var (pattern, reach) in patterns)
            if (pattern.Covers(template)) return reach;
        return otherResources;
    }

    public bool MayReachTemplate(string template)
    {
        foreach (var (pattern, reach) in patterns)
            if (reach.IsAllowed && pattern.MayReach(template)) return true;
        return false;
    }

    private static bool LacksKey(FeatureReach reach) => reach.Decision is Decision.Deny { Code: ReasonCode.ProofRequired };
}
