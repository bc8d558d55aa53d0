using Symbolon.Admin.Reasons;
using Symbolon.Core.Policy;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Mcp;

namespace Symbolon.UnitTests.Admin.Console;

/// <summary>What a reason code means, for whoever got it.</summary>
[Trait("area", "console")]
public sealed class ReasonTextsTests
{
    [Fact]
    public void Every_code_says_what_was_refused_what_would_change_it_and_who_can_give_it()
    {
        foreach (var code in Enum.GetValues<ReasonCode>())
        {
            Assert.True(ReasonTexts.Has(code), $"{code.ToText()} is not explained.");
            var text = ReasonTexts.Of(code);
            foreach (var sentence in new[] { text.What, text.Change, text.Who, text.Agents }) Assert.EndsWith(".", sentence, StringComparison.Ordinal);
            Assert.DoesNotContain(code, text.Near);
        }
    }

    [Fact]
    public void What_a_code_is_on_the_wire_is_what_the_gateway_writes()
    {
        foreach (var code in Enum.GetValues<ReasonCode>())
        {
            var form = McpResponseWriter.FormOf(code, Era.Modern)!.Value;
            Assert.Equal((code, form.Status, form.IsToolResult), (code, ReasonTexts.Of(code).Status, ReasonTexts.Of(code).IsResult));
        }
    }
}
