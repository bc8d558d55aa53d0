using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Symbolon.Jose.Json;

namespace Symbolon.UnitTests.Jose;

[Trait("area", "json")]
[Trait("clause", "RFC 8785 §3.2")]
public sealed class CanonicalJsonTests
{
    public static TheoryData<string> Vectors() => ["arrays", "french", "structures", "unicode", "values", "weird"];

    [Fact]
    public void Every_vector_is_in_the_list() =>
        Assert.Equal(Vectors().Count, JoseVectors.Names("json-canonicalization/input/").Count());

    [Theory]
    [MemberData(nameof(Vectors))]
    public void The_public_vectors_come_out_byte_for_byte(string name)
    {
        var canonical = Canonical(JoseVectors.Read($"json-canonicalization/input/{name}.json"));
        Assert.Equal(Encoding.UTF8.GetString(JoseVectors.Read($"json-canonicalization/output/{name}.json")), Encoding.UTF8.GetString(canonical));
        var hex = Encoding.ASCII.GetString(JoseVectors.Read($"json-canonicalization/outhex/{name}.txt"));
        Assert.Equal(Convert.FromHexString(string.Concat(hex.Split())), canonical);
        Assert.Equal(canonical, Canonical(canonical));
        // One vector has members that fold alike, and is refused for that.
        Assert.Equal(name != "structures", CanonicalJson.IsCanonical(canonical));
    }

    [Theory]
    [Trait("clause", "RFC 8785 appendix B")]
    [InlineData(0x0000000000000000, "0")]
    [InlineData(0x8000000000000000, "0")]
    [InlineData(0x0000000000000001, "5e-324")]
    [InlineData(0x8000000000000001, "-5e-324")]
    [InlineData(0x7fefffffffffffff, "1.7976931348623157e+308")]
    [InlineData(0xffefffffffffffff, "-1.7976931348623157e+308")]
    [InlineData(0x4340000000000000, "9007199254740992")]
    [InlineData(0xc340000000000000, "-9007199254740992")]
    [InlineData(0x4430000000000000, "295147905179352830000")]
    [InlineData(0x44b52d02c7e14af5, "9.999999999999997e+22")]
    [InlineData(0x44b52d02c7e14af6, "1e+23")]
    [InlineData(0x44b52d02c7e14af7, "1.0000000000000001e+23")]
    [InlineData(0x444b1ae4d6e2ef4e, "999999999999999700000")]
    [InlineData(0x444b1ae4d6e2ef4f, "999999999999999900000")]
    [InlineData(0x444b1ae4d6e2ef50, "1e+21")]
    [InlineData(0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7")]
    [InlineData(0x3eb0c6f7a0b5ed8d, "0.000001")]
    [InlineData(0x41b3de4355555553, "333333333.3333332")]
    [InlineData(0x41b3de4355555554, "333333333.33333325")]
    [InlineData(0x41b3de4355555555, "333333333.3333333")]
    [InlineData(0x41b3de4355555556, "333333333.3333334")]
    [InlineData(0x41b3de4355555557, "333333333.33333343")]
    [InlineData(0xbecbf647612f3696, "-0.0000033333333333333333")]
    [InlineData(0x43143ff3c1cb0959, "1424953923781206.2")]
    public void The_numbers_of_appendix_B_are_written_as_it_says(ulong bits, string expected)
    {
        var exact = BitConverter.UInt64BitsToDouble(bits).ToString("E16", CultureInfo.InvariantCulture);
        Assert.Equal(expected, Canonical(exact));
    }

    [Theory]
    [InlineData("1.0", "1")]
    [InlineData("-0", "0")]
    [InlineData("-0.0e5", "0")]
    [InlineData("1E3", "1000")]
    [InlineData("0.00001", "0.00001")]
    [InlineData("0.0000001", "1e-7")]
    [InlineData("100000000000000000000", "100000000000000000000")]
    [InlineData("1e-400", "0")]
    [InlineData("9007199254740993", "9007199254740992")]
    [InlineData("0.1000000000000000055511151231257827", "0.1")]
    [InlineData("123456789012345680000", "123456789012345680000")]
    [InlineData("-12.5e-1", "-1.25")]
    public void A_number_becomes_the_nearest_double_in_the_fewest_digits(string text, string expected) =>
        Assert.Equal(expected, Canonical(text));

    [Theory]
    [InlineData("1e400")]
    [InlineData("[1,-1e309]")]
    [InlineData("{\"b\":1,\"a\":{\"c\":1e999999999}}")]
    public void A_number_beyond_the_doubles_has_no_canonical_form_and_nothing_is_written(string text)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.False(CanonicalJson.TryWrite(Encoding.UTF8.GetBytes(text), NumberForm.Es6, output));
        Assert.Equal(0, output.WrittenCount);
        Assert.True(CanonicalJson.TryWrite(Encoding.UTF8.GetBytes(text), NumberForm.AsWritten, output));
    }

    [Fact]
    public void Numbers_as_written_keep_what_a_double_would_lose()
    {
        Assert.Equal(
            """{"a":[9007199254740993,9007199254740992,1.0,1e400,-0],"b":"\n"}""",
            Canonical("""{ "b" : "\u000a", "a" : [9007199254740993, 9007199254740992, 1.0, 1e400, -0] }""", NumberForm.AsWritten));
    }

    [Theory]
    [InlineData(
        """{"\uD83D\uDE00":1,"\uFB33":2,"\r":3,"1":4,"\u0080":5,"\u00f6":6,"\u20ac":7,"</script>":8}""",
        "{\"\\r\":3,\"1\":4,\"</script>\":8,\"\u0080\":5,\"\u00f6\":6,\"\u20ac\":7,\"\U0001F600\":1,\"\uFB33\":2}")]
    [InlineData("""{"b":{"d":1,"c":[{"z":1,"y":2}]},"a":{}}""", """{"a":{},"b":{"c":[{"y":2,"z":1}],"d":1}}""")]
    [InlineData("""{"aa":1,"a":2,"":3}""", """{"":3,"a":2,"aa":1}""")]
    [InlineData("""{"B":1,"a":2,"A":{}}""", """{"A":{},"B":1,"a":2}""", true)]
    public void Members_are_ordered_by_UTF16_code_units_at_every_depth(string text, string expected, bool foldsAlike = false)
    {
        // The order itself is total over names that fold alike; whether such a text may be accepted is the scan's business.
        Assert.Equal(!foldsAlike, StrictJson.Scan(Encoding.UTF8.GetBytes(text)).Accepted);
        Assert.Equal(expected, Canonical(text));
    }

    [Fact]
    public void Strings_are_escaped_only_where_JSON_demands_it() =>
        Assert.Equal(
            "\"/\\\"\\\\\\b\\f\\n\\r\\t\\u0000\\u001f\u007fé😀\u2028\"",
            Canonical("\"\\/\\\"\\\\\\u0008\\u000C\\u000A\\u000D\\u0009\\u0000\\u001F\\u007F\\u00E9\\uD83D\\uDE00\\u2028\""));

    [Fact]
    public void An_object_of_many_members_in_reverse_is_sorted_whole()
    {
        var names = Enumerable.Range(0, 3_000).Select(i => $"m{i:D5}").ToArray();
        var reversed = $"{{{string.Join(',', names.Reverse().Select(name => $"\"{name}\" : {{\"b\":1,\"a\":2}}"))}}}";
        Assert.Equal($"{{{string.Join(',', names.Select(name => $"\"{name}\":{{\"a\":2,\"b\":1}}"))}}}", Canonical(reversed));
    }

    [Fact]
    public void The_deepest_text_that_can_be_accepted_has_a_canonical_form()
    {
        const int depth = JsonLimits.GreatestDepth;
        var text = string.Concat(Enumerable.Repeat("{\"b\":[],\"a\": ", depth - 1)) + "{}" + new string('}', depth - 1);
        Assert.True(StrictJson.Scan(Encoding.UTF8.GetBytes(text), new(depth, int.MaxValue)).Accepted);
        var expected = string.Concat(Enumerable.Repeat("{\"a\":", depth - 1)) + "{}" + string.Concat(Enumerable.Repeat(",\"b\":[]}", depth - 1));
        Assert.Equal(expected, Canonical(text));
    }

    [Theory]
    [InlineData("{ }")]
    [InlineData("{\"b\":1,\"a\":2}")]
    [InlineData("[1.0]")]
    [InlineData("[9007199254740993]")]
    [InlineData("\"\\u0041\"")]
    [InlineData("\"\\u000a\"")]
    [InlineData("\"\\u001F\"")]
    [InlineData("{\"a\":1,\"a\":1}")]
    [InlineData("1e400")]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("{}\n")]
    public void A_text_with_another_canonical_form_or_none_is_not_canonical(string text) =>
        Assert.False(CanonicalJson.IsCanonical(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void The_canonical_form_of_any_accepted_text_means_the_same_and_is_its_own()
    {
        var random = new Random(5);
        for (var i = 0; i < 3_000; i++)
        {
            var text = JsonMutations.Next(random);
            if (!StrictJson.Scan(text).Accepted) continue;
            var canonical = Canonical(text, NumberForm.AsWritten);
            Assert.True(StrictJson.Scan(canonical).Accepted);
            Assert.InRange(canonical.Length, 1, text.Length);
            Assert.Equal(canonical, Canonical(canonical, NumberForm.AsWritten));
            using var before = JsonDocument.Parse(text);
            using var after = JsonDocument.Parse(canonical);
            AssertSameInOrder(before.RootElement, after.RootElement);
        }
    }

    private static void AssertSameInOrder(JsonElement before, JsonElement after)
    {
        Assert.Equal(before.ValueKind, after.ValueKind);
        if (before.ValueKind == JsonValueKind.String) Assert.Equal(before.GetString(), after.GetString());
        else if (before.ValueKind == JsonValueKind.Array)
        {
            Assert.Equal(before.GetArrayLength(), after.GetArrayLength());
            foreach (var (one, other) in before.EnumerateArray().Zip(after.EnumerateArray(), ValueTuple.Create)) AssertSameInOrder(one, other);
        }
        else if (before.ValueKind == JsonValueKind.Object)
        {
            var names = before.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal);
            Assert.Equal(names, after.EnumerateObject().Select(member => member.Name));
            foreach (var member in before.EnumerateObject()) AssertSameInOrder(member.Value, after.GetProperty(member.Name));
        }
        else Assert.Equal(before.GetRawText(), after.GetRawText());
    }

    private static byte[] Canonical(byte[] text, NumberForm numbers = NumberForm.Es6)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.True(CanonicalJson.TryWrite(text, numbers, output));
        return output.WrittenSpan.ToArray();
    }

    private static string Canonical(string text, NumberForm numbers = NumberForm.Es6) =>
        Encoding.UTF8.GetString(Canonical(Encoding.UTF8.GetBytes(text), numbers));
}
