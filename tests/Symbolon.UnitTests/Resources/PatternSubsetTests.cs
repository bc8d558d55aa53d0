using System.Collections;
using Symbolon.Core.Resources;
using Symbolon.Testing;

namespace Symbolon.UnitTests.Resources;

/// <summary>The subset test against what sets are: every resource of a small world counted, and random ones of a large one.</summary>
[Trait("area", "resources")]
public sealed class PatternSubsetTests
{
    /// <summary>Patterns of up to three segments over two letters; resources have a third letter, which no pattern names, alone and behind a prefix, and a fourth segment.</summary>
    private static readonly ResourcePattern[] Patterns = [.. Texts(3).Select(Of)];

    private static readonly string[] Resources =
    [
        .. Enumerable.Range(1, 4).SelectMany(depth => Paths(["a", "b", "c", "ac", "bc"], depth)),
    ];

    private static readonly Dictionary<ResourcePattern, BitArray> Sets =
        Patterns.ToDictionary(pattern => pattern, pattern => new BitArray(Resources.Select(pattern.Matches).ToArray()));

    [Fact]
    public void One_pattern_is_within_another_exactly_when_every_resource_of_it_is()
    {
        var within = 0;
        foreach (var (one, mine) in Sets)
            foreach (var (other, theirs) in Sets)
            {
                var isWithin = !new BitArray(theirs).Not().And(mine).HasAnySet();
                Assert.True(isWithin == one.IsWithin(other), $"{one} within {other}: {isWithin} by counting");
                if (isWithin) within++;
            }
        Assert.InRange(within, 2 * Patterns.Length, Patterns.Length * Patterns.Length / 2);
    }

    [Fact]
    public void Two_patterns_have_in_common_exactly_the_resources_of_both()
    {
        foreach (var (one, mine) in Sets)
            foreach (var (other, theirs) in Sets)
            {
                var both = new BitArray(mine).And(theirs);
                var found = one.Intersect(other);
                Assert.True(found is null ? !both.HasAnySet() : Same(both, Sets[found]), $"{one} and {other} have {found?.Text ?? "nothing"} in common");
            }
    }

    [Fact]
    public void A_union_in_its_shortest_form_is_the_same_union_and_no_part_of_it_is_within_another()
    {
        var random = new Random(20261121);
        for (var round = 0; round < 300; round++)
        {
            var some = random.GetItems(Patterns, random.Next(1, 20));
            var shortest = ResourceSet.Of(some.Select(pattern => new ResourceNeed(["read"], pattern))).Needs.Select(need => need.Resource).ToList();
            Assert.Equal(some.Distinct().Where(one => !some.Any(other => !other.Equals(one) && one.IsWithin(other))).Select(one => one.Text).Order(StringComparer.Ordinal), shortest.Select(one => one.Text));
        }
    }

    [Fact]
    [Trait("long", LongRun.PatternSubsets)]
    public void Of_random_patterns_none_is_within_another_that_misses_one_of_its_resources()
    {
        const int seed = 20261121;
        using var run = new LongRun(LongRun.PatternSubsets, seed);
        var random = new Random(seed);
        var (triples, within, refuted) = (TestSize.Of(100_000, 1_000_000), 0, 0);
        for (var i = 0; i < triples; i++)
        {
            var one = Of(RandomText(random));
            var other = Of(random.Next(2) == 0 ? RandomText(random) : Widened(random, one.Text));
            var resource = RandomResource(random, one);
            Assert.True(one.Matches(resource), $"{one} does not match {resource}");
            var isMatched = other.Matches(resource);
            if (!one.IsWithin(other))
            {
                if (!isMatched) refuted++;
                continue;
            }
            within++;
            Assert.True(isMatched, $"{one} is within {other}, which misses {resource}");
        }
        // Both answers came often, so that either could have been wrong.
        Assert.InRange(within, triples / 10, triples * 9 / 10);
        Assert.InRange(refuted, triples / 10, triples);
        run.Count("triples", triples);
        run.Count("within", within);
        run.Pass();
    }

    [Fact]
    public void A_union_of_ten_thousand_parts_is_made_short_without_comparing_each_with_each()
    {
        var needs = Enumerable.Range(0, 10_000).Select(i => new ResourceNeed(["read"], Of($"cluster:prod/namespace:n{i}/{(i % 2 == 0 ? "*" : "release")}"))).Append(new ResourceNeed(["read"], Of("cluster:prod/namespace:n1*/*"))).ToList();
        var union = ResourceSet.Of(needs);
        // What begins with n1 is one part: n1, n10 to n19, n100 to n199, n1000 to n1999.
        Assert.Equal(10_000 - 1_111 + 1, union.Needs.Length);
    }

    private static bool Same(BitArray one, BitArray other) => !new BitArray(one).Xor(other).HasAnySet();

    private static IEnumerable<string> Texts(int depth)
    {
        string[] segments = ["a", "b", "a*", "b*", "*"];
        return Enumerable.Range(1, depth).SelectMany(count => Paths(segments, count - 1).DefaultIfEmpty("").SelectMany(before => segments.Append("**").Select(last => before.Length == 0 ? last : $"{before}/{last}")));
    }

    private static IEnumerable<string> Paths(string[] segments, int depth) =>
        depth == 0 ? [] : depth == 1 ? segments : Paths(segments, depth - 1).SelectMany(path => segments.Select(segment => $"{path}/{segment}"));

    private static string RandomText(Random random)
    {
        var segments = Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(4) switch { 0 => "*", 1 => RandomWord(random) + "*", _ => RandomWord(random) }).ToList();
        if (random.Next(4) == 0) segments.Add("**");
        return string.Join('/', segments);
    }

    private static string RandomWord(Random random) => new(random.GetItems("ab:".AsSpan(), random.Next(1, 4)));

    /// <summary>Something at least as wide, or broken at one place.</summary>
    private static string Widened(Random random, string text)
    {
        var segments = text.Split('/');
        for (var i = 0; i < segments.Length; i++)
        {
            if (segments[i] == "**") break;
            switch (random.Next(6))
            {
                case 0: segments[i] = "*"; break;
                case 1 when segments[i] != "*": segments[i] = segments[i][..^1] + "*"; break;
                case 2 when random.Next(4) == 0: segments[i] = RandomWord(random); break;
                case 3 when random.Next(3) == 0: return string.Join('/', segments.Take(i).Append("**"));
            }
        }
        return string.Join('/', segments);
    }

    private static string RandomResource(Random random, ResourcePattern pattern) => string.Join('/', pattern.Segments.SelectMany(segment => segment.Kind switch
    {
        SegmentKind.Literal => [segment.Text],
        SegmentKind.Prefix => [segment.Text.Length > 0 && random.Next(3) == 0 ? segment.Text : segment.Text + RandomWord(random)],
        _ => Enumerable.Range(0, random.Next(1, 3)).Select(_ => RandomWord(random)),
    }));

    private static ResourcePattern Of(string text) => ResourcePattern.Parse(text, out var fault) ?? throw new ArgumentException($"{text} {fault}");
}
