using Symbolon.Core.Audit;
using Symbolon.Testing.Gateway;

namespace Symbolon.UnitTests.Gateway;

/// <summary>Prompts and resources: listed, got, read, completed and watched by token and live grants.</summary>
[Trait("area", "gateway")]
public sealed class FeatureTests : IDisposable
{
    private readonly GatewayRig rig = new();

    public FeatureTests()
    {
        rig.Apply(FeatureRig.Grant(["review"], ["file:///docs/*"]));
        rig.Upstream.Before = request => request.Method switch
        {
            "prompts/list" => Result(request, "\"prompts\":[{\"name\":\"review\",\"x\":1},{\"name\":\"secret\"},{\"title\":\"none\"},7],\"nextCursor\":\"n\""),
            "resources/list" => Result(request, "\"resources\":[{\"uri\":\"file:///docs/a\",\"name\":\"a\"},{\"uri\":\"file:///keys/b\",\"name\":\"b\"}]"),
            "resources/templates/list" => Result(request, "\"resourceTemplates\":[{\"uriTemplate\":\"file:///docs/{name}\"},{\"uriTemplate\":\"file:///keys/{name}\"}]"),
            "prompts/get" => Result(request, "\"messages\":[]"),
            "resources/read" => Result(request, "\"contents\":[]"),
            "completion/complete" => Result(request, "\"completion\":{\"values\":[]}"),
            "resources/subscribe" or "resources/unsubscribe" => Result(request, ""),
            _ => null,
        };
    }

    public void Dispose() => rig.Dispose();

    [Theory]
    [InlineData("prompts/list", "prompts", "name", "review")]
    [InlineData("resources/list", "resources", "uri", "file:///docs/a")]
    [InlineData("resources/templates/list", "resourceTemplates", "uriTemplate", "file:///docs/{name}")]
    public async Task Lists_show_what_the_grants_name_in_both_eras(string method, string list, string key, string shown)
    {
        foreach (var answer in new[] { await rig.PostAsync(FeatureRig.Request(method)), await rig.ModernAsync(method) })
            Assert.Equal(shown, Assert.Single(answer.Result.GetProperty(list).EnumerateArray()).GetProperty(key).GetString());
        rig.Apply(GatewayRig.Grant());
        var none = await rig.PostAsync(FeatureRig.Request(method));
        Assert.Empty(none.Result.GetProperty(list).EnumerateArray());
    }

    [Fact]
    public async Task A_cursor_of_one_list_is_none_of_another_and_none_of_another_caller()
    {
        var cursor = (await rig.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"prompts/list"}""")).Result.GetProperty("nextCursor").GetString();
        Assert.NotEqual("n", cursor);
        await rig.PostAsync(FeatureRig.Request("prompts/list", $"\"cursor\":\"{cursor}\""));
        Assert.Equal("n", rig.Upstream.Requests[^1].Json.GetProperty("params").GetProperty("cursor").GetString());
        var asked = rig.Upstream.Requests.Count;
        var other = Symbolon.Core.Identity.PastedToken.Create(Symbolon.Core.Identity.TokenKind.Agent);
        rig.Tokens.Put(other, rig.TokenOf("tok_2"));
        foreach (var (method, text, token) in new[] { ("resources/list", cursor, rig.Token), ("prompts/list", "n", rig.Token), ("prompts/list", cursor, other) })
        {
            var refused = await rig.PostAsync(FeatureRig.Request(method, $"\"cursor\":\"{text}\""), context => context.Request.Headers.Authorization = "Bearer " + token);
            Assert.Equal((200, -32602, "malformed_request"), (refused.Status, refused.Error.GetProperty("code").GetInt32(), refused.ErrorCode));
        }
        Assert.Equal(asked, rig.Upstream.Requests.Count);
    }

    [Theory]
    [InlineData("prompts/get", "\"name\":\"review\"", "prompt/review")]
    [InlineData("resources/read", "\"uri\":\"file:///docs/a\"", "resource/file:///docs/a")]
    [InlineData("completion/complete", "\"ref\":{\"type\":\"ref/prompt\",\"name\":\"review\"},\"argument\":{\"name\":\"a\",\"value\":\"b\"}", "prompt/review")]
    [InlineData("completion/complete", "\"ref\":{\"type\":\"ref/resource\",\"uri\":\"file:///docs/{name}\"},\"argument\":{\"name\":\"a\",\"value\":\"b\"}", "resource template/file:///docs/{name}")]
    public async Task What_a_grant_names_is_had_and_leaves_an_intent_and_an_outcome(string method, string members, string target)
    {
        Assert.Equal(200, (await rig.PostAsync(FeatureRig.Request(method, members))).Status);
        Assert.Equal(method, rig.Upstream.Requests[^1].Method);
        var records = rig.Audit.Records.Where(record => record.Kind is AuditKind.CallIntent or AuditKind.CallOutcome).ToList();
        Assert.Equal([AuditKind.CallIntent, AuditKind.CallOutcome], records.Select(record => record.Kind));
        Assert.Equal((target, "mcp:deploy:@granted", "g", true), (records[0].Target, records[0].Scope, records[0].Grant, records[0].Allowed));
    }

    [Theory]
    [InlineData("prompts/get", "\"name\":\"secret\"")]
    [InlineData("prompts/get", "\"name\":\"Review\"")]
    [InlineData("resources/read", "\"uri\":\"file:///keys/b\"")]
    [InlineData("resources/read", "\"uri\":\"file:///docs/a/b\"")]
    [InlineData("resources/read", "\"uri\":\"file:///docs/..\"")]
    [InlineData("resources/read", "\"uri\":\"file:///docs/%2e%2e%2fkeys\"")]
    [InlineData("resources/read", "\"uri\":\"FILE:///docs/a\"")]
    [InlineData("resources/subscribe", "\"uri\":\"file:///keys/b\"")]
    [InlineData("completion/complete", "\"ref\":{\"type\":\"ref/prompt\",\"name\":\"secret\"},\"argument\":{\"name\":\"a\",\"value\":\"b\"}")]
    [InlineData("completion/complete", "\"ref\":{\"type\":\"ref/resource\",\"uri\":\"file:///{name}\"},\"argument\":{\"name\":\"a\",\"value\":\"b\"}")]
    [InlineData("completion/complete", "\"ref\":{\"type\":\"ref/resource\",\"uri\":\"file:///docs/{+name}\"},\"argument\":{\"name\":\"a\",\"value\":\"b\"}")]
    public async Task What_no_grant_names_never_goes_out(string method, string members)
    {
        var refused = await rig.PostAsync(FeatureRig.Request(method, members));
        Assert.Equal((200, 1, "not_granted"), (refused.Status, refused.Json.GetProperty("id").GetInt32(), refused.ErrorCode));
        Assert.DoesNotContain(rig.Upstream.Requests, request => request.Method == method);
        Assert.Contains(rig.Audit.Records, record => record is { Allowed: false, Code: Core.Policy.ReasonCode.NotGranted });
        rig.Apply(GatewayRig.Server(manifest => manifest with { ConcealTools = true }));
        var concealed = await rig.PostAsync(FeatureRig.Request(method, members));
        Assert.Equal(-32602, concealed.Error.GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Of_a_reference_only_what_was_decided_on_goes_out()
    {
        await rig.PostAsync(FeatureRig.Request("completion/complete", "\"ref\":{\"uri\":\"file:///keys/{x}\",\"name\":\"review\",\"URI\":1,\"type\":\"ref/prompt\"},\"argument\":{\"name\":\"a\",\"value\":\"b\"}"));
        Assert.DoesNotContain(rig.Upstream.Requests, request => request.Body.Contains("keys", StringComparison.Ordinal));
        await rig.PostAsync(FeatureRig.Request("completion/complete", "\"ref\":{\"uri\":\"file:///keys/{x}\",\"name\":\"review\",\"type\":\"ref/prompt\"},\"argument\":{\"name\":\"a\",\"value\":\"b\"}"));
        Assert.Equal("""{"type":"ref/prompt","name":"review"}""", rig.Upstream.Requests[^1].Json.GetProperty("params").GetProperty("ref").GetRawText());
    }

    [Fact]
    public async Task A_legacy_version_is_none_for_the_modern_member()
    {
        foreach (var method in new[] { "resources/subscribe", "initialize", "logging/setLevel" })
        {
            var refused = await rig.PostAsync(FeatureRig.Request(method, "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2025-11-25\"}"), context => context.Request.Headers["MCP-Protocol-Version"] = "2025-11-25");
            Assert.Equal((400, -32020), (refused.Status, refused.Error.GetProperty("code").GetInt32()));
        }
    }

    [Fact]
    public async Task A_reference_that_is_none_is_refused()
    {
        foreach (var reference in new[] { "{}", "{\"type\":\"ref/prompt\",\"Name\":\"review\"}", "{\"type\":\"ref/tool\",\"name\":\"review\"}", "{\"type\":\"ref/prompt\",\"name\":7}" })
            Assert.Equal(400, (await rig.PostAsync(FeatureRig.Request("completion/complete", $"\"ref\":{reference},\"argument\":{{}}"))).Status);
    }

    [Fact]
    public async Task A_server_is_presented_with_what_the_caller_has_something_of()
    {
        rig.Upstream.Before = request => request.Method != "initialize" ? null : Result(request,
            "\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{},\"prompts\":{\"listChanged\":true},\"resources\":{\"subscribe\":true},\"completions\":{},\"logging\":{},\"experimental\":{},\"tasks\":{}},\"serverInfo\":{}");
        Assert.Equal(["tools", "prompts", "resources", "completions", "logging"], await CapabilitiesAsync());
        rig.Apply(FeatureRig.Grant(["*"], []));
        Assert.Equal(["tools", "prompts", "completions", "logging"], await CapabilitiesAsync());
        rig.Apply(GatewayRig.Grant());
        Assert.Equal(["tools", "logging"], await CapabilitiesAsync());
    }

    [Fact]
    public async Task A_resource_of_the_modern_era_is_asked_for_under_its_own_name_in_the_header()
    {
        rig.Apply(FeatureRig.Grant([], ["*"]));
        await rig.ModernAsync("resources/read", "\"uri\":\"note://bär\"", "=?base64?" + Convert.ToBase64String("note://bär"u8) + "?=");
        Assert.Equal("=?base64?" + Convert.ToBase64String("note://bär"u8) + "?=", rig.Upstream.Requests[^1].Headers["Mcp-Name"]);
        var other = await rig.ModernAsync("resources/read", "\"uri\":\"note://a\"", "note://b");
        Assert.Equal((400, -32020), (other.Status, other.Error.GetProperty("code").GetInt32()));
    }

    private async Task<IEnumerable<string>> CapabilitiesAsync()
    {
        var answer = await rig.PostAsync("""{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}""");
        return answer.Result.GetProperty("capabilities").EnumerateObject().Select(member => member.Name);
    }

    private static HttpResponseMessage Result(ScriptedUpstream.Received request, string members) =>
        ScriptedUpstream.Json("{\"jsonrpc\":\"2.0\",\"id\":" + request.Id + ",\"result\":{" + members + "}}");
}
