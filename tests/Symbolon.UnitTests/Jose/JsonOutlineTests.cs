using System.Text;
using Symbolon.Jose.Json;

namespace Symbolon.UnitTests.Jose;

[Trait("area", "json")]
public sealed class JsonOutlineTests
{
    private const string Call =
        """
         {"jsonrpc":"2.0", "id" : "a\u0031", "method":"tools/call",
          "params":{"_meta":{"progressToken":5,"deep":{"x":1}},"name":"delete_release","arguments":{ "namespace" :"checkout", "n":[{"name":"no"}]} },
          "extra":[{"id":2}]}
        """;

    [Fact]
    public void A_call_is_read_from_the_outline_of_one_scan()
    {
        var text = Encoding.UTF8.GetBytes(Call);
        var outline = new JsonOutline();
        Assert.True(StrictJson.Scan(text, JsonLimits.Default, MemberRule.EveryObject, outline).Accepted);
        Assert.True(outline.TryGetRoot(text, out var root));

        Assert.True(root.TryGet("id"u8, out var id));
        Assert.Equal("\"a\\u0031\"", Encoding.UTF8.GetString(id.Raw));
        Assert.True(id.TextEquals("a1"u8));
        Assert.False(id.TryGetPlainText(out _));
        Assert.True(root.TryGet("method"u8, out var method) && method.TryGetPlainText(out var plain) && plain.SequenceEqual("tools/call"u8));
        Assert.False(root.TryGet("name"u8, out _));
        Assert.False(root.TryGetObject("method"u8, out _));
        Assert.False(root.TryGetObject("extra"u8, out _));

        Assert.True(root.TryGetObject("params"u8, out var parameters));
        Assert.True(parameters.TryGet("name"u8, out var name) && name.TextEquals("delete_release"u8));
        Assert.True(parameters.TryGet("arguments"u8, out var arguments));
        Assert.Equal("""{ "namespace" :"checkout", "n":[{"name":"no"}]}""", Encoding.UTF8.GetString(text.AsSpan(arguments.Offset, arguments.Length)));

        Assert.True(parameters.TryGetObject("_meta"u8, out var meta));
        Assert.True(meta.TryGet("progressToken"u8, out var token) && token.TryGetInt64(out var number) && number == 5);
        Assert.True(meta.TryGet("deep"u8, out var deep) && deep.TryGetMember("x"u8, out var x) && x.Value.TryGetInt64(out _));
    }

    [Fact]
    public void An_object_below_the_outline_is_never_taken_for_an_empty_one()
    {
        var text = Encoding.UTF8.GetBytes(Call);
        var outline = new JsonOutline();
        StrictJson.Scan(text, JsonLimits.Default, MemberRule.EveryObject, outline);
        Assert.Throws<InvalidOperationException>(() => outline.TryGetRoot(text, out var root)
            && root.TryGetObject("params"u8, out var parameters)
            && parameters.TryGetObject("_meta"u8, out var meta)
            && meta.TryGetObject("deep"u8, out _));
    }

    [Fact]
    public void Members_come_in_the_order_of_the_text()
    {
        var text = Encoding.UTF8.GetBytes(Call);
        var outline = new JsonOutline();
        StrictJson.Scan(text, JsonLimits.Default, MemberRule.EveryObject, outline);
        outline.TryGetRoot(text, out var root);
        Assert.Equal(["jsonrpc", "id", "method", "params", "extra"], Names(root));
        root.TryGetObject("params"u8, out var parameters);
        Assert.Equal(["_meta", "name", "arguments"], Names(parameters));
        Assert.Empty(Names(default));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("{\"a\":1")]
    [InlineData("{\"a\":1,\"A\":2}")]
    [InlineData("")]
    public void An_outline_of_a_refused_text_or_of_no_object_has_no_root(string text)
    {
        var outline = new JsonOutline();
        StrictJson.Scan("{\"before\":1}"u8, JsonLimits.Default, MemberRule.EveryObject, outline);
        var bytes = Encoding.UTF8.GetBytes(text);
        StrictJson.Scan(bytes, JsonLimits.Default, MemberRule.EveryObject, outline);
        Assert.False(outline.TryGetRoot(bytes, out _));
    }

    [Fact]
    public void An_outline_grows_and_serves_one_text_after_another()
    {
        var outline = new JsonOutline();
        foreach (var count in new[] { 1, 33, 5000, 2 })
        {
            var text = Encoding.UTF8.GetBytes($"{{\"o\":{{{string.Join(',', Enumerable.Range(0, count).Select(i => $"\"m{i}\":{i}"))}}},\"last\":true}}");
            Assert.True(StrictJson.Scan(text, JsonLimits.Default, MemberRule.EveryObject, outline).Accepted);
            Assert.True(outline.TryGetRoot(text, out var root));
            Assert.True(root.TryGet("last"u8, out var last) && last.Kind == JsonKind.True);
            Assert.True(root.TryGetObject("o"u8, out var inner));
            Assert.Equal(count, Names(inner).Count);
            Assert.True(inner.TryGet(Encoding.UTF8.GetBytes($"m{count - 1}"), out var value) && value.TryGetInt64(out var number) && number == count - 1);
            Assert.False(inner.TryGet("last"u8, out _));
        }
    }

    [Theory]
    [InlineData("0", true, 0)]
    [InlineData("-9223372036854775808", true, long.MinValue)]
    [InlineData("9223372036854775807", true, long.MaxValue)]
    [InlineData("9223372036854775808", false, 0)]
    [InlineData("1.0", false, 0)]
    [InlineData("1e2", false, 0)]
    [InlineData("\"1\"", false, 0)]
    [InlineData("null", false, 0)]
    public void Only_a_whole_number_that_fits_is_an_int64(string text, bool fits, long expected)
    {
        Assert.Equal(fits, JsonValue.Root(Encoding.UTF8.GetBytes(text)).TryGetInt64(out var value));
        if (fits) Assert.Equal(expected, value);
    }

    [Fact]
    public void Text_is_decoded_into_a_buffer_that_is_large_enough()
    {
        var value = JsonValue.Root("\"a\\u00e9\\uD83D\\uDE00\\n\""u8);
        Span<byte> buffer = stackalloc byte[8];
        Assert.True(value.TryGetText(buffer, out var written));
        Assert.True(buffer[..written].SequenceEqual("aé😀\n"u8));
        Assert.False(value.TryGetText(buffer[..7], out _));
        Assert.False(JsonValue.Root("\"plain\""u8).TryGetText(buffer[..4], out _));
        Assert.False(JsonValue.Root("12"u8).TryGetText(buffer, out _));
    }

    private static List<string> Names(OutlinedObject of)
    {
        var names = new List<string>();
        foreach (var member in of) names.Add(member.Name);
        return names;
    }
}
