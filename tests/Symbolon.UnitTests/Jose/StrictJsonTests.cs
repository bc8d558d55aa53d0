using System.Text;
using Symbolon.Jose.Json;

namespace Symbolon.UnitTests.Jose;

[Trait("area", "json")]
public sealed class StrictJsonTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData(" \t\r\n[ ] \n")]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("""{"a":[true,false,null,-0,0.5,1E+2,1e-2,10]}""")]
    [InlineData("""{"a":{"a":{"a":1}},"b":{"a":2}}""")]
    [InlineData("""["\u0000\"\\\/\b\f\n\r\t\uD83D\uDE00é😀"]""")]
    public void A_text_of_the_grammar_is_accepted(string text) =>
        Assert.True(StrictJson.Scan(Encoding.UTF8.GetBytes(text)).Accepted);

    [Theory]
    [InlineData("", 0)]
    [InlineData("  ", 2)]
    [InlineData("\uFEFF{}", 0)]
    [InlineData("{\"a\":1,}", 7)]
    [InlineData("[1,]", 3)]
    [InlineData("[,1]", 1)]
    [InlineData("[1 2]", 3)]
    [InlineData("{\"a\" 1}", 5)]
    [InlineData("{a:1}", 1)]
    [InlineData("{\"a\":}", 5)]
    [InlineData("[1", 2)]
    [InlineData("\"abc", 4)]
    [InlineData("\"\\x\"", 1)]
    [InlineData("\"\\u12G4\"", 1)]
    [InlineData("\"\\u12", 1)]
    [InlineData("[+1]", 1)]
    [InlineData("[01]", 2)]
    [InlineData("[.5]", 1)]
    [InlineData("[1.]", 1)]
    [InlineData("[1e]", 1)]
    [InlineData("[-]", 1)]
    [InlineData("[NaN]", 1)]
    [InlineData("[tru]", 1)]
    [InlineData("[True]", 1)]
    [InlineData("['a']", 1)]
    [InlineData("[1]//c", 3, StrictJsonErrorKind.TrailingContent)]
    [InlineData("{}{}", 2, StrictJsonErrorKind.TrailingContent)]
    [InlineData("{}\0", 2, StrictJsonErrorKind.TrailingContent)]
    [InlineData("01", 1, StrictJsonErrorKind.TrailingContent)]
    [InlineData("[\"a\nb\"]", 3, StrictJsonErrorKind.ControlCharacter)]
    [InlineData("[\"0123456789abcdefgh\u001f\"]", 20, StrictJsonErrorKind.ControlCharacter)]
    [InlineData("{\"\0\":1}", 2, StrictJsonErrorKind.ControlCharacter)]
    public void Anything_else_is_refused_where_it_stops_being_JSON(
        string text, int offset, StrictJsonErrorKind kind = StrictJsonErrorKind.Malformed) =>
        Assert.Equal(new StrictJsonError(kind, offset), StrictJson.Scan(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("80")]
    [InlineData("C3")]
    [InlineData("C328")]
    [InlineData("C080")]
    [InlineData("C1BF")]
    [InlineData("E08080")]
    [InlineData("E282")]
    [InlineData("EDA080")]
    [InlineData("EDBFBF")]
    [InlineData("F0808080")]
    [InlineData("F09F98")]
    [InlineData("F4908080")]
    [InlineData("F5808080")]
    [InlineData("FE")]
    [InlineData("FF")]
    public void Bytes_that_are_no_UTF8_are_refused_in_names_and_in_values(string hex)
    {
        var bad = Convert.FromHexString(hex);
        byte[] value = [.. "{\"a\":\""u8, .. bad, .. "\"}"u8];
        byte[] name = [.. "{\""u8, .. bad, .. "\":1}"u8];
        Assert.Equal(new StrictJsonError(StrictJsonErrorKind.InvalidUtf8, 6), StrictJson.Scan(value));
        Assert.Equal(new StrictJsonError(StrictJsonErrorKind.InvalidUtf8, 2), StrictJson.Scan(name));
    }

    [Theory]
    [InlineData("\\uD800")]
    [InlineData("\\udfff")]
    [InlineData("\\uD800\\uD800")]
    [InlineData("\\uD800x")]
    [InlineData("\\uD83D\\n")]
    [InlineData("\\uDE00\\uD83D")]
    [InlineData("\\uD83D😀")]
    public void Half_a_surrogate_pair_is_refused_in_names_and_in_values(string half)
    {
        Assert.Equal(new StrictJsonError(StrictJsonErrorKind.LoneSurrogate, 2), StrictJson.Scan(Encoding.UTF8.GetBytes($"[\"{half}\"]")));
        Assert.Equal(new StrictJsonError(StrictJsonErrorKind.LoneSurrogate, 2), StrictJson.Scan(Encoding.UTF8.GetBytes($"{{\"{half}\":1}}")));
    }

    [Fact]
    public void A_fault_is_found_at_every_place_of_a_block()
    {
        for (var length = 0; length < 70; length++)
        {
            var text = Encoding.UTF8.GetBytes($"\"{new string('a', length)}\u0001{new string('b', 40)}\"");
            Assert.Equal(new StrictJsonError(StrictJsonErrorKind.ControlCharacter, length + 1), StrictJson.Scan(text));
            text = Encoding.UTF8.GetBytes($"\"{new string('a', length)}\"{new string(' ', 40)}");
            Assert.True(StrictJson.Scan(text).Accepted);
            Assert.Equal(length + 2, JsonValue.Root(text).Length);
        }
    }

    [Theory]
    [InlineData("{\"a\":[1,2")]
    [InlineData("{\"a\":\"b")]
    [InlineData("[\"\\")]
    public void Walking_a_text_that_was_never_accepted_ends_in_an_error_and_not_in_a_circle(string text)
    {
        Assert.ThrowsAny<SystemException>(() =>
        {
            foreach (var member in JsonValue.Root(Encoding.UTF8.GetBytes(text)).Members) _ = member.Name;
            foreach (var item in JsonValue.Root(Encoding.UTF8.GetBytes(text)).Items) _ = item.Length;
        });
    }
}
