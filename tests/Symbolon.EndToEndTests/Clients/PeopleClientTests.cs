using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using ModelContextProtocol.Authentication;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Symbolon.EndToEndTests.Console;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Clients;

/// <summary>
/// Unmodified clients that act for a person: <c>oauth4webapi</c> and <c>openid-client</c> with pushed requests, and <c>auth()</c> of both lines of
/// the TypeScript SDK, which register themselves (1.x) or show their metadata document over local TLS (2.x). Each gets a token and calls a tool.
/// </summary>
[Trait("area", "oauth")]
public sealed class PeopleClientTests(ClientStage stage, Chromium chromium) : IClassFixture<ClientStage>
{
    private const string Person = ClientStage.Person;
    private const string Password = ClientStage.Password;
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    [Fact]
    [Trait("clause", "RFC 9126 §1")]
    public async Task A_client_with_a_key_pushes_its_request_refreshes_asks_and_gives_back()
    {
        var steps = await RunAsync("oauth4webapi", new JsonObject { ["clientId"] = "vault", ["keyFile"] = stage.KeyFile });
        Assert.Equal((Person, "agent:vault-bot", "vault"), ((string)steps["validated"]["sub"]!, (string)steps["validated"]["act"]!["sub"]!, (string)steps["validated"]["client_id"]!));
        AssertCalled(steps["called"]);
        Assert.True((bool)steps["refreshed"]["rotated"]!);
        Assert.Equal((true, true, false), ((bool)steps["active"]["access"]!, (bool)steps["active"]["refresh"]!, (bool)steps["active"]["old"]!));
        Assert.Equal((false, false), ((bool)steps["given back"]["access"]!, (bool)steps["given back"]["refresh"]!));
        Assert.NotNull(steps["called again"]["error"]);
    }

    [Fact]
    [Trait("clause", "OAuth 2.1 §4.1")]
    public async Task A_public_client_that_was_registered_gets_tokens_and_gives_them_back()
    {
        var steps = await RunAsync("openid-client", new JsonObject { ["clientId"] = "cli" });
        AssertCalled(steps["called"]);
        Assert.False((bool)steps["consent"]["unchecked"]!);
        Assert.True((bool)steps["refreshed"]["rotated"]!);
        Assert.NotNull(steps["called again"]["error"]);
    }

    [Theory]
    [InlineData("oauth4webapi")]
    [InlineData("openid-client")]
    [Trait("clause", "RFC 9449 §10.1")]
    public async Task A_client_pushes_its_request_by_a_nonce_and_gets_tokens_that_nobody_without_its_key_can_use(string library)
    {
        var steps = await RunAsync(library, new JsonObject { ["clientId"] = "vault", ["keyFile"] = stage.KeyFile, ["bound"] = true });
        AssertBound(steps);
        Assert.True((bool)steps["refreshed"]["rotated"]!);
        var thumbprint = (string)steps["token"]["jkt"]!;
        if (library == "oauth4webapi")
        {
            Assert.Equal((true, true, false, thumbprint), ((bool)steps["active"]["access"]!, (bool)steps["active"]["refresh"]!, (bool)steps["active"]["old"]!, (string?)steps["active"]["jkt"]));
            Assert.Equal(thumbprint, (string?)steps["validated"]["jkt"]);
            // The first proof has no nonce; later ones have what the last answer brought.
            Assert.InRange((int)steps["token"]["asked"]!, 1, 2);
        }
        else Assert.Equal((true, "DPoP", thumbprint, true), ((bool)steps["active"]["access"]!["active"]!, (string?)steps["active"]["access"]!["token_type"], (string?)steps["active"]["access"]!["cnf"]!["jkt"], (bool)steps["active"]["refresh"]!["active"]!));
        Assert.NotNull(steps["called again"]["error"]);
    }

    [Fact]
    [Trait("clause", "RFC 9449 §7.1")]
    public async Task The_SDK_2_gets_bound_tokens_by_its_own_auth_and_shows_them_with_proofs_of_its_own()
    {
        var steps = await RunAsync("sdk2", new JsonObject { ["metadataPort"] = stage.MetadataPort, ["cert"] = stage.CertificateFile, ["key"] = stage.CertificateKeyFile, ["bound"] = true });
        AssertBound(steps);
        AssertSdk(steps);
    }

    [Fact]
    [Trait("clause", "RFC 7591 §3")]
    public async Task The_SDK_1_registers_itself_and_calls_a_tool()
    {
        var steps = await RunAsync("sdk1", []);
        Assert.StartsWith("dyn:", (string)steps["client"]["id"]!, StringComparison.Ordinal);
        AssertSdk(steps);
    }

    [Fact]
    [Trait("clause", "CIMD §3")]
    public async Task The_SDK_2_shows_its_metadata_document_and_calls_a_tool()
    {
        var steps = await RunAsync("sdk2", new JsonObject { ["metadataPort"] = stage.MetadataPort, ["cert"] = stage.CertificateFile, ["key"] = stage.CertificateKeyFile });
        Assert.Equal($"https://localhost:{stage.MetadataPort}/client.json", (string)steps["client"]["id"]!);
        AssertSdk(steps);
    }

    [Fact]
    [Trait("clause", "MCP 2025-11-25 Authorization")]
    public async Task The_CSharp_SDK_takes_a_person_there_and_calls_a_tool()
    {
        var mcp = new Uri(stage.Symbolon.Url, "/mcp/everything");
        await using var client = await McpClient.CreateAsync(new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = mcp,
            TransportMode = HttpTransportMode.StreamableHttp,
            OAuth = new ClientOAuthOptions
            {
                ClientId = "cli",
                RedirectUri = new Uri("http://127.0.0.1:9/callback"),
                AuthorizationCallbackHandler = async (context, cancellation) =>
                {
                    var back = QueryOf((string)(await BrowseAsync(context.AuthorizationUri, "http://127.0.0.1:9/callback"))["callback"]["address"]!);
                    return new AuthorizationResult { Code = back["code"], State = back["state"], Iss = back["iss"] };
                },
            },
        }), cancellationToken: TestContext.Current.CancellationToken);
        var answer = await client.CallToolAsync("echo", new Dictionary<string, object?> { ["message"] = "hello" }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("Echo: hello", Assert.IsType<TextContentBlock>(answer.Content[0]).Text);
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    [Trait("clause", "PROTOCOL.md §10")]
    public async Task The_official_suite_finds_nothing_wrong_with_the_authorization_server(string version)
    {
        var port = FreePort.Take().ToString(CultureInfo.InvariantCulture);
        var origin = stage.Symbolon.Url.GetLeftPart(UriPartial.Authority);
        await using var suite = NodeProgram.Start(
            [NodeProgram.File("node_modules", "@modelcontextprotocol", "conformance", "dist", "index.js"), "authorization", "--url", origin, "--client-id", "cli",
                "--resource", origin + "/mcp/everything", "-p", port, "--spec-version", version]);
        var start = await suite.LineAsync(line => line.StartsWith(origin + "/oauth/authorize?", StringComparison.Ordinal), TimeSpan.FromMinutes(1));
        var steps = await BrowseAsync(new Uri(start), $"http://127.0.0.1:{port}/callback");
        Assert.Equal(200, (int)steps["callback"]["status"]!);
        Assert.Equal(0, await suite.ExitAsync(TimeSpan.FromMinutes(1)));
        Assert.Contains("Total: 3 passed, 0 failed", suite.Output);
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §5 no. 18")]
    public async Task In_Chromium_a_person_signs_in_narrows_and_lands_on_the_clients_callback()
    {
        var origin = stage.Symbolon.Url.GetLeftPart(UriPartial.Authority);
        var redirect = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Take()}/callback");
        using var callback = new HttpListener();
        callback.Prefixes.Add(redirect + "/");
        callback.Start();
        var called = callback.GetContextAsync();
        await using var tab = await chromium.OpenAsync(stage.Symbolon.Url);
        await tab.GoAsync($"/oauth/authorize?response_type=code&client_id=cli&redirect_uri={Uri.EscapeDataString(redirect)}&code_challenge={Challenge}&code_challenge_method=S256"
            + $"&state=from-chromium&resource={Uri.EscapeDataString(origin + "/mcp/everything")}");
        await tab.SignInAsync(Person, Password);
        await tab.Page.GetByRole(AriaRole.Heading, new() { Name = "Let cli call tools of everything for you?" }).WaitForAsync();
        Assert.Empty(await tab.TooWideAsync());
        Assert.Empty(tab.TakeFaults());
        await tab.Page.Locator("input[name=tool][value=get-sum]").UncheckAsync();
        var clicked = tab.Page.GetByRole(AriaRole.Button, new() { Name = "Allow what is ticked" }).ClickAsync();

        var came = await called.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        came.Response.Close();
        await clicked;
        var query = QueryOf(came.Request.Url!.ToString());
        Assert.Equal(("from-chromium", origin), (query["state"], query["iss"]));
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var answer = await http.PostAsync(origin + "/oauth/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code", ["code"] = query["code"], ["client_id"] = "cli", ["redirect_uri"] = redirect, ["code_verifier"] = Verifier,
        }), TestContext.Current.CancellationToken);
        var tokens = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal("mcp:everything:echo", (string?)tokens["scope"] ?? tokens.ToJsonString());
    }

    private static Dictionary<string, string> QueryOf(string address) => new Uri(address).Query.TrimStart('?').Split('&').Select(pair => pair.Split('=', 2))
        .ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]));

    /// <summary>What the small browser did, by its steps.</summary>
    private static async Task<Dictionary<string, JsonNode>> BrowseAsync(Uri start, string redirect)
    {
        await using var browser = NodeProgram.Start([NodeProgram.File("browser.mjs"), start.AbsoluteUri, redirect, Person, Password]);
        return (await NodeProgram.LinesAsync(browser)).ToDictionary(line => (string)line["step"]!);
    }

    private static void AssertSdk(Dictionary<string, JsonNode> steps)
    {
        Assert.Equal(("REDIRECT", "AUTHORIZED", "AUTHORIZED"), ((string)steps["first"]["result"]!, (string)steps["second"]["result"]!, (string)steps["third"]["result"]!));
        Assert.True((bool)steps["consent"]["unchecked"]!);
        Assert.Equal("state of the SDK", (string)steps["back"]["state"]!);
        AssertCalled(steps["called"]);
        Assert.True((bool)steps["refreshed"]["rotated"]!);
        AssertCalled(steps["called again"]);
    }

    private static void AssertBound(Dictionary<string, JsonNode> steps)
    {
        Assert.Equal(("dpop", "dpop"), (((string)steps["token"]["type"]!).ToLowerInvariant(), ((string)steps["refreshed"]["type"]!).ToLowerInvariant()));
        AssertCalled(steps["called"]);
        Assert.Contains("proof_required", (string)steps["as a bearer token"]["error"]!, StringComparison.Ordinal);
    }

    private static void AssertCalled(JsonNode step) => Assert.Equal("Echo: hello", (string?)step["result"]?["content"]![0]!["text"] ?? step.ToJsonString());

    private async Task<Dictionary<string, JsonNode>> RunAsync(string kind, JsonObject options)
    {
        options["email"] = Person;
        options["password"] = Password;
        await using var client = NodeProgram.Start(
            [NodeProgram.File("people.mjs"), kind, new Uri(stage.Symbolon.Url, "/mcp/everything").ToString(), "echo", """{"message":"hello"}""", options.ToJsonString()],
            new Dictionary<string, string?> { ["NODE_EXTRA_CA_CERTS"] = stage.CertificateFile });
        return (await NodeProgram.LinesAsync(client)).ToDictionary(line => (string)line["step"]!);
    }
}
