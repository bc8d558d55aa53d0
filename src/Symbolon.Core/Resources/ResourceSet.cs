using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Symbolon.Core.Resources;

/// <summary>
/// A union of needs in its shortest form: no part of it is within another part for the same action. Its patterns have no arguments. What two parts cover only
/// together (<c>a/*</c> and <c>a/*/**</c> cover <c>a/**</c>) counts as not covered, which refuses too much rather than too little.
/// </summary>
public sealed class ResourceSet
{
    private readonly Dictionary<string, List<ResourcePattern>> byAction;
    private Dictionary<string, PatternTree>? trees;

    private ResourceSet(Dictionary<string, List<ResourcePattern>> byAction)
    {
        this.byAction = byAction;
        var actions = new Dictionary<ResourcePattern, ImmutableArray<string>>(byAction.Count == 0 ? 0 : byAction.Values.Max(patterns => patterns.Count));
        foreach (var (action, patterns) in byAction.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            ImmutableArray<string> alone = [action];
            foreach (var pattern in patterns) actions[pattern] = actions.TryGetValue(pattern, out var others) ? others.Add(action) : alone;
        }
        var needs = actions.Select(pair => new ResourceNeed(pair.Value, pair.Key)).ToArray();
        Array.Sort(needs, (one, other) => string.CompareOrdinal(one.Resource.Text, other.Resource.Text));
        Needs = ImmutableCollectionsMarshal.AsImmutableArray(needs);
    }

    /// <summary>By resource, each once, in the order of their texts.</summary>
    public ImmutableArray<ResourceNeed> Needs { get; }

    public bool IsEmpty => Needs.IsEmpty;

    public static ResourceSet Of(IEnumerable<ResourceNeed> needs)
    {
        var parts = new Parts();
        foreach (var need in needs)
        {
            var resource = need.Resource.Open();
            foreach (var action in need.Actions) parts.Add(action, resource);
        }
        return parts.ToSet();
    }

    /// <returns>The part that covers all of this resource, which has no arguments; null where none does.</returns>
    public ResourcePattern? Find(string action, ResourcePattern resource) => byAction.GetValueOrDefault(action)?.Find(resource.IsWithin);

    /// <summary>Whether each part of the other is within a part of this one. Linear in the two together.</summary>
    public bool Covers(ResourceSet other) => other.byAction.All(theirs => theirs.Value.TrueForAll(resource => Covers(theirs.Key, resource)));

    /// <summary>Whether this resource, which has no arguments, is within a part of this one. The cost does not grow with the number of parts.</summary>
    public bool Covers(string action, ResourcePattern resource)
    {
        trees ??= byAction.ToDictionary(pair => pair.Key, pair => PatternTree.Of(pair.Value), StringComparer.Ordinal);
        return trees.TryGetValue(action, out var mine) && mine.Covers(resource);
    }

    /// <summary>Whether there are values for its arguments with which the need is covered.</summary>
    public bool CanCover(ResourceNeed need) =>
        need.Actions.All(action => byAction.TryGetValue(action, out var patterns) && patterns.Exists(need.Resource.CanBeWithin));

    /// <summary>What is in both.</summary>
    public ResourceSet Intersect(ResourceSet other)
    {
        var parts = new Parts();
        foreach (var (action, mine) in byAction)
            if (other.byAction.TryGetValue(action, out var theirs))
                foreach (var one in mine)
                    foreach (var another in theirs)
                        if (one.Intersect(another) is { } both) parts.Add(action, both);
        return parts.ToSet();
    }

    /// <summary>Each as a scope, <c>read:docs/*</c>, with a blank between them.</summary>
    public override string ToString() => string.Join(' ', Needs.SelectMany(need => need.ToScopes()));

    /// <summary>What a set is made of, each pattern once for each action.</summary>
    private readonly struct Parts()
    {
        private readonly Dictionary<string, (PatternTree Tree, List<ResourcePattern> Patterns)> byAction = new(StringComparer.Ordinal);

        public void Add(string action, ResourcePattern pattern)
        {
            if (!byAction.TryGetValue(action, out var same)) byAction[action] = same = (new PatternTree(), []);
            if (same.Tree.Add(pattern)) same.Patterns.Add(pattern);
        }

        /// <summary>Without what is within another part.</summary>
        public ResourceSet ToSet() => new(byAction.ToDictionary(
            pair => pair.Key,
            pair => pair.Value.Patterns.Count == 1 ? pair.Value.Patterns : pair.Value.Patterns.FindAll(pattern => !pair.Value.Tree.HasWiderThan(pattern)),
            StringComparer.Ordinal));
    }
}
