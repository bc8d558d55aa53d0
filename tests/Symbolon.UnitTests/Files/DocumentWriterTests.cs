using System.Text;
using System.Text.Json;
using Symbolon.Core.Registry.Files;

namespace Symbolon.UnitTests.Files;

[Trait("area", "files")]
public sealed class DocumentWriterTests
{
    [Theory]
    [InlineData("Server")]
    [InlineData("Agent")]
    [InlineData("Workflow")]
    [InlineData("Grant")]
    [InlineData("Policy")]
    [InlineData("Resource")]
    [InlineData("Issuer")]
    public void What_is_written_reads_as_the_same_and_is_written_the_same(string kind)
    {
        var document = Documents.Read(Documents.Of(kind)).Document!;
        var text = Text(document);
        var again = Documents.Read(text).Document!;
        Assert.Equal(text, Text(again));
        Assert.True(document.SaysTheSameAs(again));
    }

    [Fact]
    public void A_number_in_a_schema_keeps_its_own_text()
    {
        var text = Text(Documents.Read(Documents.Server).Document!);
        Assert.Contains("9007199254740993", text, StringComparison.Ordinal);
        var other = Documents.Read(Documents.Server.Replace("9007199254740993", "9007199254740992", StringComparison.Ordinal)).Document!;
        Assert.False(other.SaysTheSameAs(Documents.Read(Documents.Server).Document!));
    }

    [Fact]
    public void Spacing_and_order_of_members_make_no_difference()
    {
        var one = Documents.Read(Documents.Server).Document!;
        using var json = JsonDocument.Parse(Documents.Server);
        var turned = "{" + string.Join(" ,\n", json.RootElement.EnumerateObject().Reverse().Select(member => $"\"{member.Name}\" : {member.Value.GetRawText()}")) + "}";
        Assert.True(one.SaysTheSameAs(Documents.Read(turned).Document!));
    }

    [Fact]
    public void A_number_beyond_what_the_framework_compares_equals_its_own_text_alone()
    {
        var one = Documents.Read(Documents.Server.Replace("9007199254740993", "1e99999999999", StringComparison.Ordinal)).Document!;
        Assert.True(one.SaysTheSameAs(one));
        Assert.False(one.SaysTheSameAs(Documents.Read(Documents.Server.Replace("9007199254740993", "1e99999999998", StringComparison.Ordinal)).Document!));
    }

    private static string Text(Document document) => Encoding.UTF8.GetString(DocumentWriter.Write(document).Span);
}
