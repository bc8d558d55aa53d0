using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Symbolon.Jose;
using Symbolon.Jose.Signatures;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;

namespace Symbolon.ConformanceTests;

/// <summary>What APIs are told by security event tokens, over real connections, to receivers of all kinds.</summary>
[Trait("area", "events")]
public sealed class DesignSecurityEventTests
{
    private const string Taken = "202 Accepted";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("clause", "RFC 8935 §2")]
    public async Task What_is_revoked_is_posted_within_a_second_and_a_receiver_that_fails_is_told_again()
    {
        await using var receiver = new Receiver(Taken, "500 Internal Server Error", "307 Temporary Redirect\r\nLocation: /elsewhere");
        await using var stage = await Stage.StartAsync(receiver);
        await stage.RevokeAsync("alice@example.com");
        var first = await receiver.ToldAsync(1, TimeSpan.FromSeconds(2));
        Assert.Equal(("POST /events HTTP/1.1", "application/secevent+jwt", "application/json"), (first[0].Line, first[0].Values("content-type").Single(), first[0].Values("accept").Single()));
        Assert.Empty(first[0].Values("authorization"));
        var claims = Payload(first[0]);
        Assert.Equal((stage.Origin, Stage.Audience, "alice@example.com"), ((string?)claims["iss"], (string?)claims["aud"], (string?)claims["sub_id"]!["sub"]));

        await stage.RevokeAsync("bob@example.com");
        await stage.RevokeAsync("carol@example.com");
        var told = await receiver.ToldAsync(5);
        Assert.Equal(["alice@example.com", "bob@example.com", "bob@example.com", "bob@example.com", "carol@example.com"], told.Select(each => (string?)Payload(each)["sub_id"]!["sub"]));
        Assert.Single(told.Skip(1).Take(3).Select(each => (string?)Payload(each)["jti"]).Distinct());
        Assert.All(told, each => Assert.Equal("/events", each.Path));
        var shown = await stage.ShownAsync(events => (int)events["waiting"]! == 0);
        Assert.Equal(("push", "answered 307", (string?)Payload(told[4])["jti"]), ((string?)shown["delivery"], (string?)shown["lastFailure"]!["why"], (string?)shown["lastDelivered"]!["id"]));
    }

    [Fact]
    [Trait("clause", "RFC 8935 §2.3")]
    [Trait("hostile", "bad input")]
    public async Task One_that_the_receiver_cannot_use_is_not_told_again_and_a_page_that_says_400_ends_nothing()
    {
        await using var receiver = new Receiver("400 Bad Request\n{\"err\":\"invalid_key\",\"description\":\"<b>no</b>\"}", "400 Bad Request\n<html>no</html>", "400 Bad Request\n{\"err\":\"\\ud800\"}");
        await using var stage = await Stage.StartAsync(receiver);
        await stage.RevokeAsync("alice@example.com");
        await stage.RevokeAsync("bob@example.com");
        await receiver.ToldAsync(3);
        var shown = await stage.ShownAsync(events => (int)events["waiting"]! == 0);
        var told = receiver.Requests.Select(each => (string?)Payload(each)["sub_id"]!["sub"]).ToList();
        Assert.Equal("alice@example.com", told[0]);
        Assert.DoesNotContain("alice@example.com", told.Skip(1));
        Assert.InRange((int)shown["refused"]!, 1, 2);
        var records = await stage.GetAsync("/api/v1/audit?kind=announcement_dropped");
        Assert.Contains("invalid_key", records.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", records.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("hostile", "a receiver that never answers")]
    public async Task A_receiver_that_never_answers_or_drips_holds_up_nobody_else()
    {
        await using var silent = new Receiver(Receiver.Silence, Receiver.Silence);
        await using var dripping = new Receiver(Receiver.Drip, Receiver.Drip);
        await using var good = new Receiver();
        await using var stage = await Stage.StartAsync(good, silent, dripping);
        await stage.AddAsync("silent", silent.Url);
        await stage.AddAsync("dripping", dripping.Url);
        await stage.RevokeAsync("alice@example.com");
        await good.ToldAsync(1, TimeSpan.FromSeconds(2));
        await silent.ToldAsync(1);
        await dripping.ToldAsync(1);
        await stage.RevokeAsync("bob@example.com");
        await good.ToldAsync(2, TimeSpan.FromSeconds(2));
        var shown = await stage.ShownAsync(events => events["lastFailure"] is not null, "silent");
        Assert.Equal(("no answer within 10 s", 2), ((string?)shown["lastFailure"]!["why"], (int)shown["waiting"]!));
    }

    [Fact]
    [Trait("clause", "DESIGN.md §5 promise 5")]
    [Trait("hostile", "outbound")]
    public async Task An_address_inside_is_posted_nothing_where_the_operator_did_not_name_it()
    {
        await using var receiver = new Receiver();
        await using var canary = new Receiver();
        await using var stage = await Stage.StartAsync(receiver);
        foreach (var (name, url) in new[] { ("loopback", canary.Url), ("named", new Uri($"https://{Dns.GetHostName()}:{canary.Url.Port.ToString(CultureInfo.InvariantCulture)}/")), ("metadata", new Uri("https://169.254.169.254/latest")) })
        {
            await stage.AddAsync(name, url);
            await stage.RevokeAsync($"{name}@example.com");
            var shown = await stage.ShownAsync(events => events["lastFailure"] is not null, name);
            Assert.Equal("its address is inside this network or is never connected to", (string?)shown["lastFailure"]!["why"]);
        }
        Assert.Empty(canary.Requests);
    }

    [Theory]
    [InlineData("http://api.example.com/")]
    [InlineData("https://user:secret@api.example.com/")]
    [InlineData("https://api.example.com/#a")]
    [InlineData("not an address")]
    [Trait("hostile", "bad input")]
    public async Task Another_address_than_may_be_is_refused_with_the_field_and_is_in_no_record(string url)
    {
        await using var receiver = new Receiver();
        await using var stage = await Stage.StartAsync(receiver);
        using var answer = await stage.SendAsync(HttpMethod.Put, "/api/v1/clients/billing/events", new JsonObject { ["delivery"] = "push", ["url"] = url });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("events.url", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", (await stage.GetAsync("/api/v1/audit")).ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("clause", "RFC 8936 §2")]
    public async Task A_poll_that_waits_has_what_is_revoked_within_a_second_and_a_suspended_agent_too()
    {
        await using var receiver = new Receiver();
        await using var stage = await Stage.StartAsync(receiver);
        using var key = Es256SigningKey.Generate();
        await stage.AddAsync("polling", url: null, key);
        var token = await stage.TokenAsync("polling", key);
        Assert.Equal("""{"sets":{},"moreAvailable":false}""", (await PollAsync("""{"returnImmediately":true}""")).ToJsonString());

        var waiting = PollAsync("{}");
        await stage.RevokeAsync("alice@example.com");
        var sets = (await waiting.WaitAsync(TimeSpan.FromSeconds(2), Cancellation))["sets"]!.AsObject();
        Assert.Equal("alice@example.com", (string?)Payload((string)sets.Single().Value!)["sub_id"]!["sub"]);

        await stage.PostAsync("/api/v1/apply", """{"documents":[{"apiVersion":"symbolon/v1","kind":"Agent","metadata":{"name":"bot","owner":"o@example.com"},"spec":{}}]}""");
        waiting = PollAsync($$"""{"ack":["{{sets.Single().Key}}"]}""");
        await stage.PostAsync("/api/v1/agents/bot/suspend", "{}");
        Assert.Equal("agent:bot", (string?)Payload((string)(await waiting.WaitAsync(TimeSpan.FromSeconds(2), Cancellation))["sets"]!.AsObject().Single().Value!)["sub_id"]!["sub"]);

        // It goes with what it waits for: a stop does not wait for half a minute.
        async Task<JsonNode> PollAsync(string body)
        {
            using var answer = await stage.Server.SendAsync(HttpMethod.Post, "/oauth/events", token, request => request.Content = new StringContent(body, Encoding.UTF8, "application/json"));
            var text = await answer.Content.ReadAsStringAsync(Cancellation);
            Assert.True(answer.IsSuccessStatusCode, text);
            return JsonNode.Parse(text)!;
        }
    }

    [Fact]
    public async Task What_waits_is_told_after_a_start_to_the_address_of_now_and_a_test_comes_behind_it()
    {
        await using var receiver = new Receiver();
        var folder = Directory.CreateTempSubdirectory("symbolon-events-").FullName;
        await using (var stage = await Stage.StartAsync(receiver, folder))
        {
            await stage.SetAsync(new Uri("http://127.0.0.1:1/"));
            await stage.RevokeAsync("alice@example.com");
            await stage.ShownAsync(events => events["lastFailure"] is not null);
        }
        await using (var stage = await Stage.StartAsync(receiver, folder, isNew: false))
        {
            await stage.SetAsync(receiver.Url);
            var sent = await stage.PostAsync("/api/v1/clients/billing/events/test", """{"state":"hello"}""");
            var told = await receiver.ToldAsync(2);
            Assert.Equal("alice@example.com", (string?)Payload(told[0])["sub_id"]!["sub"]);
            Assert.Equal(("hello", (string?)sent["id"]), ((string?)Payload(told[1])["events"]!["https://schemas.openid.net/secevent/ssf/event-type/verification"]!["state"], (string?)Payload(told[1])["jti"]));
        }
        Directory.Delete(folder, recursive: true);
    }

    private static JsonNode Payload(RawRequest request) => Payload(request.Text);

    private static JsonNode Payload(string token) => JsonNode.Parse(Base64Url.Decode(Encoding.ASCII.GetBytes(token.Split('.')[1]))!)!;

    /// <summary>A receiver that answers as the test says: a status, with a body after a line feed; and takes all later ones.</summary>
    private sealed class Receiver : IAsyncDisposable
    {
        public const string Silence = "";
        public const string Drip = "drip";

        private readonly RawServer server;

        public Receiver(params string[] statuses)
        {
            var answers = new Queue<string>(statuses);
            server = new RawServer(async (_, stream, stop) =>
            {
                string? status;
                lock (answers) answers.TryDequeue(out status);
                if (status == Silence) await Task.Delay(Timeout.Infinite, stop);
                else if (status == Drip) await DripAsync(stream, stop);
                else
                {
                    var parts = (status ?? Taken).Split('\n', 2);
                    if (parts[0].StartsWith("307", StringComparison.Ordinal)) parts = [status!];
                    await RawServer.WriteAsync(stream, parts[0], "application/json", parts.Length > 1 ? parts[1] : "", stop);
                }
            });
        }

        public Uri Url => new(server.Url, "/events");

        public IReadOnlyList<RawRequest> Requests => server.Requests;

        public async Task<IReadOnlyList<RawRequest>> ToldAsync(int count, TimeSpan? within = null)
        {
            var told = Deadline.ForAsync($"{count} events", () => Task.FromResult(Requests.Count >= count ? Requests : null));
            return within is { } limit ? await told.WaitAsync(limit, Cancellation) : await told;
        }

        public ValueTask DisposeAsync() => server.DisposeAsync();

        private static async Task DripAsync(Stream stream, CancellationToken stop)
        {
            await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"u8.ToArray(), stop);
            while (true)
            {
                await stream.WriteAsync("{"u8.ToArray(), stop);
                await Task.Delay(TimeSpan.FromMilliseconds(200), stop);
            }
        }
    }

    private sealed class Stage(RunningServer server) : IAsyncDisposable
    {
        public const string Audience = "https://billing.example.com";

        public RunningServer Server => server;

        public string Origin => server.Host.Addresses[0].TrimEnd('/');

        public static Task<Stage> StartAsync(Receiver receiver, params Receiver[] more) => StartAsync(receiver, folder: null, isNew: true, more);

        public static async Task<Stage> StartAsync(Receiver receiver, string? folder, bool isNew = true, params Receiver[] more)
        {
            string[] hosts = [.. more.Prepend(receiver).Select(each => each.Url.Authority), "127.0.0.1:1"];
            var stage = new Stage(await RunningServer.StartAsync(folder, options => options with { InternalHosts = hosts }));
            if (isNew) await stage.AddAsync("billing", receiver.Url);
            return stage;
        }

        public async Task AddAsync(string name, Uri? url, Es256SigningKey? key = null)
        {
            using var own = key is null ? Es256SigningKey.Generate() : null;
            var created = await PostAsync("/api/v1/clients", new JsonObject
            {
                ["name"] = name, ["owner"] = "owner@example.com", ["audience"] = $"https://{name}.example.com", ["keys"] = new JsonArray(JsonNode.Parse((key ?? own!).PublicKey.ToJson())),
                ["events"] = url is null ? new JsonObject { ["delivery"] = "poll" } : new JsonObject { ["delivery"] = "push", ["url"] = url.AbsoluteUri },
            }.ToJsonString());
            Assert.Equal(url is null ? "poll" : "push", (string?)created["events"]);
        }

        public async Task SetAsync(Uri url)
        {
            using var answer = await SendAsync(HttpMethod.Put, "/api/v1/clients/billing/events", new JsonObject { ["delivery"] = "push", ["url"] = url.AbsoluteUri });
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
        }

        public Task<JsonNode> RevokeAsync(string user) => PostAsync("/api/v1/revocations", new JsonObject { ["user"] = user }.ToJsonString());

        public Task<JsonNode> ShownAsync(Func<JsonNode, bool> isExpected, string client = "billing") => Deadline.ForAsync("how it goes", async () =>
            await GetAsync($"/api/v1/clients/{client}/events") is { } shown && isExpected(shown) ? shown : null);

        public async Task<string> TokenAsync(string client, Es256SigningKey key)
        {
            var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
            var claims = new JsonObject { ["iss"] = client, ["sub"] = client, ["aud"] = Origin, ["iat"] = now, ["exp"] = now + 60, ["jti"] = Guid.NewGuid().ToString() };
            using var answer = await server.SendAsync(HttpMethod.Post, "/oauth/token", token: null, request => request.Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials", ["resource"] = $"{Origin}/oauth/events", ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                ["client_assertion"] = key.Sign("client-authentication+jwt", Encoding.UTF8.GetBytes(claims.ToJsonString())),
            }));
            var text = await answer.Content.ReadAsStringAsync(Cancellation);
            Assert.True(answer.IsSuccessStatusCode, text);
            return (string)JsonNode.Parse(text)!["access_token"]!;
        }

        public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, JsonObject body) =>
            server.SendAsync(method, path, server.AdminToken, request => request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"));

        public async Task<JsonNode> PostAsync(string path, string body)
        {
            using var answer = await server.SendAsync(HttpMethod.Post, path, server.AdminToken, request => request.Content = new StringContent(body, Encoding.UTF8, "application/json"));
            var text = await answer.Content.ReadAsStringAsync(Cancellation);
            Assert.True(answer.IsSuccessStatusCode, text);
            return JsonNode.Parse(text)!;
        }

        public async Task<JsonNode> GetAsync(string path)
        {
            using var answer = await server.SendAsync(HttpMethod.Get, path, server.AdminToken);
            var text = await answer.Content.ReadAsStringAsync(Cancellation);
            Assert.True(answer.IsSuccessStatusCode, text);
            return JsonNode.Parse(text)!;
        }

        public ValueTask DisposeAsync() => server.DisposeAsync();
    }
}
