using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Access;

/// <summary>Tokens and grants that end by themselves, under a real program whose clock is moved.</summary>
[Trait("area", "revocation")]
public sealed class ExpiryTests(RunningGateway gateway)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    /// <summary>A sweep every 250 ms sees it; the rest is room for a busy machine.</summary>
    private static readonly TimeSpan Room = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task A_token_works_until_it_expires_and_then_its_open_stream_ends_within_the_tolerance()
    {
        using var clock = new MovedClock();
        await using var symbolon = await SymbolonProcess.StartAsync(null, clock.Settings);
        using var setup = new Setup(symbolon);
        using var wire = new McpWire(symbolon.Url);
        await setup.ServerAsync("sdk2", gateway.Sdk2, Setup.Reads("add", "slow"));
        var issued = await setup.Api.PostAsync("/tokens", new JsonObject
        {
            ["user"] = "alice@example.com",
            ["createGrant"] = new JsonObject { ["name"] = "short" },
            ["ttl"] = "60s",
            ["servers"] = new JsonArray(new JsonObject { ["name"] = "sdk2", ["all"] = true }),
        });
        var (secret, expires) = ((string)issued["token"]!, (DateTimeOffset)issued["expiresAt"]!);
        using var stream = await OpenStreamAsync(wire, secret);
        var ended = EndAsync(stream);

        clock.Advance(expires - clock.Now - TimeSpan.FromSeconds(2));
        Assert.Equal("3", (await wire.CallAsync("sdk2", secret, "add", """{"a":1,"b":2}""")).ToolText);
        Assert.False(ended.IsCompleted);
        await Deadline.ForAsync("the token to be refused", async () => (await wire.ListAsync("sdk2", secret)).Status == HttpStatusCode.Unauthorized ? "refused" : null);
        Assert.InRange(clock.Now, expires, expires + Tolerance + Room);
        await ended.WaitAsync(Deadline.Usual, TestContext.Current.CancellationToken);
        Assert.InRange(clock.Now, expires, expires + Tolerance + Room);

        var outcome = await OutcomeAsync(setup, (string)issued["id"]!, "slow");
        Assert.Equal("token_expired", (string?)outcome["code"]);
    }

    [Fact]
    public async Task A_grant_that_ends_at_midnight_refuses_under_a_live_token_and_ends_its_open_stream()
    {
        // Tomorrow, shortly before its end: whatever the time is now, no day ends on the way.
        var midnight = new DateTimeOffset(TimeProvider.System.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero).AddDays(2);
        using var clock = new MovedClock(midnight - TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(2));
        await using var symbolon = await SymbolonProcess.StartAsync(null, clock.Settings);
        using var setup = new Setup(symbolon);
        using var wire = new McpWire(symbolon.Url);
        await setup.ServerAsync("sdk2", gateway.Sdk2, Setup.Reads("add", "slow"));
        var token = await setup.TokenAsync("sdk2");
        var other = await setup.TokenAsync("sdk2:add");
        var grant = (await setup.Api.GetAsync("/export")).AsArray().First(each => (string?)each!["metadata"]!["name"] == token.Grant)!;
        grant["spec"]!["expires"] = midnight.AddDays(-1).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        await setup.Api.ApplyAsync(grant);
        using var stream = await OpenStreamAsync(wire, token.Secret);
        var ended = EndAsync(stream);

        clock.Advance(midnight - clock.Now - TimeSpan.FromSeconds(3));
        Assert.Equal(HttpStatusCode.OK, (await wire.ListAsync("sdk2", token.Secret)).Status);
        Assert.False(ended.IsCompleted);
        await Deadline.ForAsync("the grant to end", async () => (await wire.ListAsync("sdk2", token.Secret)).Status == HttpStatusCode.NotFound ? "ended" : null);
        Assert.InRange(clock.Now, midnight, midnight + Room);
        await ended.WaitAsync(Deadline.Usual, TestContext.Current.CancellationToken);
        Assert.InRange(clock.Now, midnight, midnight + Room);

        var shown = await setup.Api.GetAsync($"/tokens/{token.Id}");
        Assert.True((DateTimeOffset)shown["expiresAt"]! > clock.Now.AddMinutes(30));
        Assert.Equal("not_granted", (string?)(await OutcomeAsync(setup, token.Id, "slow"))["code"]);
        Assert.Equal(["add"], await wire.ToolsAsync("sdk2", other.Secret));
        (await symbolon.RunAsync("audit", "verify")).Expect();
    }

    private static Task<JsonNode> OutcomeAsync(Setup setup, string token, string tool) =>
        Deadline.ForAsync("the outcome of the open call", async () => (await setup.Api.AuditAsync($"token={token}&kind=call_outcome&tool={tool}")).SingleOrDefault());

    private static async Task<HttpResponseMessage> OpenStreamAsync(McpWire wire, string secret)
    {
        var body = McpText.Call("slow", """{"steps":2000,"milliseconds":20}""").Replace("\"_meta\":{", "\"_meta\":{\"progressToken\":\"p1\",", StringComparison.Ordinal);
        var answer = await wire.SendAsync("/t/mcp/sdk2", secret, Encoding.UTF8.GetBytes(body), McpWire.Modern("tools/call", "slow"));
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(1, await (await answer.Content.ReadAsStreamAsync()).ReadAsync(new byte[1]));
        return answer;
    }

    /// <summary>Ended by us or by a cut connection: both are an end.</summary>
    private static async Task EndAsync(HttpResponseMessage answer)
    {
        try
        {
            await (await answer.Content.ReadAsStreamAsync()).CopyToAsync(Stream.Null);
        }
        catch (Exception cut) when (cut is IOException or HttpRequestException) { }
    }
}
