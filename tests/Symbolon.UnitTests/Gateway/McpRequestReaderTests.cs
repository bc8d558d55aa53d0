using System.Text;
using Symbolon.Gateway.Mcp;
using Symbolon.Jose.Json;

namespace Symbolon.UnitTests.Gateway;

[Trait("area", "gateway")]
public sealed class McpRequestReaderTests
{
    /// <summary>Each line: the JSON-RPC code of the refusal, or the method read; then the message.</summary>
    public static TheoryData<string, string> Table => new()
    {
        { "ToolsCall", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a"}}""" },
        { "ToolsCall", """{"jsonrpc":"2.0","id":"x","method":"tools/call","params":{"name":"a","arguments":{"b":{"c":[1,{"d":2}]}},"_meta":{"progressToken":5}}}""" },
        { "ToolsCall", """{"jsonrpc":"2.0","id":1,"m\u0065thod":"tools\/call","params":{"n\u0061me":"a"}}""" },
        { "ToolsList", """{"jsonrpc":"2.0","id":-1,"method":"tools/list"}""" },
        { "ToolsList", """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":""}}""" },
        { "Initialize", """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{}}}""" },
        { "ResourcesRead", """{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"file:///x"}}""" },
        { "Unknown", """{"jsonrpc":"2.0","id":1,"method":"notifications/initialized"}""" },
        { "OtherNotification", """{"jsonrpc":"2.0","method":"tools/call","params":{}}""" },
        { "Initialized", """{"jsonrpc":"2.0","method":"notifications/initialized"}""" },
        { "Cancelled", """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1,"reason":"no"}}""" },
        { "Response", """{"jsonrpc":"2.0","id":1,"result":{}}""" },
        { "Response", """{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}}""" },
        { "parse", "" },
        { "parse", "{" },
        { "parse", "nul" },
        { "parse", """{"jsonrpc":"2.0","id":1,"method":"ping"}x""" },
        { "parse", """{"jsonrpc":"2.0","id":1,"id":1,"method":"ping"}""" },
        { "parse", """{"jsonrpc":"2.0","id":1,"Id":1,"method":"ping"}""" },
        { "parse", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","Name":"b"}}""" },
        { "parse", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","n\u0061me":"b"}}""" },
        { "parse", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","NAM\u0045":"b"}}""" },
        { "parse", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":{"x":{"k":1,"\u212a":2}}}}""" },
        { "parse", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":{"x":[{"s":1,"ſ":2}]}}}""" },
        { "parse", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"\ud800"}}""" },
        { "batch of 0", "[]" },
        { "batch of 1", """[{"jsonrpc":"2.0","id":1,"method":"ping"}]""" },
        { "invalid", "\"text\"" },
        { "invalid", "{}" },
        { "invalid", """{"jsonrpc":"1.0","id":1,"method":"ping"}""" },
        { "invalid", """{"id":1,"method":"ping"}""" },
        { "invalid", """{"jsonrpc":"2.0","id":null,"method":"ping"}""" },
        { "invalid", """{"jsonrpc":"2.0","id":1.5,"method":"ping"}""" },
        { "invalid", """{"jsonrpc":"2.0","id":1e2,"method":"ping"}""" },
        { "invalid", """{"jsonrpc":"2.0","id":{},"method":"ping"}""" },
        { "invalid", """{"jsonrpc":"2.0","id":1,"method":7}""" },
        { "invalid", """{"jsonrpc":"2.0","id":1,"method":"ping","result":{}}""" },
        { "invalid", """{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}""" },
        { "invalid", """{"jsonrpc":"2.0","ID":1,"method":"ping"}""" },
        { "invalid", """{"jsonrpc":"2.0","id":1,"method":"ping","Params":{}}""" },
        { "invalid", """{"jsonrpc":"2.0","id":1,"method":"ping","param\u017f":{}}""" },
        { "invalid", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"Name":"b"}}""" },
        { "invalid", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"b","argument\u017f":{}}}""" },
        { "invalid", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"b","ARGUMENTS":{}}}""" },
        { "invalid", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"b","_meta":{"progressto\u212aen":1}}}""" },
        { "invalid", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"b","_Meta":{}}}""" },
        { "params", """{"jsonrpc":"2.0","id":1,"method":"tools/call"}""" },
        { "params", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":7}}""" },
        { "params", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":[]}}""" },
        { "params", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":null}}""" },
        { "params", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","_meta":3}}""" },
        { "params", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","_meta":{"progressToken":1.5}}}""" },
        { "params", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","_meta":{"progressToken":null}}}""" },
        { "params", """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":3}}""" },
        { "params", """{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":null}}""" },
        { "params", """{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{}}""" },
        { "params", """{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":["a"]}}""" },
        { "params", """{"jsonrpc":"2.0","id":1,"method":"resources/templates/list","params":{"cursor":{}}}""" },
        { "params", """{"jsonrpc":"2.0","id":1,"method":"completion/complete","params":{"ref":"x","argument":{}}}""" },
        { "params", """{"jsonrpc":"2.0","id":1,"method":"completion/complete","params":{"ref":{}}}""" },
        { "params", """{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{"notifications":[]}}""" },
        { "params", """{"jsonrpc":"2.0","id":1,"method":"tasks/get","params":{"taskId":1}}""" },
        { "params", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","requestState":{}}}""" },
        { "params", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","inputResponses":"x"}}""" },
        { "params", """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","clientInfo":{},"capabilities":[]}}""" },
        { "params", """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}""" },
        { "params", """{"jsonrpc":"2.0","method":"notifications/cancelled"}""" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void A_message_is_read_or_refused_as_the_table_says(string expected, string text) => Assert.Equal(expected, Verdict(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData(new byte[] { (byte)'"', 0xC0, 0x80, (byte)'"' })]
    [InlineData(new byte[] { (byte)'"', 0xED, 0xA0, 0x80, (byte)'"' })]
    [InlineData(new byte[] { (byte)'"', 0xFF, (byte)'"' })]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF, (byte)'{', (byte)'}' })]
    public void Bytes_that_are_no_clean_UTF8_are_no_JSON(byte[] bytes) => Assert.Equal("parse", Verdict(bytes));

    [Theory]
    [InlineData(64, "batch of 1")]
    [InlineData(65, "parse")]
    public void Nesting_is_bounded(int depth, string expected) =>
        Assert.Equal(expected, Verdict(Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth))));

    [Theory]
    [InlineData(9_994, "ToolsCall")]
    [InlineData(9_995, "parse")]
    public void Members_are_bounded(int arguments, string expected)
    {
        var members = string.Join(',', Enumerable.Range(0, arguments).Select(i => $"\"a{i}\":0"));
        Assert.Equal(expected, Verdict(Encoding.UTF8.GetBytes(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"a\",\"arguments\":{" + members + "}}}")));
    }

    [Fact]
    public void A_refusal_names_the_place_and_the_limit()
    {
        var message = MessageOf(Encoding.UTF8.GetBytes(new string('[', 100)));
        Assert.Contains("64 levels", McpRequestReader.Read(message, JsonLimits.Default)!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_id_is_known_to_the_refusal_of_a_message_that_parses()
    {
        var message = MessageOf("""{"id":"a-7","jsonrpc":"2.0","method":"ping","params":[]}"""u8.ToArray());
        McpRequestReader.Read(message, JsonLimits.Default);
        Assert.Equal("\"a-7\"", Encoding.UTF8.GetString(message.At(message.Id)));
    }

    private static string Verdict(byte[] text)
    {
        var message = MessageOf(text);
        return McpRequestReader.Read(message, JsonLimits.Default) is { } refusal
            ? refusal.Form switch
            {
                RefusalForm.ParseError => "parse",
                RefusalForm.InvalidRequest => "invalid",
                RefusalForm.InvalidParams => "params",
                _ => refusal.Form.ToString(),
            }
            : message.IsBatch ? $"batch of {message.Members.Count}" : message.Method.ToString();
    }

    private static McpMessage MessageOf(byte[] text)
    {
        var message = new McpMessage();
        text.CopyTo(message.Room(text.Length));
        message.Advance(text.Length);
        return message;
    }
}
