using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Symbolon.ConformanceTests;

/// <summary>The audit as it grows, and what is proved of it as a whole.</summary>
[Trait("area", "console")]
public sealed class DesignAuditLiveTests
{
    [Fact]
    public async Task A_new_call_comes_as_the_row_that_the_page_would_have_and_a_browser_that_comes_back_gets_what_it_missed()
    {
        await using var stage = await AuditStage.StartAsync();
        var start = await stage.AppendAsync(AuditStage.Call());
        Assert.Contains($"data-live=\"/audit/live?server=shop\" data-after=\"{start}\"", await stage.PageAsync("/audit?server=shop"), StringComparison.Ordinal);
        long first;
        using (var live = await Listener.StartAsync(stage, $"/audit/live?server=shop&after={start}"))
        {
            first = await stage.AppendAsync(AuditStage.Call(record => record.Reason = "<script>alert(1)</script>\nid: 7"));
            var row = await live.ReadAsync($"id: {first}\n");
            Assert.Contains($"id=\"r{first}\"", row, StringComparison.Ordinal);
            Assert.Contains("effect write", row, StringComparison.Ordinal);
            Assert.DoesNotContain("<script>", row, StringComparison.Ordinal);
            // Only the end of a call is a row; its intent is part of it.
            Assert.DoesNotContain($"id: {first - 1}\n", row, StringComparison.Ordinal);
        }
        var missed = await stage.AppendAsync(AuditStage.Call());
        using var again = await Listener.StartAsync(stage, $"/audit/live?server=shop&after={start}", lastEventId: first);
        var caughtUp = await again.ReadAsync($"id: {missed}\n");
        Assert.DoesNotContain($"id: {first}\n", caughtUp, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_nothing_fits_the_stream_says_how_far_the_server_has_looked()
    {
        await using var stage = await AuditStage.StartAsync();
        using var live = await Listener.StartAsync(stage, "/audit/live?server=other");
        var last = await stage.AppendAsync(AuditStage.Call());
        var heard = await live.ReadAsync("event: seen\n");
        Assert.Contains($"event: seen\nid: {last}\n", heard, StringComparison.Ordinal);
        Assert.DoesNotContain("<tr", heard, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_ends_with_its_session_and_nobody_else_gets_one()
    {
        await using var stage = await AuditStage.StartAsync();
        using var live = await Listener.StartAsync(stage, "/audit/live");
        using (await stage.Browser.PostAsync("/sign-out", await stage.PageAsync("/audit"))) await live.ReadAsync("event: ended\n");
        Assert.True(await live.HasEndedAsync());
        using var nobody = await stage.Browser.GetAsync("/audit/live");
        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
    }

    [Fact]
    public async Task A_page_of_another_origin_gets_no_stream_and_one_that_missed_too_much_is_told_to_load_again()
    {
        await using var stage = await AuditStage.StartAsync();
        using (var foreign = new HttpRequestMessage(HttpMethod.Get, "/audit/live"))
        {
            foreign.Headers.Add("Sec-Fetch-Site", "cross-site");
            foreign.Headers.Add("Cookie", stage.Browser.Cookies);
            using var answer = await stage.Server.Client.SendAsync(foreign, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
        for (var i = 0; i < 21; i++) await stage.AppendAsync([.. Enumerable.Range(0, 125).SelectMany(_ => AuditStage.Call())]);
        using var live = await Listener.StartAsync(stage, "/audit/live?after=1");
        await live.ReadAsync("event: gap\n");
    }

    [Fact]
    public async Task An_older_page_and_an_open_entry_keep_still()
    {
        await using var stage = await AuditStage.StartAsync();
        var seq = await stage.AppendAsync(AuditStage.Call());
        Assert.DoesNotContain("data-live=", await stage.PageAsync($"/audit?before={seq}"), StringComparison.Ordinal);
        Assert.DoesNotContain("data-live=", await stage.PageAsync($"/audit/{seq}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_chain_is_verified_from_the_page_in_the_background_and_the_api_says_the_same()
    {
        await using var stage = await AuditStage.StartAsync();
        for (var i = 0; i < 6; i++) await stage.AppendAsync([.. Enumerable.Range(0, 100).SelectMany(_ => AuditStage.Call())]);
        var head = (await stage.Store.HeadAsync(new("default"), TestContext.Current.CancellationToken)).Seq;
        Assert.Equal("never", (string?)(await CheckAsync(stage))["state"]);
        using (var answer = await stage.Browser.PostAsync("/audit/verify", await stage.PageAsync("/audit"))) Assert.Equal("/audit", answer.Headers.Location?.OriginalString);
        var until = Environment.TickCount64 + 60_000;
        JsonNode state;
        do state = await CheckAsync(stage);
        while ((string?)state["state"] == "running" && Environment.TickCount64 < until);
        Assert.Equal("verified", (string?)state["state"]);
        Assert.Equal(head, (long?)state["verifiedTo"]);
        Assert.Contains($"Verified to record {head.ToString("N0", System.Globalization.CultureInfo.InvariantCulture)}", await stage.PageAsync("/audit"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_export_behind_the_session_is_the_apis_own()
    {
        await using var stage = await AuditStage.StartAsync();
        await stage.AppendAsync(AuditStage.Call());
        using var api = await stage.Server.SendAsync(HttpMethod.Get, "/api/v1/audit/export", stage.Server.AdminToken);
        using var page = await stage.Browser.GetAsync("/audit/export");
        Assert.Equal("attachment", page.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal(await api.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_the_filters_find_is_what_is_exported_and_the_button_says_so()
    {
        await using var stage = await AuditStage.StartAsync();
        await stage.AppendAsync(AuditStage.Call());
        Assert.Contains(">Export all<", Spaceless(await stage.PageAsync("/audit")), StringComparison.Ordinal);
        Assert.Contains(">Export this period<", Spaceless(await stage.PageAsync("/audit?period=1h")), StringComparison.Ordinal);
        var page = await stage.PageAsync("/audit?kind=admin_change&decision=allowed&period=1h");
        Assert.Contains(">Export what fits<", Spaceless(page), StringComparison.Ordinal);

        using var export = await stage.Browser.GetAsync(System.Net.WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Match(page, "href=\"(/audit/export[^\"]*)\"").Groups[1].Value));
        var lines = (await export.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Equal(("admin_change", true), ((string)JsonNode.Parse(line)!["event"]!["kind"]!, (bool)JsonNode.Parse(line)!["event"]!["allowed"]!)));
    }

    /// <summary>The words of a button without the icon before them.</summary>
    private static string Spaceless(string page) => page.Replace("</svg>", ">", StringComparison.Ordinal);

    private static async Task<JsonNode> CheckAsync(AuditStage stage)
    {
        using var answer = await stage.Server.SendAsync(HttpMethod.Get, "/api/v1/audit/verify", stage.Server.AdminToken);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
    }

    /// <summary>Reads a stream as it comes, for at most 30 s at a time.</summary>
    private sealed class Listener(HttpResponseMessage answer, Stream stream) : IDisposable
    {
        private readonly StringBuilder read = new();

        public static async Task<Listener> StartAsync(AuditStage stage, string path, long? lastEventId = null)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("Cookie", stage.Browser.Cookies);
            if (lastEventId is { } last) request.Headers.Add("Last-Event-ID", last.ToString(System.Globalization.CultureInfo.InvariantCulture));
            var answer = await stage.Server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
            return new Listener(answer, await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        }

        /// <returns>All that came, once an event that holds this is whole.</returns>
        public async Task<string> ReadAsync(string awaited)
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            var buffer = new byte[4096];
            while (read.ToString() is var text && (text.IndexOf(awaited, StringComparison.Ordinal) is var at && (at < 0 || text.IndexOf("\n\n", at, StringComparison.Ordinal) < 0)))
            {
                var count = await stream.ReadAsync(buffer, deadline.Token);
                Assert.True(count > 0, $"It ended without {awaited}: {text}");
                read.Append(Encoding.UTF8.GetString(buffer, 0, count));
            }
            return read.ToString();
        }

        public async Task<bool> HasEndedAsync()
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            return await stream.ReadAsync(new byte[1], deadline.Token) == 0;
        }

        public void Dispose()
        {
            stream.Dispose();
            answer.Dispose();
        }
    }
}
