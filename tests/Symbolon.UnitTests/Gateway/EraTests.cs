using Symbolon.Core.Audit;
using Symbolon.Core.Registry;
using Symbolon.Testing.Gateway;

namespace Symbolon.UnitTests.Gateway;

/// <summary>PROTOCOL.md sections 1, 1.1 and 2: versions, headers and bodies that have to agree, sessions.</summary>
[Trait("area", "gateway")]
public sealed class EraTests : IDisposable
{
    private const string Initialize =
        """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{"sampling":{},"roots":{}},"clientInfo":{"name":"c","version":"1"}}}""";

    private readonly GatewayRig rig = new();

    public void Dispose() => rig.Dispose();

    [Theory]
    [InlineData("2026-07-28", 200, 2)]
    [InlineData("2099-01-01", 400, 1)]
    public async Task A_server_that_names_the_version_that_it_refuses_is_asked_once_more(string named, int status, int times)
    {
        var isFirst = true;
        rig.Upstream.SpeaksLegacy = false;
        rig.Upstream.Before = request =>
        {
            if (request.Method != "server/discover" || !isFirst) return null;
            isFirst = false;
            return ScriptedUpstream.Json("{\"jsonrpc\":\"2.0\",\"id\":" + request.Id + ",\"error\":{\"code\":-32022,\"message\":\"m\",\"data\":{\"supported\":[\"" + named + "\"]}}}", System.Net.HttpStatusCode.BadRequest);
        };
        Assert.Equal(status, (await rig.ModernAsync("tools/call", "\"name\":\"rollout_status\"", "rollout_status")).Status);
        Assert.Equal(times, rig.Upstream.Requests.Count(request => request.Method == "server/discover"));
    }

    [Fact]
    public async Task A_server_is_read_as_by_a_client_of_all_that_it_may_ask_for()
    {
        rig.MayAsk(ClientFeatures.Elicitation | ClientFeatures.Roots);
        await rig.CallAsync("rollout_status");
        const string Client = "{\"name\":\"symbolon\",\"version\":\"1\"}";
        Assert.Equal(Client, ParamsOf("initialize").GetProperty("clientInfo").GetRawText());
        Assert.Equal(Client, ParamsOf("server/discover").GetProperty("_meta").GetProperty("io.modelcontextprotocol/clientInfo").GetRawText());
        Assert.Equal("{\"elicitation\":{\"form\":{},\"url\":{}},\"roots\":{}}",
            ParamsOf("initialize").GetProperty("capabilities").GetRawText());

        System.Text.Json.JsonElement ParamsOf(string method) => rig.Upstream.Requests.First(request => request.Method == method).Json.GetProperty("params");
    }

    public static TheoryData<string, string?, int, int> HeaderFaults => new()
    {
        { "MCP-Protocol-Version", null, 400, -32020 },
        { "MCP-Protocol-Version", "2025-11-25", 400, -32020 },
        { "MCP-Protocol-Version", "2099-01-01", 400, -32022 },
        { "Mcp-Method", null, 400, -32020 },
        { "Mcp-Method", "tools/list", 400, -32020 },
        { "Mcp-Method", "Tools/Call", 400, -32020 },
        { "Mcp-Method", " tools/call ", 200, 0 },
        { "Mcp-Name", null, 400, -32020 },
        { "Mcp-Name", "delete_release", 400, -32020 },
        { "Mcp-Name", "=?base64?cm9sbG91dF9zdGF0dXM=?=", 200, 0 },
        { "Mcp-Name", "=?BASE64?cm9sbG91dF9zdGF0dXM=?=", 400, -32020 },
        { "Mcp-Name", "=?base64?ZGVsZXRlX3JlbGVhc2U=?=", 400, -32020 },
        { "Mcp-Name", "=?base64?!?=", 400, -32020 },
        { "Mcp-Name", "rollout_status", 200, 0 },
    };

    [Theory]
    [MemberData(nameof(HeaderFaults))]
    public async Task Headers_have_to_say_what_the_body_says(string header, string? value, int status, int code)
    {
        var answer = await rig.ModernAsync("tools/call", "\"name\":\"rollout_status\"", "rollout_status", context => context.Request.Headers[header] = value);
        Assert.Equal(status, answer.Status);
        if (code == 0) return;
        Assert.Equal((code, 7), (answer.Error.GetProperty("code").GetInt32(), answer.Json.GetProperty("id").GetInt32()));
        Assert.Empty(rig.Upstream.Calls);
    }

    [Fact]
    public async Task A_header_that_is_there_twice_says_nothing()
    {
        foreach (var header in new[] { "MCP-Protocol-Version", "Mcp-Method", "Mcp-Name" })
        {
            var answer = await rig.ModernAsync("tools/call", "\"name\":\"rollout_status\"", "rollout_status", context =>
                context.Request.Headers[header] = new([context.Request.Headers[header][0], context.Request.Headers[header][0]]));
            Assert.Equal(-32020, answer.Error.GetProperty("code").GetInt32());
        }
    }

    [Theory]
    [InlineData("{\"io.modelcontextprotocol/clientCapabilities\":{}}")]
    [InlineData("{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}")]
    [InlineData("{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":1}")]
    public async Task A_modern_request_lacks_neither_version_nor_capabilities(string meta)
    {
        var answer = await rig.PostAsync("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/list\",\"params\":{\"_meta\":" + meta + "}}", context =>
        {
            context.Request.Headers["MCP-Protocol-Version"] = "2026-07-28";
            context.Request.Headers["Mcp-Method"] = "tools/list";
        });
        Assert.Equal((400, -32602), (answer.Status, answer.Error.GetProperty("code").GetInt32()));
    }

    [Fact]
    public async Task Arguments_that_headers_mirror_are_compared_and_the_headers_written_from_the_arguments()
    {
        const string tool = """{"name":"regional","inputSchema":{"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"},"count":{"type":"integer","x-mcp-header":"Count"}}}}""";
        rig.Upstream.Tools.Add(tool);
        rig.Apply(GatewayRig.Server(manifest => manifest with { Tools = [GatewayRig.ToolOf(tool, Core.Tools.Effect.Read)] }, number: 2), GatewayRig.Grant("regional"));

        Task<GatewayRig.Answered> Call(string arguments, string? region, string? count) => rig.ModernAsync(
            "tools/call", "\"name\":\"regional\",\"arguments\":" + arguments, "regional", context =>
            {
                if (region is not null) context.Request.Headers["Mcp-Param-Region"] = region;
                if (count is not null) context.Request.Headers["mcp-param-count"] = count;
            });

        Assert.Equal(200, (await Call("""{"region":"eu","count":42}""", "eu", "42")).Status);
        Assert.Equal("eu", rig.Upstream.Calls.Last().Headers["Mcp-Param-Region"]);
        Assert.Equal(200, (await Call("""{"region":"Zürich"}""", "=?base64?WsO8cmljaA==?=", null)).Status);
        Assert.Equal("=?base64?WsO8cmljaA==?=", rig.Upstream.Calls.Last().Headers["Mcp-Param-Region"]);
        // Another way to say the same is the client's, not the server's business.
        Assert.Equal(200, (await Call("""{"region":"eu","count":42}""", "=?base64?ZXU=?=", "042")).Status);
        Assert.Equal(("eu", "42"), (rig.Upstream.Calls.Last().Headers["Mcp-Param-Region"], rig.Upstream.Calls.Last().Headers["Mcp-Param-Count"]));
        Assert.Equal(200, (await Call("{}", null, null)).Status);
        Assert.DoesNotContain("Mcp-Param-Region", rig.Upstream.Calls.Last().Headers.Keys);
        Assert.Equal(-32020, (await Call("""{"region":"eu"}""", "us", null)).Error.GetProperty("code").GetInt32());
        Assert.Equal(-32020, (await Call("""{"region":"eu"}""", null, null)).Error.GetProperty("code").GetInt32());
        Assert.Equal(-32020, (await Call("""{"count":42}""", null, "43")).Error.GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task A_legacy_client_of_a_modern_server_learns_the_versions_that_work()
    {
        rig.Upstream.SpeaksLegacy = false;
        var answer = await rig.PostAsync(Initialize);
        Assert.Equal((400, -32022), (answer.Status, answer.Error.GetProperty("code").GetInt32()));
        Assert.Equal(["2026-07-28"], answer.Error.GetProperty("data").GetProperty("supported").EnumerateArray().Select(version => version.GetString()));
    }

    [Fact]
    public async Task A_modern_client_of_a_legacy_server_learns_the_versions_that_work()
    {
        rig.Upstream.SpeaksModern = false;
        var answer = await rig.ModernAsync("server/discover");
        Assert.Equal((400, -32022), (answer.Status, answer.Error.GetProperty("code").GetInt32()));
        Assert.Equal(["2025-11-25", "2025-06-18", "2025-03-26"], answer.Error.GetProperty("data").GetProperty("supported").EnumerateArray().Select(version => version.GetString()));
    }

    [Fact]
    public async Task A_pinned_era_is_the_only_one_that_works()
    {
        rig.Apply(GatewayRig.Server(manifest => manifest with { Upstream = manifest.Upstream with { Era = UpstreamEra.Modern } }, number: 2));
        Assert.Equal(-32022, (await rig.PostAsync(Initialize)).Error.GetProperty("code").GetInt32());
        Assert.Equal(200, (await rig.ModernAsync("server/discover")).Status);
        Assert.DoesNotContain(rig.Upstream.Requests, request => request.Method == "initialize");
    }

    [Fact]
    public async Task Initialize_and_discover_offer_tools_and_logging_only()
    {
        var legacy = await rig.PostAsync(Initialize);
        var modern = await rig.ModernAsync("server/discover");
        Assert.Equal(["tools", "logging"], legacy.Result.GetProperty("capabilities").EnumerateObject().Select(member => member.Name));
        Assert.Equal(["tools"], modern.Result.GetProperty("capabilities").EnumerateObject().Select(member => member.Name));
        Assert.Equal("private", modern.Result.GetProperty("cacheScope").GetString());
        Assert.Equal("scripted", legacy.Result.GetProperty("serverInfo").GetProperty("name").GetString());
        Assert.Contains("\"capabilities\":{}", rig.Upstream.Requests.Last(request => request.Method == "initialize" && request.Id == "0").Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_is_sealed_used_and_ended()
    {
        var opened = await rig.PostAsync(Initialize);
        var session = opened.Headers["Mcp-Session-Id"].ToString();
        Assert.DoesNotContain("upstream-session", session, StringComparison.Ordinal);
        Assert.Equal(202, (await rig.PostAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""", WithSession(session))).Status);
        await rig.CallAsync("rollout_status", change: WithSession(session));
        var call = Assert.Single(rig.Upstream.Calls);
        Assert.Equal(("upstream-session-1", "2025-06-18"), (call.Headers["Mcp-Session-Id"], call.Headers["MCP-Protocol-Version"]));
        Assert.Equal(200, (await rig.SendAsync("DELETE", [], WithSession(session))).Status);
        Assert.Equal("upstream-session-1", rig.Upstream.Requests.Last(request => request.Http == "DELETE").Headers["Mcp-Session-Id"]);
    }

    [Fact]
    public async Task A_foreign_or_dead_session_is_404()
    {
        var session = (await rig.PostAsync(Initialize)).Headers["Mcp-Session-Id"].ToString();
        var other = Core.Identity.PastedToken.Create(Core.Identity.TokenKind.Agent);
        rig.Tokens.Put(other, rig.TokenOf("tok_other"));
        var foreign = await rig.CallAsync("rollout_status", change: context =>
        {
            WithSession(session)(context);
            context.Request.Headers.Authorization = "Bearer " + other;
        });
        var forged = await rig.CallAsync("rollout_status", change: WithSession("AAAA" + session));
        Assert.Empty(rig.Upstream.Calls);
        rig.Upstream.Before = request => request.Method == "tools/call" ? ScriptedUpstream.Json("{}", System.Net.HttpStatusCode.NotFound) : null;
        var dead = await rig.CallAsync("rollout_status", change: WithSession(session));
        Assert.Equal((404, 404, 404), (foreign.Status, forged.Status, dead.Status));
        // The dead one was known only after the call had gone out.
        Assert.Equal(CallOutcome.Failed, rig.Audit.Records[^1].Outcome);
        Assert.Equal(7, dead.Json.GetProperty("id").GetInt32());
    }

    [Fact]
    public async Task A_mirrored_argument_outside_ascii_is_the_callers_mistake()
    {
        var answer = await rig.ModernAsync(
            "tools/call", "\"name\":\"rollout_status\"", "rollout_status", context => context.Request.Headers["Mcp-Param-Region"] = "Zürich");
        Assert.Equal((400, -32020), (answer.Status, answer.Error.GetProperty("code").GetInt32()));
        Assert.Empty(rig.Upstream.Calls);
        Assert.Equal(CallOutcome.Refused, rig.Audit.Records[^1].Outcome);
    }

    [Fact]
    public async Task Pings_are_answered_here_and_not_recorded()
    {
        var answer = await rig.PostAsync("""{"jsonrpc":"2.0","id":"p\u0031","method":"ping"}""");
        Assert.Equal("""{"jsonrpc":"2.0","id":"p\u0031","result":{}}""", answer.Body);
        Assert.Empty(rig.Upstream.Requests);
        Assert.Empty(rig.Audit.Records);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{}}""")]
    public async Task What_nobody_waits_for_is_taken_and_dropped(string body)
    {
        Assert.Equal(202, (await rig.PostAsync(body)).Status);
        Assert.Empty(rig.Upstream.Requests);
    }

    [Fact]
    public async Task A_modern_client_has_neither_stream_nor_session()
    {
        var answer = await rig.SendAsync("GET", [], context => context.Request.Headers["MCP-Protocol-Version"] = "2026-07-28");
        Assert.Equal((405, "POST"), (answer.Status, answer.Headers.Allow.ToString()));
        Assert.Empty((await rig.ModernAsync("server/discover")).Headers["Mcp-Session-Id"].ToString());
    }

    private static Action<Microsoft.AspNetCore.Http.HttpContext> WithSession(string session) =>
        context => context.Request.Headers["Mcp-Session-Id"] = session;
}
