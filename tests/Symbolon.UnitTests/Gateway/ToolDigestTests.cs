using System.Text;
using Symbolon.Core.Tools;

namespace Symbolon.UnitTests.Gateway;

[Trait("area", "gateway")]
public sealed class ToolDigestTests
{
    private const string Tool =
        """{"name":"a","title":"A","description":"does","inputSchema":{"type":"object","properties":{"n":{"minimum":9007199254740992}}},"outputSchema":{},"annotations":{"readOnlyHint":true},"_meta":{"symbolon/needs":[{"actions":["read"]}],"x":1}}""";

    [Theory]
    [InlineData("{ \"annotations\":{\"readOnlyHint\":true}, \"name\":\"\\u0061\",\"title\":\"A\",\"description\":\"does\",\"outputSchema\":{},\"inputSchema\":{\"properties\":{\"n\":{\"minimum\":9007199254740992}},\"type\":\"object\"},\"_meta\":{\"x\":2,\"symbolon/needs\":[{\"actions\":[\"read\"]}]},\"icons\":[]}")]
    public void Order_spelling_and_what_is_not_reviewed_do_not_change_it(string same) => Assert.Equal(DigestOf(Tool), DigestOf(same));

    [Theory]
    [InlineData("\"name\":\"a\"", "\"name\":\"b\"")]
    [InlineData("\"title\":\"A\"", "\"title\":\"B\"")]
    [InlineData("does", "does!")]
    [InlineData("9007199254740992", "9007199254740993")]
    [InlineData("9007199254740992", "9007199254740992.0")]
    [InlineData("\"outputSchema\":{}", "\"outputSchema\":{\"a\":1}")]
    [InlineData("\"outputSchema\":{},", "")]
    [InlineData("true", "false")]
    [InlineData("[\"read\"]", "[\"write\"]")]
    public void Every_reviewed_part_changes_it(string part, string other) => Assert.NotEqual(DigestOf(Tool), DigestOf(Tool.Replace(part, other, StringComparison.Ordinal)));

    [Fact]
    public void It_is_SHA256_of_the_canonical_parts()
    {
        Assert.Equal("sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("""{"description":"d","name":"x"}"""u8)), DigestOf("""{"name":"x","description":"d"}"""));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"name":7}""")]
    [InlineData("""{"name":""}""")]
    [InlineData("""{"name":"with space"}""")]
    [InlineData("""{"name":"ünïcode"}""")]
    [InlineData("""{"name":"a","Name":"b"}""")]
    [InlineData("""{"name":"a","description":"x","description":"y"}""")]
    [InlineData("""{"name":"a","inputSchema":{"properties":{"p":1,"P":2}}}""")]
    public void What_is_no_usable_tool_has_none(string tool) => Assert.Null(ToolDigest.Of(Encoding.UTF8.GetBytes(tool)));

    private static string DigestOf(string tool) => ToolDigest.Of(Encoding.UTF8.GetBytes(tool))!.Text;
}
