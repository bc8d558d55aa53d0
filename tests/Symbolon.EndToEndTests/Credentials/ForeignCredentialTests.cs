using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Credentials;

/// <summary>An API under another authorization server, npm's <c>oidc-provider</c>, which knows Symbolon by its keys or by a secret and verifies by <c>jose</c> what it is shown of a caller.</summary>
[Trait("area", "credentials")]
public sealed class ForeignCredentialTests
{
    private const string Secret = "s3cret:of the/client+number%1";
    private const string Unavailable = "server_suspended";

    [Theory]
    [Trait("clause", "RFC 8693 §2.1")]
    [InlineData("token-exchange", null)]
    [InlineData("token-exchange", Secret)]
    [InlineData("on-behalf-of", null)]
    [InlineData("on-behalf-of", Secret)]
    public async Task The_api_sees_person_and_agent_in_a_token_of_its_own_authorization_server_and_nobody_sees_the_callers(string style, string? secret)
    {
        await using var stage = await Stage.StartAsync(style, secret);
        var caller = await stage.Setup.TokenAsync("orders");

        var answer = await stage.Wire.CallAsync("orders", caller.Secret, "whoami");
        Assert.True(answer.ToolText is not null, answer.Text + string.Join('\n', stage.Server.Output));
        var said = JsonNode.Parse(answer.ToolText!)!;
        Assert.Equal(
            ("alice@example.com", $"agent:agent-of-{caller.Grant}", "orders.read", "symbolon-orders", stage.Issuer),
            ((string?)said["sub"], (string?)said["act"]!["sub"], (string?)said["scope"], (string?)said["client"], (string?)said["iss"]));

        // A second caller has another token; the first one's is not asked for again.
        await stage.Wire.CallAsync("orders", caller.Secret, "whoami");
        var other = await stage.Setup.TokenAsync("orders");
        Assert.Equal($"agent:agent-of-{other.Grant}", (string?)JsonNode.Parse((await stage.Wire.CallAsync("orders", other.Secret, "whoami")).ToolText!)!["act"]!["sub"]);
        var asked = stage.Lines("grant");
        Assert.All(asked, line => Assert.Equal(200, (int)line["status"]!));
        Assert.Equal(2, asked.Count(line => (string?)line["grant"] != "client_credentials"));
        Assert.Contains(asked, line => (string?)line["grant"] == "client_credentials");
        Assert.Contains(stage.Lines("asked"), line => ((string?)line["asked"], (string?)line["sub"]) == ("tools/list", "symbolon-orders"));
        foreach (var line in stage.Server.Output)
            foreach (var token in new[] { caller.Secret, other.Secret }) Assert.DoesNotContain(token, line, StringComparison.Ordinal);
        (await stage.Symbolon.RunAsync("audit", "verify")).Expect();
    }

    [Fact]
    [Trait("hostile", "foreign token endpoint")]
    public async Task A_refusal_there_is_told_to_the_owner_and_its_words_to_nobody()
    {
        await using var stage = await Stage.StartAsync("token-exchange", null);
        var caller = await stage.Setup.TokenAsync("orders");
        await stage.TellAsync("refuse invalid_target");
        var refused = await stage.Wire.CallAsync("orders", caller.Secret, "whoami");
        Assert.Equal(Unavailable, refused.Reason);
        Assert.DoesNotContain("invalid_target", refused.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(stage.Lines("asked"), line => (string?)line["asked"] == "tools/call");
        var server = await stage.Setup.Api.GetAsync("/servers/orders");
        Assert.Equal("The token endpoint of its credential.at answered status 400 with the error invalid_target.", (string?)server["fault"]);
        Assert.Contains(stage.Symbolon.Process.Errors.Concat(stage.Symbolon.Process.Output), line => line.Contains("invalid_target", StringComparison.Ordinal));
        Assert.DoesNotContain(stage.Symbolon.Process.Errors.Concat(stage.Symbolon.Process.Output), line => line.Contains("words of a stranger", StringComparison.Ordinal) || line.Contains("eyJ", StringComparison.Ordinal));

        await stage.TellAsync("allow");
        await Deadline.ForAsync("the call to pass again", async () => await stage.Wire.CallAsync("orders", caller.Secret, "whoami") is { Reason: null } passed ? passed.ToolText : null);
        Assert.Null((string?)(await stage.Setup.Api.GetAsync("/servers/orders"))["fault"]);
    }

    [Fact]
    public async Task The_token_is_withheld_from_answers_and_stands_in_no_record()
    {
        await using var stage = await Stage.StartAsync("token-exchange", Secret);
        var caller = await stage.Setup.TokenAsync("orders");
        var told = await stage.Wire.CallAsync("orders", caller.Secret, "tell");
        Assert.Equal("upstream_invalid", told.Reason);
        Assert.DoesNotContain("eyJ", told.Text, StringComparison.Ordinal);
        var audit = (await stage.Symbolon.RunAsync("audit", "export")).Expect().Output;
        foreach (var canary in new[] { "eyJ", Secret, caller.Secret }) Assert.DoesNotContain(canary, audit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_secret_of_the_client_is_tried_at_the_other_authorization_server()
    {
        await using var stage = await Stage.StartAsync("token-exchange", Secret);
        var (status, text) = await stage.Setup.Api.SendAsync(HttpMethod.Put, "/secrets/orders-idp/rotation", """{"value":"another-value-that-nobody-knows"}""");
        Assert.True(status == HttpStatusCode.OK, text);
        Assert.Equal(("failed", true), ((string?)JsonNode.Parse(text)!["trials"]![0]!["outcome"], text.Contains("status 401 with the error invalid_client", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_lives_under_another_authorization_server_enrols_no_key()
    {
        await using var stage = await Stage.StartAsync("token-exchange", null);
        Assert.Contains("another authorization server", (await stage.Symbolon.RunAsync("server", "enroll", "orders")).Expect(6).Errors, StringComparison.Ordinal);
    }

    /// <summary>Symbolon, the API and its authorization server.</summary>
    private sealed class Stage : IAsyncDisposable
    {
        public required SymbolonProcess Symbolon { get; init; }

        public required ChildProcess Server { get; init; }

        public required Setup Setup { get; init; }

        public required McpWire Wire { get; init; }

        public required string Issuer { get; init; }

        public static async Task<Stage> StartAsync(string style, string? secret)
        {
            var port = FreePort.Take();
            var symbolon = await SymbolonProcess.StartAsync(null, ("SYMBOLON_OUTBOUND_INTERNAL_HOSTS", $"127.0.0.1:{port}"));
            var (server, url) = await NodeProgram.StartForeignServerAsync(symbolon.Url.GetLeftPart(UriPartial.Authority), port, ["symbolon-orders", .. secret is null ? Array.Empty<string>() : [secret]]);
            var stage = new Stage { Symbolon = symbolon, Server = server, Setup = new Setup(symbolon), Wire = new McpWire(symbolon.Url), Issuer = $"http://127.0.0.1:{port}" };
            var registration = Path.Combine(symbolon.Folder, "for-registration");
            await File.WriteAllTextAsync(registration, "Bearer for-registration", Encoding.ASCII);
            if (secret is not null) await stage.PutAsync("orders-idp", secret);
            await stage.Setup.ServerAsync("orders", url, document =>
            {
                Setup.Reads("whoami", "tell")(document);
                var at = new JsonObject { ["tokenEndpoint"] = $"{stage.Issuer}/token", ["client"] = "symbolon-orders", ["style"] = style, ["scope"] = "orders.read" };
                if (secret is not null) (at["secret"], at["expires"]) = ("orders-idp", "2036-12-31");
                document["spec"]!["credential"] = new JsonObject { ["mode"] = "exchange", ["audience"] = "https://api.example.com", ["at"] = at };
            }, "--header", $"Authorization=@{registration}");
            return stage;
        }

        public List<JsonNode> Lines(string kind) => [.. Server.Output.Where(line => line.StartsWith('{')).Select(line => JsonNode.Parse(line)!).Where(line => line[kind] is not null)];

        public async Task TellAsync(string line)
        {
            await Server.WriteLineAsync(line);
            await Deadline.ForAsync("the authorization server to hear", () => Lines("told").Exists(told => (string?)told["told"] == line));
        }

        public async ValueTask DisposeAsync()
        {
            Wire.Dispose();
            Setup.Dispose();
            await Symbolon.DisposeAsync();
            await Server.DisposeAsync();
        }

        private async Task PutAsync(string name, string value)
        {
            var (status, text) = await Setup.Api.SendAsync(HttpMethod.Put, $"/secrets/{name}", new JsonObject { ["value"] = value }.ToJsonString());
            Assert.True(status is HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.NoContent, text);
        }
    }
}
