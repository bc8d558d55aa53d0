using System.Collections.Immutable;
using Symbolon.Core.Resources;

namespace Symbolon.Core.Registry.Reach;

/// <summary>
/// What objects of <c>kind: Resource</c> say together: from the resources that tools need, everything that is got at besides (transitive), and everything
/// that happens because of it (blast radius). An object counts as soon as its pattern and what is reached so far have one resource in common; what it names
/// is reached whole. Reaching does not depend on the action: the files have none (DESIGN.md section 4, Files), and who may write a thing can mostly read it.
/// </summary>
/// <remarks>Each object counts once for a union, so that cycles end, and the work is about linear in what is found.</remarks>
public sealed class ResourceGraph
{
    public static readonly ResourceGraph Empty = Of([]);

    /// <summary>By sensitivity, the highest first.</summary>
    private readonly ImmutableArray<Kin> kins;

    private ResourceGraph(ImmutableArray<Kin> kins) => this.kins = kins;

    /// <param name="resources">Retired ones count for nothing.</param>
    public static ResourceGraph Of(IEnumerable<ResourceObject> resources) => new(
    [
        .. resources.Where(resource => resource.RetiredAt is null).GroupBy(resource => resource.Sensitivity).OrderByDescending(same => same.Key).Select(same => new Kin(same.Key, same)),
    ]);

    public ResourceReach From(ResourceSet union)
    {
        if (kins.IsEmpty || union.IsEmpty) return ResourceReach.None;
        var parts = union.Needs.Select(need => need.Resource).ToList();
        var within = PatternTree.Of(parts);
        var (reached, met) = Walk(parts.Select(part => (part, (ReachedResource?)null)), [], triggers: false, within);
        var first = met.SelectMany(each => each.Object.Triggers.Select(pattern => Step(pattern, each.From, each.Object, each.Before, isTriggered: true)))
            .DistinctBy(step => step.Resource).ToList();
        var (triggered, _) = Walk(first.Select(step => (step.Resource, (ReachedResource?)step)), first, triggers: true, within: null);
        var all = parts.Select(SensitivityOf).Concat(reached.Concat(triggered).Select(each => each.Sensitivity));
        return new ResourceReach(Sorted(reached), Sorted(triggered), all.Max());
    }

    /// <param name="starts">Patterns, and how each was reached; null for a part of the union.</param>
    /// <param name="found">What counts as found already.</param>
    /// <param name="triggers">Whether what is met triggers besides what it reaches.</param>
    /// <param name="within">What is in it is no news.</param>
    /// <returns>What is found, by the shortest way, and the objects that were met, each with the pattern by which.</returns>
    private (List<ReachedResource> Found, List<(ResourceObject Object, ResourcePattern From, ReachedResource? Before)> Met) Walk(
        IEnumerable<(ResourcePattern Pattern, ReachedResource? Before)> starts, IReadOnlyList<ReachedResource> found, bool triggers, PatternTree? within)
    {
        var (all, met) = (found.ToList(), new List<(ResourceObject, ResourcePattern, ReachedResource?)>());
        var known = all.Select(each => each.Resource).ToHashSet();
        var counted = kins.Select(kin => new bool[kin.Count]).ToArray();
        var asked = new PatternTree();
        var waiting = new Queue<(ResourcePattern Pattern, ReachedResource? Before)>(starts);
        while (waiting.TryDequeue(out var next))
        {
            // What is within something that was asked for meets nobody new.
            if (asked.Covers(next.Pattern)) continue;
            asked.Add(next.Pattern);
            for (var i = 0; i < kins.Length; i++)
                foreach (var resource in kins[i].Meeting(next.Pattern, counted[i]))
                {
                    met.Add((resource, next.Pattern, next.Before));
                    foreach (var pattern in resource.Reaches) Add(pattern, resource, isTriggered: false);
                    if (triggers)
                        foreach (var pattern in resource.Triggers) Add(pattern, resource, isTriggered: true);
                }
            void Add(ResourcePattern pattern, ResourceObject by, bool isTriggered)
            {
                if (within?.Covers(pattern) == true || !known.Add(pattern)) return;
                var step = Step(pattern, next.Pattern, by, next.Before, isTriggered);
                all.Add(step);
                waiting.Enqueue((pattern, step));
            }
        }
        return (all, met);
    }

    private ReachedResource Step(ResourcePattern pattern, ResourcePattern from, ResourceObject by, ReachedResource? before, bool isTriggered) =>
        new() { Resource = pattern, From = from, By = by.Name, IsTriggered = isTriggered, Sensitivity = SensitivityOf(pattern), Before = before };

    private Sensitivity? SensitivityOf(ResourcePattern pattern) => kins.FirstOrDefault(kin => kin.Touches(pattern))?.Sensitivity;

    private static ImmutableArray<ReachedResource> Sorted(List<ReachedResource> found) => [.. found.OrderBy(each => each.Resource.Text, StringComparer.Ordinal)];

    /// <summary>The objects of one sensitivity, those with one pattern together.</summary>
    private sealed class Kin
    {
        private readonly ImmutableArray<ImmutableArray<ResourceObject>> groups;
        private readonly OverlapIndex index;

        public Kin(Sensitivity sensitivity, IEnumerable<ResourceObject> objects)
        {
            Sensitivity = sensitivity;
            groups = [.. objects.OrderBy(each => each.Name.Value, StringComparer.Ordinal).GroupBy(each => each.Pattern).Select(same => same.ToImmutableArray())];
            index = new OverlapIndex([.. groups.Select(group => group[0].Pattern)]);
        }

        public Sensitivity Sensitivity { get; }

        public int Count => groups.Length;

        public bool Touches(ResourcePattern pattern) => index.Overlapping(pattern).Any();

        /// <summary>Those that have something in common with the pattern and were not counted before.</summary>
        public IEnumerable<ResourceObject> Meeting(ResourcePattern pattern, bool[] counted)
        {
            foreach (var group in index.Overlapping(pattern, counted).ToList())
            {
                counted[group] = true;
                foreach (var each in groups[group]) yield return each;
            }
        }
    }
}
