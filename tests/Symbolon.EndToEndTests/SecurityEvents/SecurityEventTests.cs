using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Symbolon.Jose;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.SecurityEvents;

/// <summary>Security events from the real program to a receiver that is not ours, and over a kill.</summary>
[Trait("area", "events")]
public sealed class SecurityEventTests
{
    private const string Posted = "https://posted.example.com";
    private const string Polled = "https://polled.example.com";

    [Fact]
    [Trait("clause", "RFC 8417 §2")]
    public async Task A_receiver_on_jose_verifies_what_it_is_posted_and_what_it_fetches()
    {
        var port = FreePort.Take().ToString(CultureInfo.InvariantCulture);
        await using var symbolon = await SymbolonProcess.StartAsync(null, ("SYMBOLON_OUTBOUND_INTERNAL_HOSTS", $"127.0.0.1:{port}"));
        using var api = new AdminApi(symbolon);
        await using var receiver = NodeProgram.Start([NodeProgram.File("events.mjs"), symbolon.Url.GetLeftPart(UriPartial.Authority), port, Posted, "polled", Polled]);
        var ready = JsonNode.Parse(await receiver.LineAsync(line => line.Contains("\"ready\"", StringComparison.Ordinal)))!;
        Assert.Equal(["urn:ietf:rfc:8935", "urn:ietf:rfc:8936"], ready["methods"]!.AsArray().Select(each => (string?)each));
        var file = Path.Combine(symbolon.Folder, "receiver.jwk");
        await File.WriteAllTextAsync(file, ready["jwk"]!.ToJsonString(), TestContext.Current.CancellationToken);
        (await symbolon.RunAsync("client", "create", "posted", "--owner", "o@example.com", "--audience", Posted, "--key", file, "--events", $"http://127.0.0.1:{port}/events")).Expect();
        (await symbolon.RunAsync("client", "create", "polled", "--owner", "o@example.com", "--audience", Polled, "--key", file, "--events", "poll")).Expect();
        await receiver.LineAsync(line => line.Contains("\"fetching\"", StringComparison.Ordinal));

        (await symbolon.RunAsync("revoke", "--user", "alice@example.com", "--yes")).Expect();
        foreach (var (step, audience) in new[] { ("posted", Posted), ("fetched", Polled) })
        {
            var told = JsonNode.Parse(await receiver.LineAsync(line => line.Contains($"\"{step}\"", StringComparison.Ordinal)))!;
            var claims = told["claims"]!;
            Assert.Equal((symbolon.Url.GetLeftPart(UriPartial.Authority), audience, "iss_sub", "alice@example.com"), ((string?)claims["iss"], (string?)claims["aud"], (string?)claims["sub_id"]!["format"], (string?)claims["sub_id"]!["sub"]));
            var happened = Assert.Single(claims["events"]!.AsObject());
            Assert.Equal("https://schemas.openid.net/secevent/caep/event-type/session-revoked", happened.Key);
            Assert.InRange((long)happened.Value!["event_timestamp"]!, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 120, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 1);
            Assert.Equal(step == "fetched" ? "ERR_JWT_CLAIM_VALIDATION_FAILED" : null, (string?)told["elsewhere"]);
        }
        foreach (var client in new[] { "posted", "polled" })
            await Deadline.ForAsync($"{client} to have taken it", async () => (int)(await api.GetAsync($"/clients/{client}/events"))["waiting"]! == 0 ? client : null);
        Assert.DoesNotContain(receiver.Output, line => line.Contains("\"refused\"", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("clause", "DESIGN.md §5 promise 7")]
    public async Task What_was_committed_before_kill_9_is_told_after_the_restart_under_the_same_id()
    {
        var isFirst = true;
        await using var receiver = new RawServer(async (_, stream, stop) =>
        {
            // The first attempt never ends: the program is killed within it.
            if (isFirst)
            {
                isFirst = false;
                await Task.Delay(Timeout.Infinite, stop);
            }
            await RawServer.WriteAsync(stream, "202 Accepted", "text/plain", "", stop);
        });
        await using var symbolon = await SymbolonProcess.StartAsync(null, ("SYMBOLON_OUTBOUND_INTERNAL_HOSTS", receiver.Url.Authority));
        var file = Path.Combine(symbolon.Folder, "receiver.jwk");
        await File.WriteAllTextAsync(file, """{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}""", TestContext.Current.CancellationToken);
        (await symbolon.RunAsync("client", "create", "posted", "--owner", "o@example.com", "--audience", Posted, "--key", file)).Expect();
        Assert.Equal("none", (string?)(await symbolon.RunAsync("client", "events", "posted", "-o", "json")).Expect().Json["delivery"]);
        var refused = (await symbolon.RunAsync("client", "events", "posted", "--test")).Expect(6);
        Assert.Contains("is told no security events", refused.Errors, StringComparison.Ordinal);
        Assert.Equal("push", (string?)(await symbolon.RunAsync("client", "events", "posted", "--set", receiver.Url.AbsoluteUri, "-o", "json")).Expect().Json["delivery"]);

        (await symbolon.RunAsync("revoke", "--user", "alice@example.com", "--yes")).Expect();
        await Deadline.ForAsync("the first attempt", () => Task.FromResult(receiver.Requests.Count > 0 ? "told" : null));
        await symbolon.KillAsync();
        await symbolon.RestartAsync();
        var told = await Deadline.ForAsync("the second attempt", () => Task.FromResult(receiver.Requests.Count > 1 ? receiver.Requests : null), TimeSpan.FromSeconds(60));
        Assert.Single(told.Select(each => (string?)JsonNode.Parse(Base64Url.Decode(Encoding.ASCII.GetBytes(each.Text.Split('.')[1]))!)!["jti"]).Distinct());
        using var api = new AdminApi(symbolon);
        await Deadline.ForAsync("the delivery to be noted", async () => (int)(await api.GetAsync("/clients/posted/events"))["waiting"]! == 0 ? "noted" : null);
        (await symbolon.RunAsync("client", "events", "posted", "--set", "none")).Expect();
    }
}
