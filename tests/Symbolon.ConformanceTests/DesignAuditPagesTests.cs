using System.Net;
using System.Text.Json;
using Symbolon.Core.Audit;
using Symbolon.Core.Policy;
using Symbolon.Testing;

namespace Symbolon.ConformanceTests;

/// <summary>DESIGN.md section 4, Audit durability, as the console shows it.</summary>
[Trait("area", "console")]
public sealed class DesignAuditPagesTests
{
    [Fact]
    public async Task A_call_of_two_records_is_one_row_with_what_each_of_them_says()
    {
        await using var stage = await AuditStage.StartAsync();
        var seq = await stage.AppendAsync(AuditStage.Call());
        var page = await stage.PageAsync("/audit?server=shop");
        Assert.Equal([seq], AuditStage.Rows(page));
        Assert.Contains("<code>change</code>", page, StringComparison.Ordinal);
        Assert.Contains("effect write", page, StringComparison.Ordinal);
        Assert.Contains("640 ms", page, StringComparison.Ordinal);
        Assert.Contains("for alice@example.com", page, StringComparison.Ordinal);
        Assert.Contains("alice@example.com, through release-bot, called change on shop. Allowed, and answered after 640 ms.", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/audit\" aria-current=\"page\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_whose_end_is_not_on_record_is_under_way_and_one_that_was_refused_names_its_code()
    {
        await using var stage = await AuditStage.StartAsync();
        await stage.AppendAsync(AuditStage.Intent(Guid.CreateVersion7()));
        Assert.Contains("Under way", await stage.PageAsync("/audit?server=shop"), StringComparison.Ordinal);
        var call = Guid.CreateVersion7();
        await stage.AppendAsync(Refused(call));
        var page = await stage.PageAsync("/audit?decision=refused");
        Assert.Contains("<code>not_granted</code>", page, StringComparison.Ordinal);
        Assert.Single(AuditStage.Rows(page));
    }

    [Theory]
    [InlineData("user=bob%40example.com")]
    [InlineData("agent=bot-b")]
    [InlineData("server=other")]
    [InlineData("tool=peek")]
    [InlineData("token=tok_b")]
    [InlineData("q=bob%40example.com")]
    [InlineData("code=upstream_timeout")]
    public async Task The_address_holds_the_filters_and_each_can_be_removed_by_a_link(string filter)
    {
        await using var stage = await AuditStage.StartAsync();
        await stage.AppendAsync(AuditStage.Call());
        var call = Guid.CreateVersion7();
        var wanted = await stage.AppendAsync(AuditStage.Intent(call, Other), AuditStage.Outcome(call, CallOutcome.Failed, ReasonCode.UpstreamTimeout, Other));
        var address = $"/audit?{filter}";
        if (filter.StartsWith("q=", StringComparison.Ordinal))
        {
            using var found = await stage.Browser.GetAsync(address);
            address = found.Headers.Location!.OriginalString;
        }
        var page = await stage.PageAsync(address);
        Assert.Equal([wanted], AuditStage.Rows(page));
        // What the filter's column does not hold is found beside it.
        Assert.Contains("effect write", page, StringComparison.Ordinal);
        Assert.Contains("remove this filter", page, StringComparison.Ordinal);
        Assert.Contains("<a class=\"btn small\" href=\"/audit\">", page, StringComparison.Ordinal);

        static void Other(AuditEvent record) =>
            (record.User, record.Agent, record.Server, record.Tool, record.Token) = ("bob@example.com", "bot-b", "other", "peek", "tok_b");
    }

    [Fact]
    public async Task Pages_of_older_entries_show_each_call_once_also_one_whose_records_are_far_apart_and_lead_back_to_newer_ones()
    {
        await using var stage = await AuditStage.StartAsync();
        var slow = Guid.CreateVersion7();
        await stage.AppendAsync(AuditStage.Intent(slow));
        for (var i = 0; i < 60; i++) await stage.AppendAsync(AuditStage.Call());
        var last = await stage.AppendAsync(AuditStage.Outcome(slow));
        var first = await stage.PageAsync("/audit?server=shop");
        Assert.Equal(50, AuditStage.Rows(first).Count);
        Assert.Equal(last, AuditStage.Rows(first)[0]);
        var second = await stage.PageAsync(AuditStage.LinkOf(first, "Older")!);
        Assert.Equal(11, AuditStage.Rows(second).Count);
        Assert.Equal(61, AuditStage.Rows(first).Concat(AuditStage.Rows(second)).Distinct().Count());
        Assert.Null(AuditStage.LinkOf(second, "Older"));
        Assert.Equal(AuditStage.Rows(first), AuditStage.Rows(await stage.PageAsync(AuditStage.LinkOf(second, "Newer")!)));
    }

    [Fact]
    public async Task The_entry_of_an_allowed_call_tells_who_called_what_by_which_token_and_grant_and_holds_both_records_with_their_hashes()
    {
        await using var stage = await AuditStage.StartAsync();
        await stage.AppendAsync(AuditStage.Call());
        var seq = await stage.AppendAsync(AuditStage.Call());
        var page = await stage.PageAsync($"/audit/{seq}?server=shop");
        Assert.Contains("<dialog class=\"drawer\" id=\"entry\" open", page, StringComparison.Ordinal);
        Assert.Contains("alice@example.com, through release-bot, called change on shop. Allowed, and answered after 640 ms.</p>", page, StringComparison.Ordinal);
        Assert.Contains("alice@example.com (person), then release-bot (agent), then Symbolon (gateway; decided, is no actor), then shop (server), then API: not reported (what this server calls, it tells nobody here)", page, StringComparison.Ordinal);
        Assert.Contains("mcp:shop:change, by grant bot-shop", page, StringComparison.Ordinal);
        Assert.Contains("live definition was the reviewed one", page, StringComparison.Ordinal);
        Assert.Contains("0af7651916cd43dd8448eb211c80319c", page, StringComparison.Ordinal);
        foreach (var each in new[] { seq - 1, seq })
        {
            var record = (await stage.Store.ReadAsync(new("default"), new AuditQuery { Lowest = each, Highest = each }, null, false, 1, TestContext.Current.CancellationToken)).Single();
            Assert.Contains(Convert.ToHexStringLower(record.Hash.Span), page, StringComparison.Ordinal);
        }
        // Closing leads to the row, with the filters as they are.
        Assert.Contains($"href=\"/audit?server=shop#r{seq}\" data-close", page, StringComparison.Ordinal);
        Assert.Equal($"/audit/{seq - 2}?server=shop", AuditStage.LinkOf(page, "Older"));
        Assert.Null(AuditStage.LinkOf(page, "Newer"));
        // The number of the intent leads to the same entry.
        Assert.Contains($"aria-current=\"true\" title=", await stage.PageAsync($"/audit/{seq - 1}"), StringComparison.Ordinal);
        using var missing = await stage.Browser.GetAsync($"/audit/{seq + 1000}");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task The_entry_of_a_refused_call_stops_where_the_record_says_and_claims_no_check_behind_it()
    {
        await using var stage = await AuditStage.StartAsync();
        var page = await stage.PageAsync($"/audit/{await stage.AppendAsync(Refused(Guid.CreateVersion7()))}");
        Assert.Contains("Refused: not_granted. Nothing was sent to the server.", page, StringComparison.Ordinal);
        Assert.Contains("The message was well-formed", page, StringComparison.Ordinal);
        Assert.Contains("Stopped here", page, StringComparison.Ordinal);
        Assert.DoesNotContain("inside a grant", page, StringComparison.Ordinal);
        Assert.DoesNotContain("reviewed one", page, StringComparison.Ordinal);
        Assert.Contains("node stop", page, StringComparison.Ordinal);
        Assert.Contains("edge cut", page, StringComparison.Ordinal);
        Assert.DoesNotContain("API: not reported", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_entry_of_a_lost_call_says_that_nobody_knows()
    {
        await using var stage = await AuditStage.StartAsync();
        var call = Guid.CreateVersion7();
        var seq = await stage.AppendAsync(AuditStage.Intent(call), AuditStage.Outcome(call, CallOutcome.Unknown, change: lost => (lost.Duration, lost.Reason) = (null, "lease 3 of node n1 ended")));
        var page = await stage.PageAsync($"/audit/{seq}");
        Assert.Contains("it may or may not have happened", page, StringComparison.Ordinal);
        Assert.Contains("The end was never recorded", page, StringComparison.Ordinal);
        Assert.Contains("lease 3 of node n1 ended", page, StringComparison.Ordinal);
        Assert.Equal([seq], AuditStage.Rows(await stage.PageAsync("/audit?decision=lost")));
    }

    [Fact]
    public async Task The_entry_of_a_change_by_an_administrator_says_what_was_done_and_draws_no_chain()
    {
        await using var stage = await AuditStage.StartAsync();
        var seq = AuditStage.Rows(await stage.PageAsync("/audit?kind=admin_change"))[0];
        var page = await stage.PageAsync($"/audit/{seq}");
        Assert.Contains("admin-token signed in to the console with the admin token.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Delegation chain", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Stopped here", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_that_looks_like_markup_is_shown_as_the_text_that_it_is_wherever_a_record_holds_it()
    {
        await using var stage = await AuditStage.StartAsync();
        foreach (var text in JsonSerializer.Deserialize<string[]>(File.ReadAllText(Repo.At("tests", "data", "naughty-strings", "blns.json")))!.Chunk(4).Select(chunk => chunk[0]).Prepend("<script>alert(1)</script>"))
        {
            var call = Guid.CreateVersion7();
            var seq = await stage.AppendAsync(AuditStage.Intent(call, Naughty), AuditStage.Outcome(call, change: Naughty));
            var page = await stage.PageAsync($"/audit/{seq}");
            Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
            Assert.DoesNotMatch("(?i)<(img|iframe|svg/|body o|video|audio|object|embed)|\"\\s+on[a-z]+=", page);
            if (text.Length > 0 && !char.IsControl(text[0]) && text.Length < 40) Assert.Contains(text, WebUtility.HtmlDecode(page), StringComparison.Ordinal);

            void Naughty(AuditEvent record) => record.User = record.Agent = record.Workflow = record.Server = record.Tool = record.Reason = record.Token = text;
        }
    }

    private static AuditEvent[] Refused(Guid call) =>
    [
        AuditStage.Intent(call, refused =>
        {
            (refused.Allowed, refused.Code) = (false, ReasonCode.NotGranted);
            refused.Scope = refused.Grant = null;
        }),
        AuditStage.Outcome(call, CallOutcome.Refused, ReasonCode.NotGranted),
    ];
}
