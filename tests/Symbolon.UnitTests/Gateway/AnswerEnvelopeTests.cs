using System.Text;
using Symbolon.Gateway.Mcp;

namespace Symbolon.UnitTests.Gateway;

[Trait("area", "gateway")]
public sealed class AnswerEnvelopeTests
{
    [Fact]
    public void An_answer_of_nothing_but_members_is_none_and_costs_little()
    {
        var message = Encoding.UTF8.GetBytes("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{" + string.Join(',', Enumerable.Repeat("\"a\":1", 1_000_000)) + "}}");
        var envelope = new AnswerEnvelope();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(AnswerKind.Garbage, envelope.Read(message));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 * 1024 * 1024);
        Assert.Equal(AnswerKind.Result, envelope.Read("""{"jsonrpc":"2.0","id":7,"result":{}}"""u8));
    }

    [Fact]
    public void Data_in_lists_may_have_any_number_of_members()
    {
        var message = Encoding.UTF8.GetBytes("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"rows\":[" + string.Join(',', Enumerable.Repeat("{\"a\":1}", 200_000)) + "]}}");
        Assert.Equal(AnswerKind.Result, new AnswerEnvelope().Read(message));
    }
}
