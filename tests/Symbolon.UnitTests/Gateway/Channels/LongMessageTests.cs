using System.Text;
using Symbolon.Gateway.Upstreams.Channels;

namespace Symbolon.UnitTests.Gateway.Channels;

[Trait("area", "channels")]
public sealed class LongMessageTests
{
    [Theory]
    [InlineData("""{"id":7,"result":{}}""", 7, true)]
    [InlineData(""" { "result" : [ "a" , { "id" : 8 } ] , "id" : 7 } """, 7, true)]
    [InlineData("""{"result":{"text":"\"},\"id\":9,\\"},"id":7,"_meta":{"x":[{}]}}""", 7, true)]
    [InlineData("""{"result":"ä\u0022,\"id\":9","id":7}""", 7, true)]
    [InlineData("""{"id":7,"result":"not ended""", 7, false)]
    [InlineData("""{"result":{"id":7}}""", null, true)]
    [InlineData("""{"result":["id",7],"xid":7,"id ":7,"idididididididididididididididididid":7}""", null, true)]
    [InlineData("""{"id":"7"}""", null, true)]
    [InlineData("""{"id":7.0}""", null, true)]
    [InlineData("""{"id":7 7}""", null, true)]
    [InlineData("""{"id":[7]}""", null, true)]
    [InlineData("""{"id":777777777777777777777777777777777}""", null, true)]
    [InlineData("""{"id":7,"id":8}""", null, false)]
    [InlineData("""[{"id":7}]""", null, false)]
    [InlineData("""{"id":7} x""", 7, false)]
    [InlineData("""x{"id":7}""", null, false)]
    [InlineData("""{{"id":7}}""", null, false)]
    [InlineData("""}{"id":7}""", null, false)]
    [InlineData("", null, false)]
    public void The_id_is_that_of_the_outermost_object_however_the_bytes_are_split(string text, int? id, bool isWhole)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var split = 0; split <= bytes.Length; split++)
        {
            var message = new LongMessage();
            message.Take("{\"id\":1,\"method\":\"x\"} and more"u8);
            message.Reset();
            message.Take(bytes.AsSpan(0, split));
            message.Take(bytes.AsSpan(split));
            Assert.Equal((id, isWhole, false), (message.Id, message.IsWhole, message.HasMethod));
        }
    }

    [Theory]
    [InlineData("""{"method":"a","id":7}""", true)]
    [InlineData("""{"params":{},"method":"a"}""", true)]
    [InlineData("""{"id":7,"result":{"method":"a"}}""", false)]
    [InlineData("""{"id":7,"result":"method"}""", false)]
    public void A_request_or_notification_is_told_from_an_answer(string text, bool hasMethod)
    {
        var message = new LongMessage();
        message.Take(Encoding.UTF8.GetBytes(text));
        Assert.Equal(hasMethod, message.HasMethod);
    }
}
