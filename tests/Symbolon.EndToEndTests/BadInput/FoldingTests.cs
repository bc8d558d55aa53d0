using System.Text;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing.Mcp;
using Xunit;

namespace Symbolon.EndToEndTests.BadInput;

/// <summary>
/// Members that a server in C# would bind although nobody decided on them. The server behind the gateway says what it ran:
/// nothing but what the token allows, with the arguments that were decided.
/// </summary>
[Trait("area", "folding")]
public sealed class FoldingTests(RunningGateway gateway)
{
    private const string Meta = $"\"_meta\":{McpText.Meta}";

    /// <summary>Whole messages. Each carries a marker as an item, in the place of <c>@</c>.</summary>
    public static TheoryData<string> Messages { get; } = new(
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"keep","Name":"drop","arguments":{"item":"@"},META}}""",
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"Name":"drop","name":"keep","arguments":{"item":"@"},META}}""",
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"keep","name":"drop","arguments":{"item":"@"},META}}""",
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"keep","n\u0061me":"drop","arguments":{"item":"@"},META}}""",
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"NAME":"drop","arguments":{"item":"@"},META}}""",
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"keep","arguments":{"item":"a"},"Arguments":{"item":"@"},META}}""",
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"keep","arguments":{"item":"a"},"argumentſ":{"item":"@"},META}}""",
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"keep","arguments":{"item":"a"},"argument\u017f":{"item":"@"},META}}""",
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"keep","arguments":{"item":"a"},META},"Params":{"name":"drop","arguments":{"item":"@"},META}}""",
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"keep","arguments":{"item":"a"},META},"paramſ":{"name":"drop","arguments":{"item":"@"},META}}""",
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","Method":"tools/list","params":{"name":"keep","arguments":{"item":"@"},META}}""",
        """{"jsonrpc":"2.0","id":1,"Id":2,"method":"tools/call","params":{"name":"keep","arguments":{"item":"@"},META}}""",
        """{"jsonrpc":"2.0","JSONRPC":"2.0","id":1,"method":"tools/call","params":{"name":"keep","arguments":{"item":"@"},META}}""",
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"keep","arguments":{"item":"@"},META,"_META":{}}}""",
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"keep","arguments":{"item":"@"},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/ProtocolVersion":"2025-11-25","io.modelcontextprotocol/clientCapabilities":{}}}}""",
        """[{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"drop","arguments":{"item":"@"},META}}]""");

    /// <summary>Arguments of the tool <c>keep</c> (item, skill) that another member could stand in for.</summary>
    public static TheoryData<string, string> Arguments { get; } = new()
    {
        { "keep", """{"item":"a","Item":"@"}""" },
        { "keep", """{"item":"a","item":"@"}""" },
        { "keep", """{"item":"a","\u0069tem":"@"}""" },
        { "keep", """{"Item":"@"}""" },
        { "keep", """{"item":"@","sKill":9}""" },
        { "keep", """{"item":"@","s\u212aill":9}""" },
        { "keep", """{"item":"@","ſkill":9}""" },
        { "place", """{"order":{"item":"a","Item":"@"}}""" },
        { "place", """{"order":{"item":"a","ITEM":"@"}}""" },
        { "place", """{"order":{"item":"a"},"Order":{"item":"@"}}""" },
        { "place", """{"order":{"ITEM":"@"}}""" },
        { "place", """{"order":{"item":"@","s\u212aill":9}}""" },
    };

    [Theory, MemberData(nameof(Messages))]
    public async Task A_message_with_a_member_that_only_folds_to_one_of_the_protocol_is_refused(string message)
    {
        var marker = Guid.NewGuid().ToString("N");
        var token = await gateway.Setup.TokenAsync("recording:keep,place");
        var body = message.Replace("META", Meta, StringComparison.Ordinal).Replace("@", marker, StringComparison.Ordinal);
        var answer = await gateway.Wire.PostAsync("/t/mcp/recording", token.Secret, body, McpWire.Modern("tools/call", "keep"));
        Assert.Equal(400, (int)answer.Status);
        Assert.NotNull(answer.Message["error"]);
        await NothingRanAsync(token.Secret, marker);
    }

    [Theory, MemberData(nameof(Arguments))]
    public async Task An_argument_that_could_stand_in_for_another_is_refused(string tool, string arguments)
    {
        var marker = Guid.NewGuid().ToString("N");
        var token = await gateway.Setup.TokenAsync("recording:keep,place");
        var answer = await gateway.Wire.CallAsync("recording", token.Secret, tool, arguments.Replace("@", marker, StringComparison.Ordinal));
        Assert.True(answer.Message["error"] is not null || (bool?)answer.Message["result"]?["isError"] == true, answer.Text);
        Assert.NotNull(answer.Reason);
        await NothingRanAsync(token.Secret, marker);
    }

    [Fact]
    public async Task The_server_itself_would_have_run_what_nobody_decided()
    {
        // What the vectors are worth: sent straight to the server, one of them makes it act on the member that no policy read.
        var marker = Guid.NewGuid().ToString("N");
        using var client = new HttpClient();
        var url = gateway.Recording.Output.First(line => line.StartsWith("listening on ", StringComparison.Ordinal))["listening on ".Length..];
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(McpText.Call("place", $$$"""{"order":{"item":"a","Item":"{{{marker}}}"} }""")));
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        foreach (var (name, value) in McpWire.Modern("tools/call", "place")) request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        await gateway.Recording.LineAsync(line => line.Contains(marker, StringComparison.Ordinal));
    }

    /// <summary>A call of the same token that does run says that earlier ones would have been seen by now.</summary>
    private async Task NothingRanAsync(string token, string marker)
    {
        var after = Guid.NewGuid().ToString("N");
        Assert.Contains(after, (await gateway.Wire.CallAsync("recording", token, "keep", $$"""{"item":"{{after}}"}""")).ToolText, StringComparison.Ordinal);
        await gateway.Recording.LineAsync(line => line.Contains(after, StringComparison.Ordinal));
        Assert.DoesNotContain(gateway.Recording.Output, line => line.Contains(marker, StringComparison.Ordinal));
        Assert.DoesNotContain(gateway.Recording.Output, line => line.StartsWith("ran drop", StringComparison.Ordinal));
    }
}
