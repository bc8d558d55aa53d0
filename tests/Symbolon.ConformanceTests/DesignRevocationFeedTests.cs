using System.Text;
using System.Text.Json.Nodes;
using Symbolon.Jose.Signatures;
using Symbolon.Testing.Processes;

namespace Symbolon.ConformanceTests;

/// <summary>What an API is told of revocations, over a real connection: DESIGN.md section 1, Revocation.</summary>
[Trait("area", "oauth")]
public sealed class DesignRevocationFeedTests
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    [Fact]
    [Trait("clause", "DESIGN.md §4 Addresses")]
    public async Task An_api_hears_of_a_revocation_within_a_second_until_it_is_no_client_any_more()
    {
        await using var server = await RunningServer.StartAsync();
        using var key = Es256SigningKey.Generate();
        var created = await PostAsync(server, "/api/v1/clients", new JsonObject
        {
            ["name"] = "releases", ["owner"] = "owner@example.com", ["audience"] = "https://releases.example.com", ["keys"] = new JsonArray(JsonNode.Parse(key.PublicKey.ToJson())),
        });
        Assert.Equal("https://releases.example.com", (string?)created["audience"]);

        using var answer = await ListenAsync(server, key);
        Assert.Equal((200, "text/event-stream", "no-store"), ((int)answer.StatusCode, answer.Content.Headers.ContentType!.MediaType, answer.Headers.CacheControl!.ToString()));
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), Encoding.UTF8);
        Assert.Equal("event: state", await lines.ReadLineAsync(TestContext.Current.CancellationToken));
        await UntilAsync(lines, "event: current");
        await PostAsync(server, "/api/v1/revocations", new JsonObject { ["user"] = "alice@example.com" });
        await UntilAsync(lines, "event: epoch");
        await PostAsync(server, "/api/v1/clients/releases/suspend", []);
        await lines.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(Deadline.Usual, TestContext.Current.CancellationToken);
    }

    [Fact]
    [Trait("hostile", "one API takes all places")]
    public async Task One_api_has_eight_streams_at_most_and_none_by_a_key_that_was_revoked()
    {
        await using var server = await RunningServer.StartAsync();
        using var key = Es256SigningKey.Generate();
        await PostAsync(server, "/api/v1/clients", new JsonObject
        {
            ["name"] = "releases", ["owner"] = "owner@example.com", ["audience"] = "https://releases.example.com", ["keys"] = new JsonArray(JsonNode.Parse(key.PublicKey.ToJson())),
        });
        var streams = new List<HttpResponseMessage>();
        for (var i = 0; i < 8; i++) streams.Add(await ListenAsync(server, key));
        Assert.All(streams, stream => Assert.Equal(200, (int)stream.StatusCode));
        using (var ninth = await ListenAsync(server, key)) Assert.Equal(503, (int)ninth.StatusCode);

        // One that goes leaves its place.
        streams[0].Dispose();
        await Deadline.ForAsync("a place to be free", async () =>
        {
            var again = await ListenAsync(server, key);
            if (again.StatusCode != System.Net.HttpStatusCode.OK) return null;
            streams[0] = again;
            return again;
        });
        await PostAsync(server, "/api/v1/revocations", new JsonObject { ["key"] = key.PublicKey.Thumbprint.ToString() });
        foreach (var stream in streams)
        {
            using var lines = new StreamReader(await stream.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), Encoding.UTF8);
            await lines.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(Deadline.Usual, TestContext.Current.CancellationToken);
            stream.Dispose();
        }
        using var refused = await ListenAsync(server, key);
        Assert.NotEqual(200, (int)refused.StatusCode);
    }

    private static async Task<HttpResponseMessage> ListenAsync(RunningServer server, Es256SigningKey key)
    {
        var issuer = server.Host.Addresses[0].TrimEnd('/');
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject { ["iss"] = "releases", ["sub"] = "releases", ["aud"] = issuer, ["iat"] = now, ["exp"] = now + 60, ["jti"] = Guid.NewGuid().ToString() };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/oauth/revocations")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["client_assertion_type"] = AssertionType, ["client_assertion"] = key.Sign("client-authentication+jwt", Encoding.UTF8.GetBytes(claims.ToJsonString())),
            }),
        };
        return await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    private static async Task UntilAsync(StreamReader lines, string wanted)
    {
        string? line;
        while ((line = await lines.ReadLineAsync(TestContext.Current.CancellationToken)) != wanted) Assert.NotNull(line);
    }

    private static async Task<JsonNode> PostAsync(RunningServer server, string path, JsonObject body)
    {
        using var answer = await server.SendAsync(HttpMethod.Post, path, server.AdminToken, request => request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"));
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }
}
