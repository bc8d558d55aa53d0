using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.Core;
using Symbolon.Core.Announcements;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;
using Symbolon.ConformanceTests.Storage;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Symbolon.Testing.Webhooks;

namespace Symbolon.ConformanceTests;

/// <summary>A whole server with a webhook, and a real receiver of it.</summary>
[Trait("area", "webhook")]
public sealed class DesignWebhookTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("clause", "Standard Webhooks 1.0.0 Deliverability and reliability")]
    public async Task An_event_is_told_until_it_is_taken_under_one_id_with_the_same_body_and_a_signature_of_each_attempt()
    {
        await using var listener = new HookListener("500 Internal Server Error", "503 Service Unavailable");
        await using var stage = await Stage.StartAsync(listener);
        await stage.AnnounceAsync(new Change.Announce(AnnouncementType.DriftSeen, "orders", """{"tool":"refund","review":"orders.3"}"""));

        var requests = await stage.ToldAsync(3);
        Assert.All(requests, request =>
        {
            Assert.Equal("POST /hooks/symbolon HTTP/1.1", request.Line);
            Assert.Equal("application/json", request.Values("content-type").Single());
            Assert.True(listener.IsGenuine(request));
            Assert.Equal(requests[0].Text, request.Text);
        });
        Assert.Single(requests.Select(request => request.Values("webhook-id").Single()).Distinct());
        var body = JsonNode.Parse(requests[0].Text)!;
        Assert.Equal("drift.seen", (string?)body["type"]);
        Assert.Equal("""{"organisation":"default","server":"orders","tool":"refund","review":"orders.3"}""", body["data"]!.ToJsonString());

        var shown = await stage.ShownAsync(webhook => (int)webhook["waiting"]! == 0);
        Assert.Equal("on", (string?)shown["state"]);
        Assert.Equal((string?)shown["lastFailure"]!["id"], (string?)shown["lastSuccess"]!["id"]);
        Assert.Equal("answered 503", (string?)shown["lastFailure"]!["why"]);
    }

    [Fact]
    public async Task What_was_not_told_before_a_stop_is_told_after_it()
    {
        await using var listener = new HookListener();
        var folder = Directory.CreateTempSubdirectory("symbolon-hooks-").FullName;
        // Nothing listens there: what is announced waits.
        await using (var stage = await Stage.StartAsync(listener, folder, options => options with { WebhookUrl = "http://127.0.0.1:1/" }))
        {
            await stage.AnnounceAsync(new Change.Announce(AnnouncementType.ServerSuspended, "orders", "{}"));
            await stage.ShownAsync(webhook => (string?)webhook["lastFailure"]?["why"] == "no connection");
        }
        await using (var stage = await Stage.StartAsync(listener, folder)) Assert.True(listener.IsGenuine(Assert.Single(await stage.ToldAsync(1))));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §5 promise 5")]
    public async Task A_redirect_is_a_failure_and_nobody_goes_there()
    {
        await using var canary = new HookListener();
        await using var listener = new HookListener($"307 Temporary Redirect\r\nLocation: {canary.Url}");
        await using var stage = await Stage.StartAsync(listener);
        await stage.TestAsync();
        var shown = await stage.ShownAsync(webhook => webhook["lastTest"] is not null);
        Assert.Equal("answered 307", (string?)shown["lastTest"]!["why"]);
        Assert.Empty(canary.Requests);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §5 promise 5")]
    public async Task A_name_that_leads_inside_is_sent_nothing_where_the_operator_did_not_say_that_it_may()
    {
        // A name of this machine's that is not localhost.
        var host = Dns.GetHostName();
        await using var listener = new HookListener();
        await using var stage = await Stage.StartAsync(listener, change: options => options with { WebhookUrl = $"https://{host}:{listener.Url.Port}/" });
        await stage.TestAsync();
        var shown = await stage.ShownAsync(webhook => webhook["lastTest"] is not null);
        Assert.Equal("its address is inside this network or is never connected to", (string?)shown["lastTest"]!["why"]);
        Assert.Empty(listener.Requests);
    }

    [Fact]
    [Trait("clause", "Standard Webhooks 1.0.0 Delivery success and failure")]
    public async Task One_that_is_gone_is_told_nothing_until_a_test_is_taken()
    {
        await using var listener = new HookListener("410 Gone");
        await using var stage = await Stage.StartAsync(listener);
        await stage.AnnounceAsync(new Change.Announce(AnnouncementType.ReviewOpened, "orders", "{}"));
        await stage.ShownAsync(webhook => (string?)webhook["state"] == "gone");
        await stage.AnnounceAsync(new Change.Announce(AnnouncementType.ReviewExpired, "orders", "{}"));
        await stage.ShownAsync(webhook => (int)webhook["waiting"]! == 2);

        await stage.TestAsync();
        var types = (await stage.ToldAsync(4)).Select(request => (string?)JsonNode.Parse(request.Text)!["type"]).ToList();
        Assert.Equal(["review.opened", "ping"], types[..2]);
        Assert.Equal(["review.expired", "review.opened"], types[2..].Order(StringComparer.Ordinal));
        Assert.Equal("on", (string?)(await stage.ShownAsync(webhook => (int)webhook["waiting"]! == 0))["state"]);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §5 promise 4")]
    public async Task The_secret_is_in_no_file_of_the_server_and_in_no_answer()
    {
        await using var listener = new HookListener("500 Internal Server Error");
        await using var stage = await Stage.StartAsync(listener);
        await stage.AnnounceAsync(new Change.Announce(AnnouncementType.DriftSeen, "orders", "{}"));
        await stage.ToldAsync(2);
        var shown = await stage.ShownAsync(webhook => (int)webhook["waiting"]! == 0);
        Assert.DoesNotContain(listener.Secret[6..], shown.ToJsonString(), StringComparison.Ordinal);

        var key = Convert.FromBase64String(listener.Secret[6..]);
        var looked = 0;
        foreach (var file in Directory.EnumerateFiles(stage.Server.Options.DataDirectory, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock"))
        {
            await using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var content = new MemoryStream();
            await open.CopyToAsync(content, Cancellation);
            Assert.Equal(-1, content.ToArray().AsSpan().IndexOf(key));
            Assert.Equal(-1, content.ToArray().AsSpan().IndexOf(Encoding.ASCII.GetBytes(listener.Secret[6..])));
            looked++;
        }
        Assert.InRange(looked, 3, int.MaxValue);
    }

    [Fact]
    [Trait("area", "console")]
    public async Task The_settings_show_how_it_goes_and_send_a_test()
    {
        await using var listener = new HookListener();
        await using var stage = await Stage.StartAsync(listener);
        using var browser = new Browser(stage.Server);
        await browser.SignInAsync();
        var page = await browser.PageAsync("/settings");
        Assert.Contains(listener.Url.AbsoluteUri, page, StringComparison.Ordinal);
        Assert.Contains("nothing yet", page, StringComparison.Ordinal);
        Assert.DoesNotContain(listener.Secret[6..], page, StringComparison.Ordinal);

        using (var refused = await browser.PostAsync("/settings/webhook/test", page, ("reason", new string('x', 1025)))) Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        using (var sent = await browser.PostAsync("/settings/webhook/test", page, ("reason", "after the move"))) Assert.Equal(HttpStatusCode.SeeOther, sent.StatusCode);
        Assert.Single(await stage.ToldAsync(1));
        await stage.ShownAsync(webhook => webhook["lastSuccess"] is not null);
        Assert.Contains("<code>ping</code>", await browser.PageAsync("/settings"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_one_says_so_and_cannot_try_it()
    {
        await using var server = await RunningServer.StartAsync();
        using (var shown = await server.SendAsync(HttpMethod.Get, "/api/v1/webhook", server.AdminToken))
            Assert.Equal("""{"state":"none","waiting":0,"lost":0}""", await shown.Content.ReadAsStringAsync(Cancellation));
        using var test = await server.SendAsync(HttpMethod.Post, "/api/v1/webhook/test", server.AdminToken);
        Assert.Equal(HttpStatusCode.Conflict, test.StatusCode);
        Assert.Equal("no_webhook", (string?)JsonNode.Parse(await test.Content.ReadAsStringAsync(Cancellation))!["code"]);
    }

    private sealed class Stage(RunningServer server, HookListener listener) : IAsyncDisposable
    {
        public RunningServer Server => server;

        public static async Task<Stage> StartAsync(HookListener listener, string? folder = null, Func<Symbolon.Server.Hosting.SymbolonOptions, Symbolon.Server.Hosting.SymbolonOptions>? change = null)
        {
            var server = await RunningServer.StartAsync(folder, options =>
            {
                options = options with { WebhookUrl = listener.Url.AbsoluteUri, WebhookSecretFile = listener.SecretFile };
                return change is null ? options : change(options);
            });
            return new Stage(server, listener);
        }

        /// <summary>As a change of the registry does: in the transaction of something else.</summary>
        public async Task AnnounceAsync(Change.Announce announce)
        {
            var record = new AuditEvent { Kind = AuditKind.AdminChange, Time = TimeProvider.System.Microseconds(), By = "admin", Action = "test" };
            var name = $"bot-{Guid.NewGuid().ToString("N")[..8]}";
            Change[] changes = [Samples.Put(Samples.Agent(name)), announce];
            Assert.IsType<CommitResult.Committed>(await server.Host.Services.GetRequiredService<IChangeLog>().CommitAsync(OrganisationId.Default, changes, [record], Cancellation));
        }

        public Task<IReadOnlyList<RawRequest>> ToldAsync(int count) =>
            Deadline.ForAsync($"{count} requests at the webhook", () => Task.FromResult(listener.Requests is { } told && told.Count >= count ? told : null));

        public async Task TestAsync()
        {
            using var answer = await server.SendAsync(HttpMethod.Post, "/api/v1/webhook/test", server.AdminToken);
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        }

        public Task<JsonNode> ShownAsync(Func<JsonNode, bool> isExpected) => Deadline.ForAsync("the webhook's state", async () =>
        {
            using var answer = await server.SendAsync(HttpMethod.Get, "/api/v1/webhook", server.AdminToken);
            var webhook = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!;
            return isExpected(webhook) ? webhook : null;
        });

        public ValueTask DisposeAsync() => server.DisposeAsync();
    }
}
