using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Symbolon.Core.Audit;
using Symbolon.Core.Policy;
using Symbolon.Testing.Processes;

namespace Symbolon.UnitTests.Admin;

[Trait("area", "admin")]
public sealed class AdminAuditTests
{
    [Fact]
    public async Task Records_are_paged_in_both_directions()
    {
        await using var host = await HostWithAsync(records: 5);
        var newest = await host.GetAsync("/api/v1/audit?limit=2");
        Assert.Equal([5, 4], Seqs(newest));
        var older = await host.GetAsync(LinkOf(newest, "next"));
        Assert.Equal([3, 2], Seqs(older));
        Assert.Equal([4, 5], Seqs(await host.GetAsync(LinkOf(older, "prev"))));
        Assert.Equal([1, 2], Seqs(await host.GetAsync("/api/v1/audit?order=asc&limit=2")));
    }

    [Fact]
    public async Task An_export_is_the_chained_texts_one_a_line_in_order()
    {
        await using var host = await HostWithAsync(records: 2_345);
        var export = await host.GetAsync("/api/v1/audit/export");
        Assert.Equal("application/x-ndjson", export.Headers["Content-Type"]);
        Assert.Equal(string.Concat(host.Audit.Stored.Select(record => Encoding.UTF8.GetString(record.Json.Span) + "\n")), export.Text);
    }

    [Theory]
    [InlineData("allowed", "1 2 6")]
    [InlineData("refused", "3 4 5")]
    [InlineData("lost", "7")]
    public async Task Records_are_picked_by_what_was_decided(string decision, string seqs)
    {
        await using var host = await HostWithAsync(records: 0);
        string[] events =
        [
            """{"kind":"call_intent","allowed":true}""", """{"kind":"call_outcome","outcome":"completed"}""", """{"kind":"call_outcome","outcome":"refused"}""",
            """{"kind":"refusals","count":3}""", """{"kind":"request","allowed":false}""", """{"kind":"request","allowed":true,"outcome":"completed"}""",
            """{"kind":"call_outcome","outcome":"unknown"}""", """{"kind":"drift"}""",
        ];
        foreach (var (i, text) in events.Index())
            host.Audit.Stored.Add(new StoredAuditRecord(i + 1, 0, Encoding.UTF8.GetBytes($$"""{"event":{{text}},"seq":{{i + 1}}}"""), new byte[32]));

        var found = await host.GetAsync($"/api/v1/audit?order=asc&decision={decision}");
        Assert.Equal(seqs, string.Join(' ', Seqs(found)));
        var export = await host.GetAsync($"/api/v1/audit/export?decision={decision}");
        Assert.Equal(string.Concat(host.Audit.Stored.Where(record => seqs.Split(' ').Contains(record.Seq.ToString(CultureInfo.InvariantCulture))).Select(record => Encoding.UTF8.GetString(record.Json.Span) + "\n")), export.Text);
        var first = await host.GetAsync($"/api/v1/audit?order=asc&limit=1&decision={decision}");
        Assert.Equal(seqs.Split(' ')[0], string.Join(' ', Seqs(first)));
        Assert.Equal(seqs.Split(' ').Skip(1).Take(1), Seqs(await host.GetAsync(LinkOf(first, "next"))).Select(seq => seq.ToString(CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task An_export_may_be_cut_by_time()
    {
        await using var host = await HostWithAsync(records: 5);
        var export = await host.GetAsync("/api/v1/audit/export?from=2027-01-15T00:00:02Z&to=2027-01-15T00:00:04Z");
        Assert.Equal(2, export.Text.Count(c => c == '\n'));
        Assert.StartsWith("""{"seq":2}""", export.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("from=yesterday")]
    [InlineData("to=2027-13-01")]
    [InlineData("call=x")]
    [InlineData("after=-1")]
    [InlineData("order=up")]
    public async Task A_filter_that_cannot_be_read_is_refused(string query)
    {
        await using var host = await HostWithAsync(records: 1);
        Assert.Equal(400, (await host.GetAsync($"/api/v1/audit?{query}")).Status);
    }

    [Theory]
    [InlineData("/api/v1/audit?code=not_grantd", "code", "not_granted")]
    [InlineData("/api/v1/audit?code=NOT_GRANTED", "code", "not_granted")]
    [InlineData("/api/v1/audit?decision=denied", "decision", "refused")]
    [InlineData("/api/v1/audit/tail?decision=Allowed", "decision", "allowed")]
    [InlineData("/api/v1/audit?code=1102", "code", "not_granted")]
    [InlineData("/api/v1/audit?code=not_granted&kind=foo", "kind", "call_intent")]
    [InlineData("/api/v1/audit/tail?kind=CallIntent", "kind", "call_intent")]
    [InlineData("/api/v1/audit/tail?code=nosuch", "code", "not_granted")]
    public async Task A_kind_or_code_that_is_on_no_list_is_refused_instead_of_found_nowhere(string path, string parameter, string known)
    {
        await using var host = await HostWithAsync(records: 1);
        var answer = await host.GetAsync(path);
        Assert.Equal((400, "malformed_request"), (answer.Status, answer.Json.GetProperty("code").GetString()));
        var error = Assert.Single(answer.Json.GetProperty("errors").EnumerateArray());
        Assert.Equal(parameter, error.GetProperty("path").GetString());
        Assert.Contains(known, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_kind_and_code_on_the_list_is_a_filter()
    {
        await using var host = await HostWithAsync(records: 1);
        foreach (var kind in AuditTexts.AllKinds) Assert.Equal(200, (await host.GetAsync($"/api/v1/audit?kind={kind}")).Status);
        foreach (var code in Enum.GetValues<ReasonCode>()) Assert.Equal(200, (await host.GetAsync($"/api/v1/audit?code={code.ToText()}")).Status);
    }

    [Fact]
    public async Task The_head_names_the_end_of_the_chain()
    {
        await using var host = await HostWithAsync(records: 3);
        var head = (await host.GetAsync("/api/v1/audit/head")).Json;
        Assert.Equal((3L, Convert.ToHexStringLower(host.Audit.Stored[2].Hash.Span)), (head.GetProperty("seq").GetInt64(), head.GetProperty("hash").GetString()));
    }

    [Theory]
    [InlineData("/api/v1/audit/tail?after=1", null)]
    [InlineData("/api/v1/audit/tail", "1")]
    public async Task A_tail_fills_in_what_was_missed_and_then_follows_with_a_sign_of_life(string path, string? lastEventId)
    {
        await using var host = await HostWithAsync(records: 2);
        using var left = new CancellationTokenSource();
        var stream = new MemoryStream();
        (string, string)[] headers = [("Authorization", $"Bearer {host.Token}"), .. lastEventId is null ? [] : new[] { ("Last-Event-ID", lastEventId) }];
        var tail = host.StreamAsync("GET", path, null, headers, stream, left.Token);

        await Deadline.ForAsync("the tail to sleep", () => host.Clock.Sleepers > 0);
        Assert.Equal("id: 2\ndata: {\"seq\":2}\n\n", TextOf(stream));
        host.Audit.Stored.Add(Record(3));
        await Deadline.ForAsync("the new record", () => { host.Clock.Advance(TimeSpan.FromMilliseconds(250)); return TextOf(stream).EndsWith("id: 3\ndata: {\"seq\":3}\n\n", StringComparison.Ordinal); });
        await Deadline.ForAsync("a sign of life", () => { host.Clock.Advance(TimeSpan.FromSeconds(1)); return TextOf(stream).EndsWith(": still here\n\n", StringComparison.Ordinal); });

        await left.CancelAsync();
        Assert.Equal(200, (await tail).Status);
    }

    [Fact]
    public async Task A_tail_whose_filter_matches_nothing_looks_at_each_record_once()
    {
        await using var host = await HostWithAsync(records: 3);
        using var left = new CancellationTokenSource();
        var tail = host.StreamAsync("GET", "/api/v1/audit/tail?after=0&user=nobody@example.com", null, [("Authorization", $"Bearer {host.Token}")], new MemoryStream(), left.Token);
        await Deadline.ForAsync("the tail to sleep", () => host.Clock.Sleepers > 0);

        for (var poll = 0; poll < 3; poll++)
        {
            host.Audit.Stored.Add(Record(4 + poll));
            var expected = 2 + poll;
            await Deadline.ForAsync("the next poll", () => { host.Clock.Advance(TimeSpan.FromMilliseconds(250)); return host.Audit.ReadsAfter.Count == expected; });
        }

        Assert.Equal([0L, 3L, 4L, 5L], host.Audit.ReadsAfter);
        await left.CancelAsync();
        await tail;
    }

    private static async Task<AdminHost> HostWithAsync(int records)
    {
        var host = await AdminHost.StartAsync();
        for (var seq = 1; seq <= records; seq++) host.Audit.Stored.Add(Record(seq));
        return host;
    }

    private static StoredAuditRecord Record(int seq)
    {
        var json = Encoding.UTF8.GetBytes($$"""{"seq":{{seq}}}""");
        return new StoredAuditRecord(seq, new DateTimeOffset(2027, 1, 15, 0, 0, 0, TimeSpan.Zero).AddSeconds(seq).ToUnixTimeMilliseconds() * 1000, json, SHA256.HashData(json));
    }

    private static string TextOf(MemoryStream stream) => Encoding.UTF8.GetString(stream.ToArray());

    private static IEnumerable<int> Seqs(Answer answer) => answer.Json.EnumerateArray().Select(record => record.GetProperty("seq").GetInt32());

    private static string LinkOf(Answer answer, string relation)
    {
        var link = answer.Headers["Link"].Split(',').Single(part => part.Contains($"rel=\"{relation}\"", StringComparison.Ordinal));
        return link[(link.IndexOf('<', StringComparison.Ordinal) + 1)..link.IndexOf('>', StringComparison.Ordinal)];
    }
}
