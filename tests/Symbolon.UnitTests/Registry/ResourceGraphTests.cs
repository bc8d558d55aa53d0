using System.Diagnostics;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Reach;
using Symbolon.Core.Resources;
using Symbolon.Testing;

namespace Symbolon.UnitTests.Registry;

[Trait("area", "resources")]
public sealed class ResourceGraphTests
{
    private static readonly ResourceObject[] Shop =
    [
        Resource("metadata", "project/*/metadata", "project/*/secrets", "ci/*/pipeline", Sensitivity.Internal),
        Resource("secrets", "project/*/secrets", "vault/**", "", Sensitivity.Secret),
        Resource("pipeline", "ci/*/pipeline", "registry/*/image", "deploy/prod", Sensitivity.Confidential),
        Resource("deploy", "deploy/prod", "deploy/prod/log", "ci/*/pipeline", Sensitivity.Internal),
        Resource("handbook", "handbook/**", "", "", Sensitivity.Public),
    ];

    [Fact]
    public void What_is_reached_is_followed_to_its_end_and_says_by_which_way()
    {
        var reach = From(Shop, "project/shop/metadata");

        Assert.Equal(["project/*/secrets", "vault/**"], Texts(reach.Reaches));
        Assert.Equal("project/shop/metadata → project/*/secrets → vault/**", reach.Reaches[1].Words);
        Assert.Equal(["metadata", "secrets"], reach.Reaches[1].Via.Select(step => step.By.Value));
        Assert.Equal((Sensitivity.Secret, null), (reach.Reaches[0].Sensitivity, reach.Reaches[1].Sensitivity));
        Assert.Equal(Sensitivity.Secret, reach.MostSensitive);
    }

    [Fact]
    public void The_blast_radius_goes_on_with_what_the_triggered_reaches_and_triggers_and_a_cycle_ends()
    {
        var reach = From(Shop, "project/shop/metadata");

        Assert.Equal(["ci/*/pipeline", "deploy/prod", "deploy/prod/log", "registry/*/image"], Texts(reach.Triggers));
        Assert.Equal("project/shop/metadata ⇒ ci/*/pipeline ⇒ deploy/prod → deploy/prod/log", reach.Triggers[2].Words);
        Assert.Equal("project/shop/metadata ⇒ ci/*/pipeline → registry/*/image", reach.Triggers[3].Words);
        Assert.Equal([true, true, false, false], reach.Triggers.Select(each => each.IsTriggered));
    }

    [Fact]
    public void A_trigger_of_what_is_reached_counts_too()
    {
        ResourceObject[] resources = [Resource("a", "a", "b", "", Sensitivity.Public), Resource("b", "b", "", "c", Sensitivity.Public)];
        Assert.Equal("a → b ⇒ c", Assert.Single(From(resources, "a").Triggers).Words);
    }

    [Theory]
    [InlineData("project/*/metadata", true)]
    [InlineData("project/**", true)]
    [InlineData("*/**", true)]
    [InlineData("project/s*/metadata", true)]
    [InlineData("project/shop/metadata/a", false)]
    [InlineData("project/shop", false)]
    [InlineData("project/shop/meta*", true)]
    [InlineData("projects/**", false)]
    public void A_resource_counts_when_one_of_its_resources_is_in_the_union(string union, bool counts) =>
        Assert.Equal(counts, From([Resource("metadata", "project/*/metadata", "elsewhere", "", Sensitivity.Internal)], union) is { Reaches: [{ Resource.Text: "elsewhere" }], MostSensitive: Sensitivity.Internal });

    [Fact]
    public void What_the_union_covers_itself_is_no_news_but_leads_on_and_its_own_sensitivity_counts()
    {
        ResourceObject[] resources = [Resource("a", "a/x", "b/x", "", Sensitivity.Public), Resource("b", "b/*", "c", "", Sensitivity.Confidential)];
        var reach = From(resources, "a/*", "b/*");
        Assert.Equal("b/* → c", Assert.Single(reach.Reaches).Words);
        Assert.Equal(Sensitivity.Confidential, reach.MostSensitive);
        Assert.Same(ResourceReach.None, ResourceGraph.Of([]).From(Union("a/*")));
        Assert.Same(ResourceReach.None, ResourceGraph.Of(resources).From(Union()));
        Assert.Null(From(resources, "elsewhere").MostSensitive);
    }

    [Fact]
    public void What_was_retired_counts_for_nothing() =>
        Assert.Empty(From([Shop[0] with { RetiredAt = 1 }], "project/shop/metadata").Reaches);

    [Fact]
    public void A_long_way_is_cut_in_its_middle()
    {
        var chain = Enumerable.Range(0, 20).Select(i => Resource($"r{i}", $"r{i}", $"r{i + 1}", "", Sensitivity.Public)).ToArray();
        var last = From(chain, "r0").Reaches.Single(each => each.Resource.Text == "r20");
        Assert.Equal((20, 20), (last.Steps, last.Via.Count));
        Assert.Equal("r0 → r1 → r2 → r3 → r4 → … 12 more … → r17 → r18 → r19 → r20", last.Words);
    }

    /// <summary>Chains, stars, all over all, and wildcards that fit everything at one segment and nothing at the next.</summary>
    [Theory]
    [InlineData("n#", "n#+1", "n0", 10_000)]
    [InlineData("hub", "spoke/#", "hub", 10_000)]
    [InlineData("a/*", "a/#", "a/0", 9_999)]
    [InlineData("a#/*", "*/b#", "**", 0)]
    [InlineData("x#/a", "*/b#", "*/a", 10_000)]
    [InlineData("a#*/*/c", "*/b#*/d", "a1*/b/c", 1_111)]
    public void Ten_thousand_resources_are_followed_without_comparing_each_with_each(string pattern, string reaches, string union, int expected)
    {
        const int count = 10_000;
        var graph = ResourceGraph.Of(Enumerable.Range(0, count).Select(i => Resource($"r{i}", Put(pattern, i), Put(reaches, i), "", (Sensitivity)(i % 4))));
        var started = Stopwatch.GetTimestamp();
        var reach = graph.From(Union(union));
        Assert.Equal(expected, reach.Reaches.Length);
        // By far; comparing each with each takes minutes on a busy machine.
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(20));

        static string Put(string text, int i) => text.Replace("#+1", $"{i + 1}", StringComparison.Ordinal).Replace("#", $"{i}", StringComparison.Ordinal);
    }

    [Fact]
    public void Of_random_graphs_a_smaller_union_never_reaches_more_and_what_is_reached_reaches_nothing_new()
    {
        var random = new Random(20261122);
        var (graphs, reached) = (TestSize.Of(600, 6_000), 0);
        for (var round = 0; round < graphs; round++)
        {
            var resources = Enumerable.Range(0, random.Next(1, 12)).Select(i => Resource($"r{i}", RandomText(random), RandomText(random), random.Next(3) == 0 ? RandomText(random) : "", (Sensitivity)random.Next(4))).ToArray();
            var graph = ResourceGraph.Of(resources);
            for (var i = 0; i < 40; i++)
            {
                var small = Enumerable.Range(0, random.Next(1, 3)).Select(_ => RandomText(random)).ToArray();
                var large = small.Append(RandomText(random)).ToArray();
                var (less, more) = (graph.From(Union(small)), graph.From(Union(large)));
                reached += less.Reaches.Length;
                var all = Closure(large, more);
                Assert.True(all.Covers(Closure(small, less)), $"{string.Join(' ', small)} reaches more than {string.Join(' ', large)}");
                Assert.True(Triggered(more).Covers(Triggered(less)) || Triggered(less).IsEmpty);
                Assert.True((less.MostSensitive ?? (Sensitivity)(-1)) <= (more.MostSensitive ?? (Sensitivity)(-1)));
                Assert.Empty(graph.From(all).Reaches);
                Assert.Equal(Slowly(resources, small), Closure(small, less).ToString());
                Assert.All(less.Reaches, each => Assert.Equal(each.From, each.Before?.Resource ?? each.From));
            }
        }
        Assert.InRange(reached, graphs * 40 / 4, graphs * 40 * 12);
    }

    /// <summary>By comparing everything with everything until nothing is new.</summary>
    private static string Slowly(ResourceObject[] resources, string[] union)
    {
        var reached = union.Select(Of).ToList();
        for (var before = 0; before < reached.Count;)
        {
            before = reached.Count;
            reached.AddRange([.. resources.Where(resource => reached.Exists(resource.Pattern.Overlaps)).SelectMany(resource => resource.Reaches).Except(reached)]);
        }
        return Union([.. Texts(reached)]).ToString();
    }

    private static ResourceSet Closure(string[] union, ResourceReach reach) => Union([.. union, .. Texts(reach.Reaches)]);

    private static ResourceSet Triggered(ResourceReach reach) => Union([.. Texts(reach.Triggers)]);

    private static ResourceReach From(ResourceObject[] resources, params string[] union) => ResourceGraph.Of(resources).From(Union(union));

    private static IEnumerable<string> Texts(IEnumerable<ReachedResource> reached) => Texts(reached.Select(each => each.Resource));

    private static IEnumerable<string> Texts(IEnumerable<ResourcePattern> patterns) => patterns.Select(each => each.Text);

    private static ResourceSet Union(params string[] patterns) => ResourceSet.Of(patterns.Select(text => new ResourceNeed(["read"], Of(text))));

    private static ResourceObject Resource(string name, string pattern, string reaches, string triggers, Sensitivity sensitivity) => new()
    {
        Name = new ResourceName(name), Pattern = Of(pattern), Sensitivity = sensitivity,
        Reaches = reaches.Length == 0 ? [] : [Of(reaches)], Triggers = triggers.Length == 0 ? [] : [Of(triggers)],
    };

    private static string RandomText(Random random)
    {
        var segments = Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(4) switch { 0 => "*", 1 => "abc"[random.Next(3)] + "*", _ => $"{"abc"[random.Next(3)]}{"xyz"[random.Next(3)]}" }).ToList();
        if (random.Next(6) == 0) segments.Add("**");
        return string.Join('/', segments);
    }

    private static ResourcePattern Of(string text) => ResourcePattern.Parse(text, out var fault) ?? throw new ArgumentException($"{text} {fault}");
}
