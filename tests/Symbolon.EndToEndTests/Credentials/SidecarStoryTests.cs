using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Credentials;

/// <summary>A server in JavaScript, whose sidecar has the key: the same story as of a server in C#, and what happens to the sidecar.</summary>
[Trait("area", "credentials")]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class SidecarStoryTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_api_and_the_audit_name_person_agent_server_tool_scope_and_resource_under_one_trace()
    {
        await using var sidecar = await SidecarStage.StartAsync();
        var stage = sidecar.Stage;
        var token = await stage.Setup.TokenAsync("releases");

        Assert.Contains("4.2.0", (await stage.CallAsync(token.Secret, "rollout_status", "web", Trace)).Text, StringComparison.Ordinal);
        var line = Assert.Single(stage.ApiLines(Trace));
        foreach (var named in new[] { "person=alice@example.com", $"agent=agent-of-{token.Grant}", "server=releases", "tool=mcp:releases:rollout_status", "scope=read", "resource=cluster:prod/namespace:checkout/release/web", "status=200" })
            Assert.Contains(named, line, StringComparison.Ordinal);
        var records = (await stage.Setup.Api.AuditAsync("")).Select(record => record.ToJsonString()).Where(record => record.Contains(Trace, StringComparison.Ordinal)).ToList();
        var call = Assert.Single(records, record => record.Contains("\"call_intent\"", StringComparison.Ordinal));
        var exchange = Assert.Single(records, record => record.Contains("exchange", StringComparison.Ordinal));
        Assert.All([call, exchange], record =>
        {
            foreach (var named in new[] { "alice@example.com", $"agent-of-{token.Grant}", "releases", "rollout_status" }) Assert.Contains(named, record, StringComparison.Ordinal);
        });
        Assert.Contains("cluster:prod/namespace:checkout/release/*", exchange, StringComparison.Ordinal);
        (await stage.Symbolon.RunAsync("audit", "verify")).Expect();

        Assert.Contains("is deleted", (await stage.CallAsync(token.Secret, "delete_release", "worker", Trace)).Text, StringComparison.Ordinal);
        Assert.Contains("There is no release", (await stage.CallAsync(token.Secret, "rollout_status", "worker", Trace)).Text, StringComparison.Ordinal);
        // No process has written a token anywhere.
        foreach (var process in sidecar.Processes.Append(stage.Api).Append(stage.Symbolon.Process))
            Assert.DoesNotContain(process.Output.Concat(process.Errors), text => text.Contains("eyJ", StringComparison.Ordinal) || text.Contains(token.Secret, StringComparison.Ordinal) || text.Contains("sym_enr_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stranger_is_not_answered_by_the_server_and_the_sidecar_goes_nowhere_but_to_the_api()
    {
        await using var sidecar = await SidecarStage.StartAsync();
        var stage = sidecar.Stage;
        var token = await stage.Setup.TokenAsync("releases");
        // The server's own credential is no call of the gateway either.
        var own = await TokenAsync(sidecar);
        using var http = new HttpClient();
        foreach (var shown in new[] { null, $"Bearer {token.Secret}", $"DPoP {token.Secret}", $"DPoP {own}" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{stage.Server}/mcp");
            if (shown is not null) request.Headers.TryAddWithoutValidation("Authorization", shown);
            request.Headers.TryAddWithoutValidation("DPoP", await ProofAsync(sidecar, "POST", stage.Audience, own));
            using var answer = await http.SendAsync(request, Cancellation);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        Assert.Equal((200, null), await sidecar.ForwardAsync($"{stage.Audience}/namespaces/checkout/releases/web"));
        foreach (var elsewhere in new[] { $"{stage.Server}/mcp", $"{stage.Symbolon.Url.GetLeftPart(UriPartial.Authority)}/api/v1/servers", "http://169.254.169.254/", $"{stage.Audience}/namespaces/..%2fcheckout" })
            Assert.Equal((403, "wrong_target"), await sidecar.ForwardAsync(elsewhere));
    }

    [Fact]
    public async Task A_sidecar_that_is_killed_goes_on_with_its_key_and_a_suspended_server_is_refused_by_the_api_within_a_second()
    {
        await using var sidecar = await SidecarStage.StartAsync();
        var stage = sidecar.Stage;
        var token = await stage.Setup.TokenAsync("releases");
        var key = await KeyAsync(stage);
        sidecar.Sidecar.Kill();
        await sidecar.Sidecar.ExitAsync();
        await sidecar.StartSidecarAsync("--enroll", "@/nowhere/any/more");
        Assert.Contains("4.2.0", (await stage.CallAsync(token.Secret, "rollout_status", "web", Trace)).Text, StringComparison.Ordinal);
        Assert.Equal(key, await KeyAsync(stage));

        var target = $"{stage.Audience}/namespaces/checkout/releases/web";
        var own = await TokenAsync(sidecar);
        using var http = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, await AskAsync());
        (await stage.Symbolon.RunAsync("server", "suspend", "releases")).Expect();
        await Deadline.ForAsync("the API to know of it", async () => await AskAsync() == HttpStatusCode.Unauthorized ? "so" : null, TimeSpan.FromSeconds(1));
        // And there is no other for it.
        await Deadline.ForAsync("the sidecar to hear it", async () => await sidecar.ForwardAsync(target) is (401, null) or (403, "invalid_client") ? "so" : null);

        async Task<HttpStatusCode> AskAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, target);
            request.Headers.TryAddWithoutValidation("Authorization", $"DPoP {own}");
            request.Headers.TryAddWithoutValidation("DPoP", await ProofAsync(sidecar, "GET", target, own));
            using var answer = await http.SendAsync(request, Cancellation);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task It_replaces_its_key_by_itself_when_that_is_ordered_and_no_call_fails()
    {
        await using var sidecar = await SidecarStage.StartAsync();
        var stage = sidecar.Stage;
        // Symbolon replaces no key that has just come.
        await Deadline.ForAsync("the key to be a few seconds old", async () => (long)(await KeysAsync()).Single()!["age"]! >= 6 ? "so" : null);
        var old = await KeyAsync(stage);
        var ordered = (await stage.Symbolon.RunAsync("server", "rotate", "releases", "-o", "json")).Expect().Json.AsArray().Single()!;
        Assert.Equal(old, (string?)ordered["thumbprint"]);

        await Deadline.ForAsync("another key", async () =>
        {
            // Of another caller each time: with the token that is exchanged for the call the order is heard.
            var token = await stage.Setup.TokenAsync("releases");
            Assert.Contains("4.2.0", (await stage.CallAsync(token.Secret, "rollout_status", "web", Trace)).Text, StringComparison.Ordinal);
            return (await KeysAsync()).Count == 2 ? "so" : null;
        });
        var keys = await KeysAsync();
        Assert.Equal([("replaced", null), ("active", old)], keys.Select(key => ((string?)key!["state"], (string?)key["predecessor"])));

        // What was on the disk is the new key: the next start goes on with it.
        sidecar.Sidecar.Kill();
        await sidecar.Sidecar.ExitAsync();
        await sidecar.StartSidecarAsync();
        var last = await stage.Setup.TokenAsync("releases");
        Assert.Contains("4.2.0", (await stage.CallAsync(last.Secret, "rollout_status", "web", Trace)).Text, StringComparison.Ordinal);
        Assert.Equal(2, (await KeysAsync()).Count);

        async Task<JsonArray> KeysAsync() => (await stage.Setup.Api.GetAsync("/servers/releases/keys")).AsArray();
    }

    [Fact]
    public async Task It_ends_in_order_when_it_is_told_to_and_leaves_nothing_but_its_key()
    {
        await using var sidecar = await SidecarStage.StartAsync();
        sidecar.Sidecar.Terminate();
        Assert.Equal(0, await sidecar.Sidecar.ExitAsync());
        Assert.False(Path.Exists(sidecar.Socket));

        var file = Path.Combine(sidecar.Stage.Folder, "token");
        var process = await sidecar.StartSidecarAsync("--token-file", file, "--listen", $"127.0.0.1:{FreePort.Take()}");
        await Deadline.ForAsync("the file", () => File.Exists(file));
        Assert.StartsWith("eyJ", await File.ReadAllTextAsync(file, Cancellation), StringComparison.Ordinal);
        foreach (var own in new[] { file, Path.Combine(sidecar.State, "instance.key"), Path.Combine(sidecar.State, "local-secret") })
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(own));
        process.Terminate();
        Assert.Equal(0, await process.ExitAsync());
        Assert.False(File.Exists(file));
    }

    private static async Task<string> TokenAsync(SidecarStage sidecar) =>
        (string)JsonNode.Parse(await sidecar.Http.GetStringAsync("/token", Cancellation))!["access_token"]!;

    private static async Task<string> ProofAsync(SidecarStage sidecar, string method, string url, string token)
    {
        using var asked = new StringContent(new JsonObject { ["method"] = method, ["url"] = url, ["access_token"] = token }.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await sidecar.Http.PostAsync("/proof", asked, Cancellation);
        return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!["dpop"]!;
    }

    private static async Task<string> KeyAsync(ReleaseStage stage) =>
        (string)(await stage.Symbolon.RunAsync("server", "keys", "releases", "-o", "json")).Expect().Json.AsArray().Single()!["thumbprint"]!;
}
