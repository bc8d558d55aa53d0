using System.Buffers;
using System.Text;
using Symbolon.Jose.Json;

namespace Symbolon.UnitTests.Jose;

[Trait("area", "json")]
public sealed class CanonicalJsonWriterTests
{
    [Fact]
    public void A_record_written_by_hand_is_canonical()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new CanonicalJsonWriter(output);
        writer.StartObject();
        writer.Member("actor"u8, "release-bot");
        writer.StartArray("chain"u8);
        writer.Item("alice");
        writer.Item("bot\t😀"u8);
        writer.EndArray();
        writer.StartObject("empty"u8);
        writer.EndObject();
        writer.MemberRaw("inner"u8, """{"a":1}"""u8);
        writer.Member("ok"u8, true);
        writer.StartObject("tool"u8);
        writer.Member("name"u8, "\"q\\\u001f/é"u8);
        writer.Member("time"u8, -1_700_000_000_000_000);
        writer.EndObject();
        writer.EndObject();

        Assert.Equal(
            """{"actor":"release-bot","chain":["alice","bot\t😀"],"empty":{},"inner":{"a":1},"ok":true,"tool":{"name":"\"q\\\u001f/é","time":-1700000000000000}}""",
            Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.True(CanonicalJson.IsCanonical(output.WrittenSpan));
    }

    [Fact]
    public void Text_from_outside_cannot_make_the_record_invalid()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new CanonicalJsonWriter(output);
        writer.StartObject();
        writer.Member("a"u8, [(byte)'x', 0xFF, 0xC3, (byte)'"', 0xED, 0xA0, 0x80]);
        writer.Member("b"u8, "\uD800,\"\0\"\uDC00");
        writer.EndObject();
        Assert.True(CanonicalJson.IsCanonical(output.WrittenSpan));
        Assert.Contains("\"b\":\"\uFFFD,\\\"\\u0000\\\"\uFFFD\"", Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("é")]
    [InlineData("😀")]
    [InlineData("\u0001")]
    [InlineData("\"")]
    public void A_character_that_needs_more_room_than_is_left_is_written_where_it_belongs(string character)
    {
        for (var before = 200; before < 300; before++)
        {
            var text = new string('x', before) + string.Concat(Enumerable.Repeat(character, 200));
            var output = new ArrayBufferWriter<byte>(1);
            var writer = new CanonicalJsonWriter(output);
            writer.StartObject();
            writer.Member("a"u8, text);
            writer.Member("b"u8, Encoding.UTF8.GetBytes(text));
            writer.EndObject();
            Assert.True(CanonicalJson.IsCanonical(output.WrittenSpan));
            using var read = System.Text.Json.JsonDocument.Parse(output.WrittenMemory);
            Assert.Equal((text, text), (read.RootElement.GetProperty("a").GetString(), read.RootElement.GetProperty("b").GetString()));
        }
    }

    [Fact]
    public void Items_of_every_kind_follow_names_and_one_another()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new CanonicalJsonWriter(output);
        writer.StartObject();
        writer.Name("a");
        writer.StartArray();
        writer.Item(-1);
        writer.Item(true);
        writer.ItemNull();
        writer.StartArray();
        writer.EndArray();
        writer.StartObject();
        writer.EndObject();
        writer.EndArray();
        writer.Name("b\"é");
        writer.Item(false);
        writer.EndObject();
        Assert.Equal("""{"a":[-1,true,null,[],{}],"b\"é":false}""", Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.True(CanonicalJson.IsCanonical(output.WrittenSpan));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(254)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(5000)]
    public void Records_of_any_size_follow_one_another_whole(int length)
    {
        var output = new ArrayBufferWriter<byte>(1);
        var writer = new CanonicalJsonWriter(output);
        for (var i = 0; i < 3; i++)
        {
            var start = output.WrittenCount;
            writer.StartObject();
            writer.Member("chars"u8, new string('x', length) + "\"é");
            writer.Member("utf8"u8, Encoding.UTF8.GetBytes(new string('y', length) + "é\n"));
            writer.EndObject();
            Assert.True(CanonicalJson.IsCanonical(output.WrittenSpan[start..]));
        }
    }

    [Theory]
    [InlineData(CanonicalJsonWriter.GreatestInteger, true)]
    [InlineData(-CanonicalJsonWriter.GreatestInteger, true)]
    [InlineData(CanonicalJsonWriter.GreatestInteger + 1, false)]
    [InlineData(long.MaxValue, false)]
    [InlineData(long.MinValue, false)]
    public void An_integer_that_a_double_cannot_carry_is_an_error_of_the_caller(long value, bool fits)
    {
        var output = new ArrayBufferWriter<byte>();
        if (!fits) Assert.Throws<ArgumentOutOfRangeException>(Write);
        else
        {
            Write();
            Assert.True(CanonicalJson.IsCanonical(output.WrittenSpan));
        }

        void Write()
        {
            var writer = new CanonicalJsonWriter(output);
            writer.StartObject();
            writer.Member("n"u8, value);
            writer.EndObject();
        }
    }
}
