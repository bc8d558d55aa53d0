using System.Text;
using Symbolon.Admin.Console.TokenPages;
using Symbolon.Core.Audit;

namespace Symbolon.UnitTests.Admin;

/// <summary>What a new token's page says of the records that the audit has of it.</summary>
[Trait("area", "console")]
public sealed class TokenCallTests
{
    [Theory]
    [InlineData("""{"kind":"call_outcome","server":"shop","tool":"look","outcome":"completed","duration":84300}""", "allowed", "look on shop, allowed, 84 ms.")]
    [InlineData("""{"kind":"call_outcome","server":"shop","tool":"look","code":"upstream_timeout","outcome":"failed","duration":10}""", "allowed", "look on shop, allowed, then upstream_timeout, 1 ms.")]
    [InlineData("""{"kind":"call_outcome","server":"shop","tool":"drop","code":"not_granted","outcome":"refused"}""", "refused", "drop on shop, refused, not_granted.")]
    [InlineData("""{"kind":"request","method":"tools/call","server":"shop","allowed":false,"code":"malformed_request"}""", "refused", "tools/call on shop, refused, malformed_request.")]
    [InlineData("""{"kind":"request","method":"initialize","server":"shop","allowed":true,"duration":2000}""", "waiting", "initialize on shop, allowed, 2 ms.")]
    public void A_record_is_one_line_and_its_colour_is_the_decision(string told, string colour, string line)
    {
        var first = new FirstCall(TokenCall.Of(Record(told)), 7);
        Assert.Equal((colour, line), (first.Colour, first.Text));
        Assert.Equal(colour != "waiting", first.IsCalled);
    }

    [Theory]
    [InlineData("""{"kind":"call_intent","method":"tools/call","server":"shop","tool":"look","allowed":true}""")]
    [InlineData("""{"kind":"token_issued","action":"issue"}""")]
    public void What_does_not_tell_how_a_request_ended_is_no_call(string told) => Assert.Null(TokenCall.Of(Record(told)));

    private static StoredAuditRecord Record(string told) => new(7, 1_000_000, Encoding.UTF8.GetBytes($$"""{"event":{{told}},"seq":7}"""), new byte[32]);
}
