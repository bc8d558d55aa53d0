using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Symbolon.Testing.OAuth;
using Symbolon.Testing.Processes;

namespace Symbolon.ConformanceTests;

/// <summary>The sidecar over real connections and on a real disk: what a program gets at its socket, who else gets nothing, and what lies in its folder.</summary>
[Trait("area", "client")]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class SidecarTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_program_gets_the_servers_credential_and_a_proof_that_the_api_takes()
    {
        await using var stage = await SidecarStage.StartAsync();
        var url = $"{stage.Client.Symbolon.Audience}/releases/web";
        var token = await JsonOf(await stage.Http.GetAsync("/token", Cancellation));
        Assert.Equal("DPoP", (string?)token["token_type"]);
        Assert.InRange((int)token["expires_in"]!, 3500, 3600);
        var proof = await JsonOf(await PostAsync(stage, "/proof", new JsonObject { ["method"] = "GET", ["url"] = url, ["access_token"] = (string)token["access_token"]! }));

        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Authorization = new AuthenticationHeaderValue("DPoP", (string)token["access_token"]!);
        request.Headers.Add("DPoP", (string)proof["dpop"]!);
        using var answer = await http.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        using var elsewhere = await PostAsync(stage, "/proof", new JsonObject { ["method"] = "POST", ["url"] = $"{stage.Client.Symbolon.Issuer}/oauth/token" });
        Assert.Equal("wrong_target", await CodeOf(elsewhere));
    }

    [Fact]
    public async Task A_call_is_exchanged_and_narrowed_as_it_was_asked()
    {
        await using var stage = await SidecarStage.StartAsync();
        stage.Client.Symbolon.Instead = heard => heard.Path == "/oauth/token"
            ? FakeSymbolon.Json(HttpStatusCode.OK, """{"access_token":"a.token","token_type":"DPoP","expires_in":300,"scope":"read:x","authorization_details":[{"type":"symbolon_resource","actions":["read"],"resource":"x"}]}""") : null;
        var exchanged = await JsonOf(await PostAsync(stage, "/exchange", new JsonObject
        {
            ["subject_token"] = "a.call.token", ["scope"] = "read:x", ["authorization_details"] = new JsonArray(new JsonObject { ["type"] = "symbolon_resource", ["actions"] = new JsonArray("read"), ["resource"] = "x" }),
        }));
        Assert.Equal(("a.token", "DPoP", "read:x", """[{"type":"symbolon_resource","actions":["read"],"resource":"x"}]"""),
            ((string?)exchanged["access_token"], (string?)exchanged["token_type"], (string?)exchanged["scope"], exchanged["authorization_details"]!.ToJsonString()));
        Assert.InRange((int)exchanged["expires_in"]!, 250, 300);
        var heard = stage.Client.Symbolon.Heard.Last(request => request.Path == "/oauth/token").Form;
        Assert.Equal(("a.call.token", "read:x", """[{"type":"symbolon_resource","actions":["read"],"resource":"x"}]"""), (heard["subject_token"], heard["scope"], heard["authorization_details"]));
    }

    [Fact]
    public async Task A_request_is_forwarded_for_the_caller_with_the_sidecars_token_and_no_other()
    {
        await using var stage = await SidecarStage.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/forward");
        request.Headers.Add("Symbolon-Target", $"{stage.Client.Symbolon.Audience}/releases/web?x=1");
        request.Headers.Add("Symbolon-Subject-Token", "a.call.token");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer of-somebody");
        request.Headers.TryAddWithoutValidation("DPoP", "of-somebody");
        using var answer = await stage.Http.SendAsync(request, Cancellation);
        Assert.Equal("alice@example.com through release-bot by releases: web", await answer.Content.ReadAsStringAsync(Cancellation));

        // What the API refuses is the API's answer, and said to be.
        using var delete = new HttpRequestMessage(HttpMethod.Delete, "/forward");
        delete.Headers.Add("Symbolon-Target", $"{stage.Client.Symbolon.Audience}/releases/web");
        delete.Headers.Add("Symbolon-As-Server", "true");
        using var refused = await stage.Http.SendAsync(delete, Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.False(refused.Headers.Contains("Symbolon-Refused"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_sent_and_answered_goes_through_as_it_comes(bool chunked)
    {
        await using var stage = await SidecarStage.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/forward") { Content = new StringContent("grüße") };
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.Add("Symbolon-Target", $"{stage.Client.Symbolon.Audience}/stream");
        request.Headers.Add("Symbolon-As-Server", "true");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer of-somebody");
        request.Headers.TryAddWithoutValidation("Keep-Alive", "timeout=5");
        request.Headers.TryAddWithoutValidation("X-Own", "x");
        using var answer = await stage.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancellation));
        Assert.Equal("first", await reader.ReadLineAsync(Cancellation));
        stage.Client.Gate.SetResult();
        var length = chunked ? "Content-Type DPoP Host Transfer-Encoding X-Own" : "Content-Length Content-Type DPoP Host X-Own";
        Assert.Equal($"grüße by DPoP with Authorization {length}", await reader.ReadToEndAsync(Cancellation));
    }

    [Fact]
    public async Task Without_a_token_no_request_is_made_and_the_reason_is_told()
    {
        await using var stage = await SidecarStage.StartAsync();
        stage.Client.Symbolon.Instead = heard => heard.Path == "/oauth/token" ? FakeSymbolon.Json(HttpStatusCode.BadRequest, """{"error":"invalid_client","error_description":"The server is suspended."}""") : null;
        using var request = new HttpRequestMessage(HttpMethod.Get, "/forward");
        request.Headers.Add("Symbolon-Target", $"{stage.Client.Symbolon.Audience}/releases/web");
        request.Headers.Add("Symbolon-As-Server", "true");
        using var answer = await stage.Http.SendAsync(request, Cancellation);
        Assert.Equal((HttpStatusCode.Forbidden, "invalid_client"), (answer.StatusCode, await CodeOf(answer)));
        Assert.Empty(stage.Client.Scopes);
    }

    [Fact]
    public async Task A_call_of_the_gateway_is_told_from_all_others()
    {
        await using var stage = await SidecarStage.StartAsync();
        using var gateway = new ProofKey();
        var token = stage.Client.Symbolon.Token(gateway.Thumbprint.ToString(), ToCallToken);
        var proof = gateway.Proof("POST", SidecarStage.ServerUrl, DateTimeOffset.UtcNow.ToUnixTimeSeconds(), token);
        var asked = new JsonObject { ["authorization"] = $"DPoP {token}", ["dpop"] = proof, ["method"] = "POST", ["url"] = "/mcp?x=1" };
        var caller = await JsonOf(await PostAsync(stage, "/verify", asked));
        Assert.True((bool)caller["active"]!, caller.ToJsonString());
        Assert.Equal(("alice@example.com", "release-bot", "mcp:releases:rollout_status", "agent:release-bot"),
            ((string?)caller["sub"], (string?)caller["agent"], (string?)caller["tool"], (string?)caller["act"]!["sub"]));

        var seen = await JsonOf(await PostAsync(stage, "/verify", asked));
        Assert.False((bool)seen["active"]!);
        Assert.Equal(401, (int)seen["status"]!);
        var others = new[]
        {
            stage.Client.Symbolon.Token(gateway.Thumbprint.ToString()),
            stage.Client.Symbolon.Token(gateway.Thumbprint.ToString(), said => { ToCallToken(said); said["aud"] = "http://127.0.0.1:7998/mcp"; }),
            stage.Client.Symbolon.Token(gateway.Thumbprint.ToString(), said => { ToCallToken(said); said["may_act"] = new JsonObject { ["sub"] = "server:other" }; }),
            stage.Client.Symbolon.Token(stage.Client.Symbolon.Key.PublicKey.Thumbprint.ToString(), ToCallToken),
        };
        foreach (var other in others)
        {
            var verdict = await JsonOf(await PostAsync(stage, "/verify", new JsonObject
            {
                ["authorization"] = $"DPoP {other}", ["dpop"] = gateway.Proof("POST", SidecarStage.ServerUrl, DateTimeOffset.UtcNow.ToUnixTimeSeconds(), other), ["method"] = "POST", ["url"] = "/mcp",
            }));
            Assert.False((bool)verdict["active"]!);
            Assert.NotNull(verdict["challenge"]);
        }
    }

    [Fact]
    public async Task Hostile_bodies_are_refused_and_the_sidecar_goes_on()
    {
        await using var stage = await SidecarStage.StartAsync();
        foreach (var (body, code) in new[] { ("", "malformed_request"), (new string('[', 50_000), "malformed_request"), (new string('x', 200_000), "too_large"), ("""{"methods":"GET"}""", "invalid"), ("{}", "invalid") })
            foreach (var route in new[] { "/proof", "/exchange", "/verify" })
            {
                using var content = new StringContent(body, Encoding.UTF8, "application/json");
                using var answer = await stage.Http.PostAsync(route, content, Cancellation);
                Assert.Equal(code, await CodeOf(answer));
            }
        using var unknown = await stage.Http.GetAsync("/api/v1/servers", Cancellation);
        Assert.Equal("not_found", await CodeOf(unknown));
        using var page = new HttpRequestMessage(HttpMethod.Get, "/token");
        page.Headers.Add("Origin", "http://localhost");
        using var refused = await stage.Http.SendAsync(page, Cancellation);
        Assert.Equal("bad_origin", await CodeOf(refused));
        using var token = await stage.Http.GetAsync("/token", Cancellation);
        Assert.Equal(HttpStatusCode.OK, token.StatusCode);
    }

    [Fact]
    public async Task At_a_port_the_secret_of_the_folder_is_asked_for()
    {
        var port = FreePort.Take();
        await using var stage = await SidecarStage.StartAsync("--listen", $"127.0.0.1:{port}");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        using var without = await http.GetAsync("/token", Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
        var file = Path.Combine(stage.State, "local-secret");
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(file));
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(file, Cancellation)).Trim());
        using var with = await http.GetAsync("/token", Cancellation);
        Assert.Equal(HttpStatusCode.OK, with.StatusCode);
        http.DefaultRequestHeaders.Host = "evil.example";
        using var rebound = await http.GetAsync("/token", Cancellation);
        Assert.Equal("bad_host", await CodeOf(rebound));
    }

    [Fact]
    public async Task What_it_keeps_is_for_its_user_alone_and_one_sidecar_has_a_folder()
    {
        await using var stage = await SidecarStage.PrepareAsync();
        var file = Path.Combine(stage.Client.Folder, "token");
        await stage.ListenAsync("--enroll", $"@{stage.CodeFile}", "--token-file", file);
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(stage.State));
        await Deadline.ForAsync("the token's file", () => File.Exists(file));
        foreach (var own in new[] { file, stage.SocketFile, Path.Combine(stage.State, "instance.key") }) Assert.Equal(OwnerOnly, File.GetUnixFileMode(own));
        Assert.Equal((string?)(await JsonOf(await stage.Http.GetAsync("/token", Cancellation)))["access_token"], await File.ReadAllTextAsync(file, Cancellation));

        var other = await stage.Run();
        Assert.Equal(6, other);
    }

    [Fact]
    public async Task The_file_follows_the_credential_and_goes_when_there_is_none()
    {
        await using var stage = await SidecarStage.PrepareAsync();
        stage.Client.Symbolon.Life = 3;
        var file = Path.Combine(stage.Client.Folder, "token");
        await stage.ListenAsync("--enroll", $"@{stage.CodeFile}", "--token-file", file);
        await Deadline.ForAsync("the token's file", () => File.Exists(file));
        var first = await File.ReadAllTextAsync(file, Cancellation);
        await Deadline.ForAsync("the next token", async () => await File.ReadAllTextAsync(file, Cancellation) is var now && now != first ? now : null);

        stage.Client.Symbolon.Instead = heard => heard.Path == "/oauth/token" ? FakeSymbolon.Json(HttpStatusCode.BadRequest, """{"error":"invalid_client"}""") : null;
        await Deadline.ForAsync("the file to go", () => !File.Exists(file));
        Assert.Contains("cannot be refreshed: invalid_client", stage.Errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_is_no_token_and_a_request_without_an_address_are_said_to_be()
    {
        await using var stage = await SidecarStage.StartAsync();
        stage.Client.Symbolon.Instead = heard => heard.Path == "/oauth/token" ? new HttpResponseMessage(HttpStatusCode.InternalServerError) : null;
        using var request = new HttpRequestMessage(HttpMethod.Get, "/forward");
        request.Headers.Add("Symbolon-Target", $"{stage.Client.Symbolon.Audience}/releases/web");
        request.Headers.Add("Symbolon-As-Server", "true");
        using var answer = await stage.Http.SendAsync(request, Cancellation);
        Assert.Equal((HttpStatusCode.BadGateway, "invalid_answer"), (answer.StatusCode, await CodeOf(answer)));
        using var missing = await stage.Http.GetAsync("/forward", Cancellation);
        Assert.Equal("invalid", await CodeOf(missing));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("a.call.token", "true")]
    [InlineData(null, "yes")]
    public async Task A_request_for_neither_a_caller_nor_the_server_itself_is_not_made(string? subject, string? asServer)
    {
        await using var stage = await SidecarStage.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/forward");
        request.Headers.Add("Symbolon-Target", $"{stage.Client.Symbolon.Audience}/releases/web");
        if (subject is not null) request.Headers.Add("Symbolon-Subject-Token", subject);
        if (asServer is not null) request.Headers.Add("Symbolon-As-Server", asServer);
        using var answer = await stage.Http.SendAsync(request, Cancellation);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid"), (answer.StatusCode, await CodeOf(answer)));
        Assert.Empty(stage.Client.Scopes);
    }

    [Fact]
    public async Task It_goes_on_with_its_key_and_without_a_code_and_leaves_no_token_behind()
    {
        await using var stage = await SidecarStage.PrepareAsync();
        var file = Path.Combine(stage.Client.Folder, "token");
        await stage.ListenAsync("--enroll", $"@{stage.CodeFile}", "--token-file", file);
        await Deadline.ForAsync("the token's file", () => File.Exists(file));
        var key = (string?)(await JsonOf(await stage.Http.GetAsync("/token", Cancellation)))["key"];
        Assert.Equal(0, await stage.StopAsync());
        Assert.False(File.Exists(file));
        Assert.False(Path.Exists(stage.SocketFile));

        stage.Errors.GetStringBuilder().Clear();
        await stage.ListenAsync();
        Assert.Equal(key, (string?)(await JsonOf(await stage.Http.GetAsync("/token", Cancellation)))["key"]);
        Assert.DoesNotContain("eyJ", stage.Errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_platforms_token_is_read_from_the_file_at_each_start_in_place_of_a_code()
    {
        await using var stage = await SidecarStage.PrepareAsync();
        var file = Path.Combine(stage.Client.Folder, "platform");
        Assert.Equal(1, await stage.Run("--platform-token", file));
        Assert.Contains("platform's token cannot be had", stage.Errors.ToString(), StringComparison.Ordinal);
        Assert.Equal(3, await stage.Run("--platform-token", file, "--enroll", $"@{stage.CodeFile}"));
        foreach (var token in (string[])["platform-token-1", "platform-token-2"])
        {
            stage.Client.Symbolon.Codes.Add(token);
            await File.WriteAllTextAsync(file, token + "\n", Cancellation);
            await stage.ListenAsync("--platform-token", file, "--instance", "blue");
            var heard = stage.Client.Symbolon.Heard.Last(request => request.Path == "/oauth/enroll").Form;
            Assert.Equal((token, "server:releases", "blue"), (heard["assertion"], heard["client_id"], heard["instance"]));
            Assert.NotEmpty((string?)(await JsonOf(await stage.Http.GetAsync("/token", Cancellation)))["access_token"] ?? "");
            await stage.StopAsync();
            Assert.DoesNotContain(token, stage.Errors.ToString(), StringComparison.Ordinal);
            stage.Errors.GetStringBuilder().Clear();
        }
    }

    [Fact]
    public async Task Where_others_could_read_the_key_or_there_is_no_code_it_does_not_start()
    {
        await using var stage = await SidecarStage.PrepareAsync();
        Assert.Equal(4, await stage.Run());
        await File.WriteAllTextAsync(stage.CodeFile, "sym_enr_unknown", Cancellation);
        Assert.Equal(2, await stage.Run("--enroll", $"@{stage.CodeFile}"));
        Assert.DoesNotContain("sym_enr_", stage.Errors.ToString(), StringComparison.Ordinal);

        var key = Path.Combine(stage.State, "instance.key");
        File.SetUnixFileMode(key, OwnerOnly | UnixFileMode.GroupRead);
        Assert.Equal(1, await stage.Run());
        File.SetUnixFileMode(key, OwnerOnly);
        File.SetUnixFileMode(stage.State, OwnerOnly | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        Assert.Equal(1, await stage.Run());
    }

    private static void ToCallToken(JsonObject said)
    {
        said["aud"] = SidecarStage.ServerUrl;
        said["client_id"] = "symbolon:gateway";
        said["scope"] = "mcp:releases:rollout_status";
        said["may_act"] = new JsonObject { ["sub"] = "server:releases" };
        said["act"] = new JsonObject { ["sub"] = "agent:release-bot" };
        said.Remove("tool");
    }

    private static Task<HttpResponseMessage> PostAsync(SidecarStage stage, string route, JsonObject body) => stage.Http.PostAsync(route, JsonContent.Create(body), Cancellation);

    private static async Task<JsonObject> JsonOf(HttpResponseMessage answer)
    {
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync(Cancellation);
            Assert.True(answer.IsSuccessStatusCode, text);
            return JsonNode.Parse(text)!.AsObject();
        }
    }

    private static async Task<string?> CodeOf(HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!["code"];
    }
}
