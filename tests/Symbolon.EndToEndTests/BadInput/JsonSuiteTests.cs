using System.Text;
using System.Text.Json.Nodes;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing;
using Symbolon.Testing.Mcp;
using Xunit;

namespace Symbolon.EndToEndTests.BadInput;

/// <summary>Every file of the JSON test suite through the HTTP path: y_ is read, n_ is refused, i_ is either, nothing is a 5xx.</summary>
[Trait("area", "json")]
public sealed class JsonSuiteTests(RunningGateway gateway)
{
    /// <summary>Valid for RFC 8259, refused by us on purpose: two members of one name.</summary>
    private static readonly string[] RefusedByUs = ["y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"];

    private static (string Name, byte[] Bytes)[] Files { get; } =
        [.. JsonNode.Parse(File.ReadAllText(Repo.At("tests", "data", "json-test-suite", "parsing.json")))!["tests"]!.AsArray()
            .Select(test => ((string)test!["name"]!, Convert.FromBase64String((string)test["base64"]!)))];

    [Fact]
    public async Task A_bare_body_is_refused_as_no_json_exactly_when_it_is_none()
    {
        var token = await gateway.Setup.TokenAsync("sdk2:echo");
        var wrong = new List<string>();
        foreach (var (name, bytes) in Files)
        {
            var answer = await gateway.Wire.PostAsync("/t/mcp/sdk2", token.Secret, bytes, McpWire.Modern("tools/call", "echo"));
            var refused = (int?)ErrorOf(answer) == -32700;
            if ((int)answer.Status >= 500 || Wrong(name, refused, maySayEither: RefusedByUs.Contains(name))) wrong.Add($"{name}: {(int)answer.Status} {answer.Text}");
        }
        Assert.Empty(wrong);
        Assert.True(Files.Length > 250);
    }

    [Fact]
    public async Task A_member_of_params_is_read_exactly_when_it_is_json()
    {
        var token = await gateway.Setup.TokenAsync("sdk2:echo");
        var wrong = new List<string>();
        foreach (var (name, bytes) in Files)
        {
            var start = $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{},"_meta":{{{McpText.Meta}}},"x":""";
            byte[] body = [.. Encoding.UTF8.GetBytes(start), .. bytes, .. "}}"u8];
            var answer = await gateway.Wire.PostAsync("/t/mcp/sdk2", token.Secret, body, McpWire.Modern("tools/call", "echo"));
            var refused = ErrorOf(answer) is not null;
            var exception = RefusedByUs.Contains(name);
            if ((int)answer.Status >= 500 || (exception ? !refused : Wrong(name, refused, maySayEither: false))) wrong.Add($"{name}: {(int)answer.Status} {answer.Text}");
        }
        Assert.Empty(wrong);
    }

    private static bool Wrong(string name, bool refused, bool maySayEither) =>
        !maySayEither && (name.StartsWith("y_", StringComparison.Ordinal) ? refused : name.StartsWith("n_", StringComparison.Ordinal) && !refused);

    private static JsonNode? ErrorOf(WireAnswer answer) => answer.Text.Length == 0 ? null : answer.Message["error"]?["code"];
}
