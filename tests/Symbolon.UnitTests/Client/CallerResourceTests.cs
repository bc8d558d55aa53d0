using System.Text;
using System.Text.Json.Nodes;
using Symbolon.Client.Callers;
using Symbolon.Core.Resources;
using Symbolon.Jose.Json;

namespace Symbolon.UnitTests.Client;

/// <summary>What a token lets its bearer do with a resource, the same at an API as in Symbolon.</summary>
[Trait("area", "client")]
public sealed class CallerResourceTests
{
    private static readonly string[] Parts = ["a", "a", "ab", "aa", "A", "x.y", "n:é"];
    private static readonly string[] PatternParts = ["a", "ab", "A", "*", "*", "*", "a*", "a*", "ab*", "n:*", "x.y", "x.*"];

    [Theory]
    [InlineData("docs/*", "docs/a", true)]
    [InlineData("docs/*", "docs/a/b", false)]
    [InlineData("docs/*", "docs", false)]
    [InlineData("docs/**", "docs/a/b/c", true)]
    [InlineData("docs/**", "docs", false)]
    [InlineData("docs/a*", "docs/ab", true)]
    [InlineData("docs/a*", "docs/a", true)]
    [InlineData("docs/a*", "docs/ba", false)]
    [InlineData("docs/a", "Docs/a", false)]
    [InlineData("**", "anything/at/all", true)]
    [InlineData("docs/*", "docs/..", false)]
    [InlineData("docs/**", "docs/../secrets", false)]
    [InlineData("docs/**", "docs/a..b", false)]
    [InlineData("docs/**", "docs//a", false)]
    [InlineData("docs/**", "docs/", false)]
    [InlineData("docs/**", "docs/./a", false)]
    [InlineData("docs/**", "docs/*", false)]
    [InlineData("docs/**", "docs/a\\b", false)]
    [InlineData("docs/**", "docs/a\0", false)]
    [InlineData("docs/**", "", false)]
    public void A_detail_stands_for_these_resources(string pattern, string resource, bool allowed)
    {
        var caller = CallerWith((["read"], pattern));
        Assert.Equal(allowed, caller.Allows("read", resource));
        Assert.False(caller.Allows("write", resource));
        Assert.False(caller.Allows("READ", resource));
    }

    [Fact]
    public void A_caller_without_details_may_do_nothing() => Assert.False(CallerWith().Allows("read", "docs/a"));

    [Fact]
    public void It_is_what_Symbolon_itself_decides_over_random_patterns_and_resources()
    {
        var random = new Random(20261122);
        var (allowed, refused) = (0, 0);
        for (var round = 0; round < 20_000; round++)
        {
            var details = Enumerable.Range(0, random.Next(1, 4)).Select(_ => (Actions: Actions(random), Pattern: Pattern(random))).ToArray();
            var set = ResourceSet.Of(details.Select(detail => new ResourceNeed([.. detail.Actions], Symbolon.Core.Resources.ResourcePattern.Parse(detail.Pattern, out _)!)));
            var caller = CallerWith(details);
            for (var i = 0; i < 5; i++)
            {
                var resource = string.Join('/', Enumerable.Range(0, random.Next(1, 4)).Select(_ => Parts[random.Next(Parts.Length)]));
                var action = random.Next(2) == 0 ? "read" : "write";
                var expected = set.Needs.Any(need => need.Actions.Contains(action) && need.Resource.Matches(resource));
                Assert.True(expected == caller.Allows(action, resource), $"{set} and {action}:{resource}");
                if (expected) allowed++;
                else refused++;
            }
        }
        Assert.True(allowed > 5_000 && refused > 5_000, $"{allowed} allowed, {refused} refused: the patterns say nothing.");
    }

    [Fact]
    public void A_pattern_that_Symbolon_refuses_is_none_here_either()
    {
        var random = new Random(7);
        string[] odd = ["", "*", "**", "a*b", "*a", "{x}", "a{x}", "..", ".", "a..b", "a", "b*", "}", "{", ".*", "a**"];
        var refused = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var text = string.Join('/', Enumerable.Range(0, random.Next(1, 5)).Select(_ => odd[random.Next(odd.Length)]));
            var core = Symbolon.Core.Resources.ResourcePattern.Parse(text, out _);
            var expected = core is not null && !core.Arguments.Any();
            Assert.True(expected == (Symbolon.Client.Callers.ResourcePattern.Parse(text) is not null), text);
            if (!expected) refused++;
        }
        Assert.InRange(refused, 5_000, 19_500);
    }

    private static SymbolonCaller CallerWith(params (string[] Actions, string Pattern)[] details) => new()
    {
        Subject = "alice@example.com", Actors = [], ClientId = "x", Scopes = [], TokenId = "tok_1",
        Details = details.Length == 0 ? [] : Read(new JsonArray([.. details.Select(detail => new JsonObject
        {
            ["type"] = "symbolon_resource", ["actions"] = new JsonArray([.. detail.Actions.Select(action => (JsonNode)action)]), ["resource"] = detail.Pattern,
        })])),
    };

    private static System.Collections.Immutable.ImmutableArray<ResourceDetail> Read(JsonArray details)
    {
        var text = Encoding.UTF8.GetBytes(details.ToJsonString());
        Assert.True(StrictJson.Scan(text).Accepted);
        return ResourceDetail.ReadAll(Symbolon.Jose.Json.JsonValue.Root(text)) ?? throw new InvalidOperationException(details.ToJsonString());
    }

    private static string[] Actions(Random random) => random.Next(3) switch { 0 => ["read"], 1 => ["write"], _ => ["read", "write"] };

    private static string Pattern(Random random)
    {
        var parts = Enumerable.Range(0, random.Next(1, 4)).Select(_ => PatternParts[random.Next(PatternParts.Length)]).ToList();
        if (random.Next(4) == 0) parts.Add("**");
        return string.Join('/', parts);
    }
}
