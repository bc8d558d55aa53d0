using System.Text.Json.Nodes;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Clients;

/// <summary>
/// Claude Code, Cursor, Codex CLI and Gemini CLI, as far as the order in which each looks for its way is known (tests/node/drivers.mjs, with its
/// sources): each gets a token of its own for a person, and one that was given a pasted token stays with it.
/// </summary>
[Trait("area", "clients")]
public sealed class DriverTests(ClientStage stage) : IClassFixture<ClientStage>
{
    private const string Metadata = "/.well-known/oauth-authorization-server";
    private const string Resource = "/.well-known/oauth-protected-resource";

    /// <summary>What each asks before a browser opens, in this order.</summary>
    private static readonly Dictionary<string, string[]> Ways = new()
    {
        ["claude"] = ["POST /mcp/everything 401", $"GET {Resource}/mcp/everything 200", $"GET {Metadata} 200"],
        ["claude by registration"] = ["POST /mcp/everything 401", $"GET {Resource}/mcp/everything 200", $"GET {Metadata} 200", "POST /oauth/register 201"],
        ["cursor"] = ["POST /mcp/everything 401", $"GET {Resource}/mcp/everything 200", $"GET {Metadata} 200", "POST /oauth/register 201"],
        ["codex"] = ["GET /mcp/everything 401", $"GET {Resource}/mcp/everything 200", $"GET {Metadata} 200", "POST /oauth/register 201"],
        ["codex-old"] =
        [
            $"GET {Metadata}/mcp/everything 404", "GET /.well-known/openid-configuration/mcp/everything 404", "GET /mcp/everything/.well-known/openid-configuration 404",
            $"GET {Metadata} 200", "POST /oauth/register 201",
        ],
        ["gemini"] = ["HEAD /mcp/everything 401", $"GET {Resource}/mcp/everything 200", $"GET {Metadata} 200", $"GET {Metadata} 200", "POST /oauth/register 201"],
    };

    /// <summary>
    /// What each asks once its pasted token is refused. Claude Code and Codex end there. Cursor and Gemini CLI find no metadata for the address, and so
    /// ask the origin itself, whose answer all others need: there their request ends, since it names no resource that takes such tokens.
    /// </summary>
    private static readonly Dictionary<string, string[]> WaysOn = new()
    {
        ["claude"] = ["POST /t/mcp/everything 401"],
        ["cursor"] = ["POST /t/mcp/everything 401", $"GET {Resource}/t/mcp/everything 404", $"GET {Resource} 404", $"GET {Metadata} 200", "POST /oauth/register 201", "BROWSER"],
        ["codex"] = [],
        ["gemini"] = ["HEAD /t/mcp/everything 401", $"GET {Resource} 404", $"GET {Metadata} 200", "POST /oauth/register 201", "BROWSER"],
    };

    public static MatrixTheoryData<string, string> Everywhere => new(Ways.Keys, ["127.0.0.1", "localhost"]);

    public static TheoryData<string> Clients => [.. WaysOn.Keys];

    public static MatrixTheoryData<string, string> Refused => new(WaysOn.Keys, ["expired", "revoked"]);

    [Theory]
    [MemberData(nameof(Everywhere))]
    [Trait("clause", "ECOSYSTEM.md §1.4")]
    public async Task A_client_finds_the_way_in_its_own_order_and_calls_a_tool(string client, string host)
    {
        var options = new JsonObject();
        if (client == "claude") (options["metadataPort"], options["cert"], options["key"]) = (stage.MetadataPort, stage.CertificateFile, stage.CertificateKeyFile);
        var steps = await DriveAsync(client.Split(' ')[0], new UriBuilder(stage.Symbolon.Url) { Host = host, Path = "/mcp/everything" }.Uri, options);
        Assert.Equal("Echo: hello", (string?)steps.GetValueOrDefault("called")?["result"]!["content"]![0]!["text"] ?? string.Join('\n', steps.Values));
        Assert.Equal(("mcp:everything:echo mcp:everything:get-sum", true), ((string?)steps["token"]["scope"], (bool)steps["token"]["refresh"]!));
        var requests = RequestsOf(steps);
        Assert.Equal([.. Ways[client], "BROWSER", "POST /oauth/token 200"], requests.Take(Ways[client].Length + 2));
        Assert.All(requests.Skip(Ways[client].Length + 2), request => Assert.Contains(" /mcp/everything ", request, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Clients))]
    [Trait("clause", "ECOSYSTEM.md §0.2")]
    public async Task A_client_with_a_pasted_token_that_is_good_asks_for_nothing_else(string client)
    {
        var steps = await DriveAsync(client, PastedUrl, new JsonObject { ["token"] = (await stage.Setup.TokenAsync("everything:echo")).Secret });
        Assert.Equal("Echo: hello", (string?)steps.GetValueOrDefault("called")?["result"]!["content"]![0]!["text"] ?? string.Join('\n', steps.Values));
        Assert.All(RequestsOf(steps), request => Assert.Contains(" /t/mcp/everything ", request, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    [Trait("clause", "ECOSYSTEM.md §0.2")]
    [Trait("hostile", "discovery")]
    public async Task A_client_whose_pasted_token_is_over_is_told_so_and_comes_to_no_other(string client, string state)
    {
        var secret = state == "revoked" ? await RevokedAsync() : await ExpiredAsync();
        var steps = await DriveAsync(client, PastedUrl, new JsonObject { ["token"] = secret });
        Assert.Contains(state, (string)steps["refused"]["error"]!, StringComparison.Ordinal);
        Assert.Equal(["POST /t/mcp/everything 401", .. WaysOn[client]], RequestsOf(steps));
        // Nobody is asked for a password or a consent, and there is no token.
        Assert.DoesNotContain(steps.Keys, step => step is "sign-in" or "consent" or "token" or "called");
        if (WaysOn[client].Contains("BROWSER")) Assert.Contains("give it a new one", (string)steps["stopped"]["error"]!, StringComparison.Ordinal);
    }

    private Uri PastedUrl => new(stage.Symbolon.Url, "/t/mcp/everything");

    private async Task<string> RevokedAsync()
    {
        var token = await stage.Setup.TokenAsync("everything:echo");
        (await stage.Symbolon.RunAsync("token", "revoke", token.Id)).Expect();
        return token.Secret;
    }

    private async Task<string> ExpiredAsync()
    {
        var token = await stage.Setup.Api.PostAsync("/tokens", new JsonObject
        {
            ["user"] = ClientStage.Person, ["ttl"] = "60s", ["servers"] = new JsonArray(new JsonObject { ["name"] = "everything", ["tools"] = new JsonArray("echo") }),
        });
        stage.Clock.Advance(TimeSpan.FromSeconds(66));
        return (string)token["token"]!;
    }

    private static IReadOnlyList<string> RequestsOf(Dictionary<string, JsonNode> steps) => [.. steps["requests"]["list"]!.AsArray().Select(request => (string)request!)];

    private async Task<Dictionary<string, JsonNode>> DriveAsync(string client, Uri mcp, JsonObject options)
    {
        (options["email"], options["password"]) = (ClientStage.Person, ClientStage.Password);
        await using var driver = NodeProgram.Start([NodeProgram.File("drivers.mjs"), client, mcp.ToString(), "echo", """{"message":"hello"}""", options.ToJsonString()]);
        return (await NodeProgram.LinesAsync(driver)).ToDictionary(line => (string)line["step"]!);
    }
}
