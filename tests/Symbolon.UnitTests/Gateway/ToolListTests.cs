using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Upstreams;
using Symbolon.Testing.Gateway;

namespace Symbolon.UnitTests.Gateway;

[Trait("area", "gateway")]
public sealed class ToolListTests : IDisposable
{
    private const string List = """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""";
    private readonly GatewayRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task A_list_shows_what_this_caller_may_call_exactly_as_the_server_says_it()
    {
        rig.Apply(GatewayRig.Grant("rollout_status"));
        var answer = await rig.PostAsync(List);
        Assert.Equal("""{"jsonrpc":"2.0","id":1,"result":{"tools":[""" + GatewayRig.ReadTool + "]}}", answer.Body);
    }

    [Fact]
    public async Task Two_tokens_see_two_lists()
    {
        var narrow = PastedToken.Create(TokenKind.Agent);
        rig.Tokens.Put(narrow, rig.TokenOf("tok_2") with { Servers = [new ServerAccess { Server = new ServerName("deploy"), Tools = [new ToolName("delete_release")] }] });
        var wide = await rig.PostAsync(List);
        var small = await rig.PostAsync(List, context => context.Request.Headers.Authorization = "Bearer " + narrow);
        Assert.Equal((2, 1), (wide.Result.GetProperty("tools").GetArrayLength(), small.Result.GetProperty("tools").GetArrayLength()));
    }

    [Fact]
    public async Task Pages_are_filtered_one_by_one_and_keep_their_cursor()
    {
        await rig.PostAsync(List);
        rig.Apply(GatewayRig.Grant("rollout_status"));
        rig.Upstream.Before = request => request.Method != "tools/list" ? null
            : ScriptedUpstream.Json("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"tools\":[" + GatewayRig.WriteTool + "],\"nextCursor\":\"\",\"x\":[1, 2]}}");
        var answer = await rig.PostAsync(List);
        var cursor = answer.Result.GetProperty("nextCursor").GetString()!;
        Assert.Equal("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"tools\":[],\"nextCursor\":\"" + cursor + "\",\"x\":[1, 2]}}", answer.Body);
        await rig.PostAsync(FeatureRig.Request("tools/list", $"\"cursor\":\"{cursor}\""));
        Assert.Contains("\"cursor\":\"\"", rig.Upstream.Requests[^1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_modern_list_is_private_and_no_older_than_the_token()
    {
        var answer = await rig.ModernAsync("tools/list");
        Assert.Equal(("private", 60000L), (answer.Result.GetProperty("cacheScope").GetString(), answer.Result.GetProperty("ttlMs").GetInt64()));
        var shortLived = PastedToken.Create(TokenKind.Agent);
        rig.Tokens.Put(shortLived, rig.TokenOf("tok_2", rig.Now + 2_000_000));
        var soon = await rig.ModernAsync("tools/list", change: context => context.Request.Headers.Authorization = "Bearer " + shortLived);
        Assert.Equal(7000, soon.Result.GetProperty("ttlMs").GetInt64());
    }

    [Fact]
    public async Task Tools_with_names_that_cannot_be_are_dropped()
    {
        rig.Upstream.Tools.Add("""{"name":"with space","inputSchema":{}}""");
        rig.Upstream.Tools.Add("""{"name":"rollout_status","Name":"x"}""");
        rig.Upstream.Tools.Add("7");
        Assert.Equal(2, (await rig.PostAsync(List)).Result.GetProperty("tools").GetArrayLength());
    }

    [Fact]
    public async Task A_list_that_passes_by_suspends_what_it_shows_changed()
    {
        Assert.False((await rig.CallAsync("rollout_status")).Result.TryGetProperty("isError", out _));
        rig.Upstream.Tools[0] = GatewayRig.ReadTool.Replace("Shows", "Lies", StringComparison.Ordinal);
        await rig.PostAsync(List);
        Assert.Equal("tool_suspended", (await rig.CallAsync("rollout_status")).Refusal.GetProperty("code").GetString());
        rig.Upstream.Tools[0] = GatewayRig.ReadTool;
        await rig.PostAsync(List);
        Assert.False((await rig.CallAsync("rollout_status")).Result.TryGetProperty("isError", out _));
        Assert.Equal(["changed", "back"], rig.Audit.Records.Where(record => record.Action is not null).Select(record => record.Action));
    }

    [Theory]
    [InlineData("Tools")]
    [InlineData("\\u0054ools")]
    [InlineData("tool\u017F")]
    [InlineData("tools")]
    [InlineData("NextCursor")]
    public async Task A_result_with_a_second_list_in_disguise_is_no_answer(string second)
    {
        await rig.PostAsync(List);
        rig.Upstream.Before = request => request.Method != "tools/list" ? null
            : ScriptedUpstream.Json("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"tools\":[],\"" + second + "\":[{\"name\":\"evil\"}],\"nextCursor\":\"\"}}");
        var answer = await rig.PostAsync(List);
        Assert.Equal("upstream_invalid", answer.ErrorCode);
        Assert.DoesNotContain("evil", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("server/discover", "Capabilities")]
    [InlineData("server/discover", "CacheScope")]
    public async Task A_discovery_with_members_in_disguise_is_no_answer(string method, string member)
    {
        await rig.ModernAsync("tools/list");
        rig.Upstream.Before = request => request.Method != method ? null
            : ScriptedUpstream.Json("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{},\"" + member + "\":{}}}");
        Assert.Equal("upstream_invalid", (await rig.ModernAsync(method)).ErrorCode);
    }

    [Fact]
    public async Task Tools_that_no_manifest_names_are_not_remembered()
    {
        await rig.PostAsync(List);
        var made = 0;
        rig.Upstream.Before = request => request.Method != "tools/list" ? null
            : ScriptedUpstream.Json("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"tools\":[" + GatewayRig.ReadTool + ",{\"name\":\"made_up_" + made++ + "\",\"inputSchema\":{}}]}}");
        for (var i = 0; i < 20; i++) Assert.Equal(1, (await rig.PostAsync(List)).Result.GetProperty("tools").GetArrayLength());
        var upstream = rig.Get<UpstreamDirectory>().For(OrganisationId.Default, GatewayRig.Server());
        Assert.Equal(["delete_release", "rollout_status"], upstream[Era.Legacy].Tools.All.Select(tool => tool.Name).Order());
    }

    [Fact]
    public async Task A_server_whose_tools_change_with_every_list_makes_few_records()
    {
        var tools = Enumerable.Range(0, 500).Select(i => "{\"name\":\"tool_" + i + "\",\"description\":\"VERSION\",\"inputSchema\":{\"type\":\"object\"}}").ToList();
        rig.Apply(GatewayRig.Server(manifest => manifest with { Tools = [.. tools.Select(tool => GatewayRig.ToolOf(tool, Effect.Read))] }, number: 2));
        var version = 0;
        rig.Upstream.Before = request => request.Method != "tools/list" ? null
            : ScriptedUpstream.Json("{\"jsonrpc\":\"2.0\",\"id\":" + request.Id + ",\"result\":{\"tools\":["
                + string.Join(',', tools).Replace("VERSION", $"v{version++}", StringComparison.Ordinal) + "]}}");
        for (var i = 0; i < 40; i++) await rig.PostAsync(List);
        var drift = rig.Audit.Records.Where(record => record.Kind == AuditKind.Drift).ToList();
        Assert.InRange(drift.Count, 2, 20);
        Assert.All(drift, record => Assert.Equal((null, "changed", 500), (record.Tool, record.Action, record.Count)));
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        await rig.PostAsync(List);
        Assert.Equal(drift.Count + 1, rig.Audit.Records.Count(record => record.Kind == AuditKind.Drift));
    }

    [Fact]
    public async Task A_list_over_events_is_filtered_too()
    {
        await rig.PostAsync(List);
        rig.Apply(GatewayRig.Grant("rollout_status"));
        rig.Upstream.Before = request => request.Method != "tools/list" ? null
            : ScriptedUpstream.Events("data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"tools\":[" + string.Join(',', rig.Upstream.Tools) + "]}}\n\n");
        var answer = await rig.PostAsync(List);
        Assert.Equal("data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"tools\":[" + GatewayRig.ReadTool + "]}}\n\n", answer.Body);
    }

    [Fact]
    public async Task The_tools_are_read_page_by_page_before_the_first_call_and_an_endless_list_is_given_up()
    {
        rig.Upstream.Before = request => request.Method != "tools/list" ? null
            : ScriptedUpstream.Json("{\"jsonrpc\":\"2.0\",\"id\":" + request.Id + ",\"result\":{\"tools\":[],\"nextCursor\":\"more\"}}");
        Assert.Equal("upstream_invalid", (await rig.CallAsync("rollout_status")).ErrorCode);
        Assert.InRange(rig.Upstream.Requests.Count(request => request.Method == "tools/list"), 2, 128);
    }
}
