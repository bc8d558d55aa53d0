using System.Text;
using Symbolon.Jose.Json;

namespace Symbolon.UnitTests.Jose;

[Trait("area", "json")]
public sealed class JsonLimitsTests
{
    [Theory]
    [InlineData('[', ']', "")]
    [InlineData('{', '}', "\"a\":")]
    public void Depth_64_is_accepted_and_65_refused(char open, char close, string before)
    {
        Assert.True(StrictJson.Scan(Nested(64)).Accepted);
        Assert.Equal(StrictJsonErrorKind.TooDeep, StrictJson.Scan(Nested(65)).Kind);
        Assert.Equal(StrictJsonErrorKind.TooDeep, StrictJson.Scan(Nested(1_000_000)).Kind);
        var deepest = new JsonLimits(JsonLimits.GreatestDepth, int.MaxValue);
        Assert.True(StrictJson.Scan(Nested(JsonLimits.GreatestDepth), deepest).Accepted);

        byte[] Nested(int depth)
        {
            var text = new StringBuilder();
            for (var i = 0; i < depth; i++) text.Append(open).Append(i + 1 < depth ? before : "");
            return Encoding.UTF8.GetBytes(text.Append(close, depth).ToString());
        }
    }

    [Fact]
    public void Members_are_counted_over_all_objects()
    {
        var limits = new JsonLimits(depth: 64, members: 3);
        Assert.True(StrictJson.Scan("""{"a":{"b":[{"c":1}]}}"""u8, limits).Accepted);
        Assert.Equal(StrictJsonErrorKind.TooManyMembers, StrictJson.Scan("""{"a":{"b":[{"c":1},{"d":1}]}}"""u8, limits).Kind);
        Assert.True(StrictJson.Scan(Distinct(10_000)).Accepted);
        Assert.Equal(StrictJsonErrorKind.TooManyMembers, StrictJson.Scan(Distinct(10_001)).Kind);
    }

    [Fact]
    public void Limits_that_were_never_set_admit_no_container_with_anything_in_it()
    {
        Assert.Equal(StrictJsonErrorKind.TooDeep, StrictJson.Scan("{}"u8, default).Kind);
        Assert.Equal(StrictJsonErrorKind.TooManyMembers, StrictJson.Scan("{\"a\":1}"u8, new(depth: 1, members: 0)).Kind);
        Assert.Throws<ArgumentOutOfRangeException>(() => new JsonLimits(JsonLimits.GreatestDepth + 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new JsonLimits(-1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new JsonLimits(1, -1));
    }

    [Theory]
    [InlineData("same-length-and-prefix-{0:D8}")]
    [InlineData("{0:D8}-same-length-and-suffix")]
    [InlineData("é{0:D8}")]
    [InlineData("\\u0041{0:D8}")]
    public void The_members_of_a_large_object_are_told_apart_without_comparing_them_one_by_one(string pattern)
    {
        // Names are compared where their hashes are equal, and sorted by hash before: distinct hashes are the work that is not done.
        var names = Enumerable.Range(0, 10_000).Select(i => Encoding.UTF8.GetBytes(string.Format(null, pattern, i))).ToList();
        var hashes = names.Select(name => NameHash.Of(name, name.Contains((byte)'\\'))).ToHashSet();
        Assert.Equal(names.Count, hashes.Count);
        Assert.True(StrictJson.Scan(Encoding.UTF8.GetBytes($"{{{string.Join(',', names.Select(name => $"\"{Encoding.UTF8.GetString(name)}\":1"))}}}")).Accepted);
    }

    [Fact]
    public void The_usual_scan_allocates_nothing()
    {
        var body = """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"n","arguments":{"é":"\u00e9","a":[1,{"b":2}]}}}"""u8;
        var outline = new JsonOutline();
        StrictJson.Scan(body, JsonLimits.Default, MemberRule.EveryObject, outline);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) StrictJson.Scan(body, JsonLimits.Default, MemberRule.EveryObject, outline);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static byte[] Distinct(int count) =>
        Encoding.UTF8.GetBytes($"{{{string.Join(',', Enumerable.Range(0, count).Select(i => $"\"m{i}\":{i}"))}}}");
}
