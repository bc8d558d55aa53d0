using System.Net;
using System.Text.Json.Nodes;
using Symbolon.Client;
using Symbolon.Client.Calls;
using Symbolon.Client.Credentials;
using Symbolon.Testing.OAuth;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Credentials;

/// <summary>One call from a person's agent to the API behind a server, with a credential at each step and no shared secret anywhere.</summary>
[Trait("area", "credentials")]
public sealed class ServerCredentialStoryTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    [Fact]
    public async Task The_api_and_the_audit_name_person_agent_server_tool_scope_and_resource_under_one_trace()
    {
        await using var stage = await ReleaseStage.StartAsync();
        var token = await stage.Setup.TokenAsync("releases");

        var answer = await stage.CallAsync(token.Secret, "rollout_status", "web", Trace);
        Assert.Contains("4.2.0", answer.Text, StringComparison.Ordinal);
        var line = Assert.Single(stage.ApiLines(Trace));
        foreach (var named in new[] { "person=alice@example.com", $"agent=agent-of-{token.Grant}", "server=releases", "tool=mcp:releases:rollout_status", "scope=read", "resource=cluster:prod/namespace:checkout/release/web", "status=200" })
            Assert.Contains(named, line, StringComparison.Ordinal);

        var records = (await stage.Setup.Api.AuditAsync("")).Select(record => record.ToJsonString()).Where(record => record.Contains(Trace, StringComparison.Ordinal)).ToList();
        var call = Assert.Single(records, record => record.Contains("\"call_intent\"", StringComparison.Ordinal));
        var exchange = Assert.Single(records, record => record.Contains("exchange", StringComparison.Ordinal));
        Assert.All([call, exchange], record =>
        {
            Assert.Contains("alice@example.com", record, StringComparison.Ordinal);
            Assert.Contains($"agent-of-{token.Grant}", record, StringComparison.Ordinal);
            Assert.Contains("releases", record, StringComparison.Ordinal);
            Assert.Contains("rollout_status", record, StringComparison.Ordinal);
        });
        Assert.Contains("cluster:prod/namespace:checkout/release/*", exchange, StringComparison.Ordinal);
        (await stage.Symbolon.RunAsync("audit", "verify")).Expect();
    }

    [Fact]
    public async Task What_a_tool_does_not_need_it_cannot_do_and_nobody_but_the_gateway_is_answered()
    {
        await using var stage = await ReleaseStage.StartAsync();
        var token = await stage.Setup.TokenAsync("releases");
        Assert.Contains("is deleted", (await stage.CallAsync(token.Secret, "delete_release", "worker", Trace)).Text, StringComparison.Ordinal);
        Assert.Contains("There is no release", (await stage.CallAsync(token.Secret, "rollout_status", "worker", Trace)).Text, StringComparison.Ordinal);

        // The caller's own token is none at the server, and at the API.
        using var http = new HttpClient();
        foreach (var (method, url) in new[] { (HttpMethod.Post, $"{stage.Server}/mcp"), (HttpMethod.Get, $"{stage.Audience}/namespaces/checkout/releases/web") })
            foreach (var shown in new[] { null, $"Bearer {token.Secret}", $"DPoP {token.Secret}" })
            {
                using var request = new HttpRequestMessage(method, url);
                if (shown is not null) request.Headers.TryAddWithoutValidation("Authorization", shown);
                using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
                Assert.Equal(401, (int)answer.StatusCode);
            }
        // No process has written a token anywhere.
        foreach (var process in new[] { stage.Api, stage.Releases, stage.Symbolon.Process })
            Assert.DoesNotContain(process.Output.Concat(process.Errors), text => text.Contains("eyJ", StringComparison.Ordinal) || text.Contains(token.Secret, StringComparison.Ordinal) || text.Contains("sym_enr_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_that_is_out_already_is_refused_by_the_api_within_a_second_of_the_revocation_of_its_key()
    {
        await using var stage = await ReleaseStage.StartAsync();
        // Another instance of the server, made of the packages alone.
        await stage.EnrolAsync();
        using var credential = await ServerCredential.OpenAsync(new ServerCredentialOptions
        {
            Symbolon = new Uri(stage.Symbolon.Url.GetLeftPart(UriPartial.Authority)), KeyFile = Path.Combine(stage.Folder, "second.key"), Instance = "second",
            EnrolmentCode = (await File.ReadAllTextAsync(Path.Combine(stage.Folder, "code"), TestContext.Current.CancellationToken)).Trim(),
        }, cancellation: TestContext.Current.CancellationToken);
        var handler = SymbolonHandler.AsServer(credential);
        handler.InnerHandler = new SocketsHttpHandler();
        using var http = new HttpClient(handler) { BaseAddress = credential.Audience };
        Assert.Equal(HttpStatusCode.OK, await StatusAsync());

        (await stage.Symbolon.RunAsync("server", "keys", "releases", "--revoke", credential.KeyThumbprint, "--yes")).Expect();
        await Deadline.ForAsync("the API to know of it", async () => await StatusAsync() == HttpStatusCode.Unauthorized ? "so" : null, TimeSpan.FromSeconds(1));

        async Task<HttpStatusCode> StatusAsync()
        {
            try
            {
                using var answer = await http.GetAsync("/namespaces/checkout/releases/web", TestContext.Current.CancellationToken);
                return answer.StatusCode;
            }
            catch (SymbolonException)
            {
                // The API has refused the token, and there is no other for this key.
                return HttpStatusCode.Unauthorized;
            }
        }
    }

    [Fact]
    public async Task An_envelope_that_is_cut_cuts_the_next_token_and_ends_the_one_before_at_the_api_within_a_second()
    {
        await using var stage = await ReleaseStage.StartAsync();
        // By hand, beside the library that would put another token in the place of a refused one.
        using var key = new ProofKey();
        using var http = new HttpClient();
        await stage.EnrolAsync();
        var server = new ServerByHand(http, stage.Symbolon.Url.GetLeftPart(UriPartial.Authority), "releases");
        Assert.Equal(HttpStatusCode.Created, (await server.EnrolAsync((await File.ReadAllTextAsync(Path.Combine(stage.Folder, "code"), TestContext.Current.CancellationToken)).Trim(), key))!.Value.Status);
        var wide = (await server.TokenAsync(key))!.Value.Json;
        Assert.Contains("delete:cluster:prod/namespace:*/release/*", (string)wide["scope"]!, StringComparison.Ordinal);
        Assert.Contains("delete", wide["authorization_details"]!.ToJsonString(), StringComparison.Ordinal);
        var target = $"{stage.Audience}/namespaces/checkout/releases/web";
        Assert.Equal(HttpStatusCode.OK, await AskAsync(wide));

        var file = (await stage.Setup.Api.GetAsync("/export")).AsArray().Single(each => (string?)each!["kind"] == "Server")!.AsObject();
        foreach (var tool in file["spec"]!["tools"]!.AsArray())
            tool!["needs"] = new JsonArray(new JsonObject { ["actions"] = new JsonArray("read"), ["resource"] = "cluster:prod/namespace:checkout/release/*" });
        await stage.Setup.Api.ApplyAsync(file);
        // A tool that leaves out an action is another tool to whoever holds tokens for it, so that waits; what was approved serves until then.
        var pending = (int)(await stage.Setup.Api.GetAsync("/servers/releases"))["pendingVersion"]!;
        Assert.Equal(HttpStatusCode.OK, await AskAsync(wide));
        await stage.Setup.Api.PostAsync("/servers/releases/approve", new JsonObject { ["version"] = pending });
        await Deadline.ForAsync("the API to know of it", async () => await AskAsync(wide) == HttpStatusCode.Unauthorized ? "so" : null, TimeSpan.FromSeconds(1));

        var narrow = (await server.TokenAsync(key))!.Value.Json;
        Assert.Equal("read:cluster:prod/namespace:checkout/release/*", (string)narrow["scope"]!);
        Assert.DoesNotContain("delete", narrow["authorization_details"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(narrow));

        async Task<HttpStatusCode> AskAsync(JsonNode answer)
        {
            var token = (string)answer["access_token"]!;
            using var request = new HttpRequestMessage(HttpMethod.Get, target);
            request.Headers.TryAddWithoutValidation("Authorization", $"DPoP {token}");
            request.Headers.TryAddWithoutValidation("DPoP", key.Proof("GET", target, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(), token));
            using var got = await http.SendAsync(request, TestContext.Current.CancellationToken);
            return got.StatusCode;
        }
    }

    [Fact]
    public async Task A_server_starts_again_without_a_code_and_a_key_that_is_ended_gets_no_more_tokens()
    {
        await using var stage = await ReleaseStage.StartAsync();
        var token = await stage.Setup.TokenAsync("releases");
        stage.Releases.Kill();
        await stage.Releases.ExitAsync();
        await using (var again = await stage.StartReleasesAsync())
        {
            Assert.Contains("4.2.0", (await stage.CallAsync(token.Secret, "rollout_status", "web", Trace)).Text, StringComparison.Ordinal);
            var key = (string)(await stage.Symbolon.RunAsync("server", "keys", "releases", "-o", "json")).Expect().Json.AsArray().Single()!["thumbprint"]!;
            Assert.Equal(key, (string?)(await stage.Symbolon.RunAsync("server", "show", "releases", "-o", "json")).Expect().Json["keys"]![0]!["thumbprint"]);
            (await stage.Symbolon.RunAsync("server", "keys", "releases", "--revoke", key, "--yes")).Expect();
            Assert.Contains("no token for this call", await AnswerAsync(), StringComparison.Ordinal);
        }

        // A new key, by a new code, is another instance.
        File.Delete(stage.KeyFile);
        await stage.EnrolAsync();
        await using (await stage.StartReleasesAsync("--enroll", Path.Combine(stage.Folder, "code")))
            Assert.Contains("4.2.0", (await stage.CallAsync(token.Secret, "rollout_status", "web", Trace)).Text, StringComparison.Ordinal);

        // Of another caller, for whom no token was exchanged before.
        async Task<string> AnswerAsync() => (await stage.CallAsync((await stage.Setup.TokenAsync("releases")).Secret, "rollout_status", "web", Trace)).Text;
    }
}
