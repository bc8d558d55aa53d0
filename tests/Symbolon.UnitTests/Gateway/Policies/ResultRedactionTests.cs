using System.Text;
using System.Text.Json;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Policies;

namespace Symbolon.UnitTests.Gateway.Policies;

/// <summary>Members that a rule takes out of results, wherever a server may have put them.</summary>
[Trait("area", "gateway")]
public sealed class ResultRedactionTests
{
    [Theory]
    [InlineData("""{"structuredContent":{"result":"{\"ssn\":\"078\"}"}}""")]
    [InlineData("""{"structuredContent":{"rows":["[{\"ssn\":\"078\"}]"]}}""")]
    [InlineData("""{"structuredContent":{"result":"\ufeff \u00a0 {\"ssn\":\"078\"}"}}""")]
    [InlineData("""{"structuredContent":{"result":"\"{\\\"ssn\\\":\\\"078\\\"}\""}}""")]
    [InlineData("""{"structuredContent":{"customer":"{\"card\":\"078\"}"}}""")]
    [InlineData("""{"content":[{"type":"text","text":"{\"inner\":\"{\\\"ssn\\\":\\\"078\\\"}\"}"}]}""")]
    [InlineData("""{"content":[{"type":"resource_link","uri":"file:///a","name":"{\"ssn\":\"078\"}"}]}""")]
    [InlineData("""{"content":[{"type":"resource_link","uri":"data:text/plain,078","name":"n"}]}""")]
    [InlineData("""{"content":[],"_meta":{"trace":"{\"ssn\":\"078\"}"}}""")]
    [InlineData("""{"structuredContent":{"result":"{\"ssn\":\"078\""}}""")]
    [InlineData("""{"structuredContent":{"result":"{\"ssn\":\"078\",\"ssn\":\"078\"}"}}""")]
    public void A_text_that_holds_json_is_looked_into_wherever_it_is(string result)
    {
        var written = Written($$"""{"jsonrpc":"2.0","id":1,"result":{{result}}}""");
        Assert.DoesNotContain("078", written, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_that_are_no_json_stay_outside_of_content()
    {
        var written = Written("""{"jsonrpc":"2.0","id":1,"result":{"content":[],"structuredContent":{"name":"n","note":"a {b}","list":"{\"a\":1}"}}}""");
        Assert.Equal("""{"name":"n","note":"a {b}","list":"{\"a\":1}"}""", Canonical(JsonDocument.Parse(written).RootElement.GetProperty("result").GetProperty("structuredContent")));
    }

    [Fact]
    public void Json_in_texts_in_json_without_end_is_withheld()
    {
        var text = """{"ssn":"078"}""";
        for (var i = 0; i < 12; i++) text = $$"""{"a":{{JsonSerializer.Serialize(text)}}}""";
        var written = Written($$$"""{"jsonrpc":"2.0","id":1,"result":{"structuredContent":{{{text}}}}}""");
        Assert.DoesNotContain("078", written, StringComparison.Ordinal);
        Assert.Contains("withheld", written, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"078-05-1120\"", false)]
    [InlineData("[\"078-05-1120\"]", false)]
    [InlineData("{\"ssn\":\"078-05-1120\",\"kind\":\"k\"}", true)]
    public void An_error_keeps_its_code_and_what_can_be_looked_into(string data, bool isKept)
    {
        var written = Written($$$"""{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"no such ssn 078-05-1120","data":{{{data}}},"more":"078"}}""");
        Assert.DoesNotContain("078", written, StringComparison.Ordinal);
        var error = JsonDocument.Parse(written).RootElement.GetProperty("error");
        Assert.Equal(-32000, error.GetProperty("code").GetInt32());
        Assert.Equal(isKept ? "k" : null, error.TryGetProperty("data", out var kept) ? kept.GetProperty("kind").GetString() : null);
    }

    [Fact]
    public void Nothing_beside_the_answer_passes()
    {
        var written = Written("""{"jsonrpc":"2.0","id":1,"result":{},"note":"078","params":{"ssn":"078"}}""");
        Assert.Equal("""{"jsonrpc":"2.0","id":1,"result":{}}""", written);
    }

    [Theory]
    [InlineData("""{"content":[{"type":"text","text":"\ud800"}]}""")]
    [InlineData("""{"structuredContent":{"\ud800":1}}""")]
    [InlineData("""{"structuredContent":{"a":"{\"\\ud800\":\"078\"}"}}""")]
    public void Half_a_character_passes_nothing(string result)
    {
        var to = new ByteBuffer();
        if (ResultRedaction.TryWrite(Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":1,"result":{{result}}}"""), ["ssn"], to))
            Assert.DoesNotContain("078", Encoding.UTF8.GetString(to.Span), StringComparison.Ordinal);
    }

    private static string Canonical(JsonElement element) => element.GetRawText().Replace("\\u0022", "\\\"", StringComparison.Ordinal);

    private static string Written(string answer)
    {
        var to = new ByteBuffer();
        Assert.True(ResultRedaction.TryWrite(Encoding.UTF8.GetBytes(answer), ["ssn", "customer.card"], to));
        return Encoding.UTF8.GetString(to.Span);
    }
}
