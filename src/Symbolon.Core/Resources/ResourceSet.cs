using System.Collections.Immutable;

namespace Symbolon.Core.Resources;

/// <summary>
/// A union of needs in its shortest form: no part of it is within another part for the same action. Its patterns have no arguments. What two parts cover only
/// together (<c>a/*</c> and <c>a/*/**</c> cover <c>a/**</c>) counts as not covered, which refuses too much rather than too little.
/// </summary>
public sealed class ResourceSet
{
    private readonly Dictionary<string, List<ResourcePattern>> byAction;

    private ResourceSet(Dictionary<string, List<ResourcePattern>> byAction)
    {
        this.byAction = byAction;
        Needs =
        [
            .. byAction.SelectMany(pair => pair.Value.Select(pattern => (Action: pair.Key, Pattern: pattern))).GroupBy(each => each.Pattern, each => each.Action)
                .Select(same => new ResourceNeed([.. same.Order(StringComparer.Ordinal)], same.Key)).OrderBy(need => need.Resource.Text, StringComparer.Ordinal),
        ];
    }

    /// <summary>By resource, each once, in the order of their texts.</summary>
    public ImmutableArray<ResourceNeed> Needs { get; }

    public bool IsEmpty => Needs.IsEmpty;

    public static ResourceSet Of(IEnumerable<ResourceNeed> needs) =>
        Of(needs.SelectMany(need => need.Actions.Select(action => (action, need.Resource.Open()))));

    /// <returns>The part that covers all of this resource, which has no arguments; null where none does.</returns>
    public ResourcePattern? Find(string action, ResourcePattern resource) => byAction.GetValueOrDefault(action)?.Find(resource.IsWithin);

    public bool Covers(ResourceSet other) => other.Needs.All(need => need.Actions.All(action => Find(action, need.Resource) is not null));

    /// <summary>Whether there are values for its arguments with which the need is covered.</summary>
    public bool CanCover(ResourceNeed need) =>
        need.Actions.All(action => byAction.TryGetValue(action, out var patterns) && patterns.Exists(need.Resource.CanBeWithin));

    /// <summary>What is in both.</summary>
    public ResourceSet Intersect(ResourceSet other) => Of(
        from mine in byAction
        where other.byAction.ContainsKey(mine.Key)
        from one in mine.Value
        from another in other.byAction[mine.Key]
        let both = one.Intersect(another)
        where both is not null
        select (mine.Key, both));

    /// <summary>Each as a scope, <c>read:docs/*</c>, with a blank between them.</summary>
    public override string ToString() => string.Join(' ', Needs.SelectMany(need => need.ToScopes()));

    private static ResourceSet Of(IEnumerable<(string Action, ResourcePattern Pattern)> parts) => new(parts.GroupBy(part => part.Action, part => part.Pattern, StringComparer.Ordinal)
        .ToDictionary(same => same.Key, same => PatternTree.Shortest(same), StringComparer.Ordinal));
}
