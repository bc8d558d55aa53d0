using System.Text;
using System.Text.Json.Nodes;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.OAuth;
using Symbolon.Testing.Processes;

namespace Symbolon.ConformanceTests.Processes;

/// <summary>A program without any secret of ours, known by the token of its platform, whose keys are fetched from a real server. DESIGN.md section 4, Files.</summary>
[Trait("area", "credentials")]
public sealed class WorkloadKeyTests : IAsyncDisposable
{
    private const string Grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private const string Bot = "system:serviceaccount:bots:bot";
    private const string Json = "application/json";

    private readonly PlatformKey platform = new();
    private readonly ProofKey proofs = new();
    private readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });
    private SymbolonProcess symbolon = null!;

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    private string Origin => symbolon.Url.GetLeftPart(UriPartial.Authority);

    [Fact]
    public async Task A_token_of_its_platform_becomes_one_of_the_agent_and_the_audit_says_whose_it_was()
    {
        await using var keys = KeyServer();
        using var setup = await StartAsync(keys);
        await ApplyAsync(setup, keys);
        await setup.Api.PostAsync("/servers/shop/approve", new JsonObject { ["version"] = 1, ["inside"] = true });

        var (status, json) = await AskAsync(keys, Bot);
        Assert.True(status == 200, $"{status} {json}");
        Assert.Equal(("DPoP", "mcp:shop:@granted"), ((string?)json!["token_type"], (string?)json["scope"]));
        Assert.Contains(await setup.Api.AuditAsync("kind=token_issued"), record => ((string?)record["reason"])?.EndsWith($"as {Bot} of issuer cluster", StringComparison.Ordinal) == true);

        Assert.Equal((400, "invalid_grant"), await ToldAsync(keys, "system:serviceaccount:bots:other"));
        Assert.Equal((400, "invalid_grant"), await ToldAsync(keys, "system:serviceaccount:kube-system:default"));
        Assert.Contains(IssuerOf(keys), (await symbolon.RunAsync("issuer", "list")).Expect().Output, StringComparison.Ordinal);
        await setup.Api.PostAsync("/issuers/cluster/retire", new JsonObject());
        Assert.Equal((400, "invalid_grant"), await ToldAsync(keys, Bot));
        // One document each, however many tokens came.
        Assert.Equal(["/.well-known/openid-configuration", "/keys"], keys.Requests.Select(request => request.Path));
    }

    public static TheoryData<string> Hostile => new("redirect", "page", "too long", "another issuer", "drip", "nothing");

    [Theory]
    [MemberData(nameof(Hostile))]
    [Trait("hostile", "assertion")]
    public async Task Keys_of_a_hostile_server_let_nobody_in_and_keep_nobody_waiting(string what)
    {
        await using var inside = KeyServer();
        await using var keys = new RawServer(async (request, stream, cancellation) =>
        {
            switch (what)
            {
                case "redirect": await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 302 Found\r\nLocation: {IssuerOf(inside)}{request.Path}\r\nContent-Length: 0\r\n\r\n"), cancellation); break;
                case "page": await RawServer.WriteAsync(stream, "200 OK", "text/html", Metadata(request), cancellation); break;
                case "too long":
                    await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"u8.ToArray(), cancellation);
                    for (var left = 10L << 30; left > 0; left -= 65536) await stream.WriteAsync(new byte[65536], cancellation);
                    break;
                case "another issuer": await RawServer.WriteAsync(stream, "200 OK", Json, """{"issuer":"https://evil.example.com","jwks_uri":"https://evil.example.com/keys"}""", cancellation); break;
                case "drip":
                    await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"u8.ToArray(), cancellation);
                    using (var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(100)))
                        while (await beat.WaitForNextTickAsync(cancellation)) await stream.WriteAsync(" "u8.ToArray(), cancellation);
                    break;
                default: await Task.Delay(Timeout.Infinite, cancellation); break;
            }

            string Metadata(RawRequest asked) => $$"""{"issuer":"http://{{asked.Values("Host").Single()}}","jwks_uri":"http://{{asked.Values("Host").Single()}}/keys"}""";
        });
        using var setup = await StartAsync(keys, inside);
        await ApplyAsync(setup, keys);
        Assert.Equal((503, "temporarily_unavailable"), await ToldAsync(keys, Bot).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        Assert.Empty(inside.Requests);
    }

    [Fact]
    [Trait("hostile", "assertion")]
    public async Task A_host_inside_that_the_operator_did_not_name_is_not_asked()
    {
        await using var keys = KeyServer();
        using var setup = await StartAsync();
        await ApplyAsync(setup, keys);
        Assert.Equal((503, "temporarily_unavailable"), await ToldAsync(keys, Bot));
        Assert.Empty(keys.Requests);
    }

    public async ValueTask DisposeAsync()
    {
        platform.Dispose();
        proofs.Dispose();
        client.Dispose();
        if (symbolon is not null) await symbolon.DisposeAsync();
    }

    private async Task<Setup> StartAsync(params RawServer[] named)
    {
        symbolon = await SymbolonProcess.StartAsync(null, ("SYMBOLON_OUTBOUND_INTERNAL_HOSTS", string.Join(',', named.Select(server => server.Url.Authority))));
        return new Setup(symbolon);
    }

    private static string IssuerOf(RawServer keys) => keys.Url.GetLeftPart(UriPartial.Authority);

    private RawServer KeyServer() => new((request, stream, cancellation) => RawServer.WriteAsync(stream, "200 OK", Json, request.Path == "/keys"
        ? platform.Set
        : $$"""{"issuer":"http://{{request.Values("Host").Single()}}","jwks_uri":"http://{{request.Values("Host").Single()}}/keys"}""", cancellation));

    /// <summary>Trusts the issuer, says that the agent is one of its subjects, and grants it a tool.</summary>
    private Task ApplyAsync(Setup setup, RawServer keys) => setup.Api.ApplyAsync(
        JsonNode.Parse($$"""
            {"apiVersion":"symbolon/v1","kind":"Issuer","metadata":{"name":"cluster"},"spec":{"issuer":"{{IssuerOf(keys)}}","audience":"{{Origin}}","subjects":["system:serviceaccount:bots:*"]} }
            """)!,
        JsonNode.Parse($$"""
            {"apiVersion":"symbolon/v1","kind":"Agent","metadata":{"name":"bot","owner":"owner@example.com"},"spec":{"federation":[{"issuer":"cluster","subject":"{{Bot}}"}]} }
            """)!,
        JsonNode.Parse("""
            {"apiVersion":"symbolon/v1","kind":"Server","metadata":{"name":"shop","owner":"owner@example.com"},"spec":{"upstream":{"transport":"http","url":"http://127.0.0.1:9/mcp"},"tools":[{"name":"fine","effect":"read"}]} }
            """)!,
        JsonNode.Parse("""
            {"apiVersion":"symbolon/v1","kind":"Grant","metadata":{"name":"bot-shop"},"spec":{"to":{"agents":["bot"]},"servers":[{"name":"shop","tools":["fine"]}]} }
            """)!);

    private async Task<(int Status, JsonNode? Json)> AskAsync(RawServer keys, string subject)
    {
        var assertion = platform.Sign(new JsonObject { ["iss"] = IssuerOf(keys), ["sub"] = subject, ["aud"] = new JsonArray(Origin), ["iat"] = Now, ["exp"] = Now + 600 });
        using var request = new HttpRequestMessage(HttpMethod.Post, Origin + "/oauth/token")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = Grant, ["assertion"] = assertion, ["resource"] = Origin + "/mcp/shop" }),
        };
        request.Headers.TryAddWithoutValidation("DPoP", proofs.Proof("POST", Origin + "/oauth/token", Now));
        using var answer = await client.SendAsync(request);
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync()));
    }

    private async Task<(int, string?)> ToldAsync(RawServer keys, string subject)
    {
        var (status, json) = await AskAsync(keys, subject);
        return (status, (string?)json!["error"]);
    }
}
