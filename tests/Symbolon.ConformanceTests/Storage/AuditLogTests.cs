using System.Text;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;
using Symbolon.Testing.Storage;

namespace Symbolon.ConformanceTests.Storage;

public sealed class SqliteAuditLogTests() : AuditLogTests(StoreKind.Sqlite);

public sealed class PostgresAuditLogTests() : AuditLogTests(StoreKind.Postgres);

public abstract class AuditLogTests(StoreKind kind) : StoreTests(kind)
{
    private static readonly AuditQuery All = new();

    /// <summary>Verifies the whole chain as an export has it, and its head.</summary>
    private async Task<ChainVerifier> VerifyAsync(OrganisationId organisation)
    {
        var verifier = new ChainVerifier();
        long after = 0;
        while (true)
        {
            var page = await Store.Audit.ReadAsync(organisation, All, after, descending: false, 1000, Cancellation);
            foreach (var record in page)
            {
                Assert.Null(verifier.Add(record.Json));
                Assert.Equal(verifier.Hash, record.Hash.Span);
                after = record.Seq;
            }
            if (page.Count < 1000) break;
        }
        var (seq, hash) = await Store.Audit.HeadAsync(organisation, Cancellation);
        Assert.Equal(seq, verifier.LastSeq);
        Assert.Equal(hash, verifier.Hash);
        return verifier;
    }

    [Fact]
    public async Task A_record_is_durable_when_the_log_says_so()
    {
        var record = Samples.Call(AuditKind.CallIntent, Guid.NewGuid());

        Assert.True(await AppendAsync(Store.AuditLog, record));

        var stored = Assert.Single(await Store.Audit.ReadAsync(Organisation, All, null, descending: false, 10, Cancellation));
        Assert.Contains(record.Call!.Value.ToString(), Encoding.UTF8.GetString(stored.Json.Span), StringComparison.Ordinal);
        Assert.True(Store.AuditLog.IsHealthy);
    }

    [Fact]
    public async Task A_record_appended_ahead_becomes_durable_without_another_and_in_its_order()
    {
        var first = Samples.Call(AuditKind.CallIntent, Guid.NewGuid());
        Store.AuditLog.AppendAhead(first);
        Assert.True(await first.Durable().AsTask().WaitAsync(TimeSpan.FromSeconds(10), Cancellation));

        var second = Samples.Call(AuditKind.CallIntent, Guid.NewGuid());
        var third = Samples.Call(AuditKind.CallOutcome, second.Call!.Value);
        Store.AuditLog.AppendAhead(second);
        Assert.True(await AppendAsync(Store.AuditLog, third));

        Assert.True(second.Durable().AsTask().IsCompletedSuccessfully);
        var stored = await Store.Audit.ReadAsync(Organisation, All, null, descending: false, 10, Cancellation);
        Assert.Equal(["call_intent", "call_intent", "call_outcome"], stored.Select(record =>
            System.Text.Json.JsonDocument.Parse(record.Json).RootElement.GetProperty("event").GetProperty("kind").GetString()));
        await VerifyAsync(Organisation);
    }

    [Fact]
    public async Task Who_begins_to_wait_for_a_record_appended_ahead_gets_its_answer()
    {
        for (var i = 0; i < 50; i++)
        {
            var record = Samples.Call(AuditKind.CallIntent, Guid.NewGuid());
            Store.AuditLog.AppendAhead(record);
            Store.AuditLog.Hasten();
            Assert.True(await record.Durable().AsTask().WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
        }
    }

    [Theory]
    [InlineData(long.MaxValue, false, 0)]
    [InlineData(long.MinValue, true, 0)]
    [InlineData(0, true, 0)]
    [InlineData(long.MinValue, false, 1)]
    [InlineData(long.MaxValue, true, 1)]
    public async Task Reading_on_from_the_ends_of_all_numbers_does_not_begin_anew(long after, bool descending, int expected)
    {
        Assert.True(await AppendAsync(Store.AuditLog, Samples.Call(AuditKind.CallIntent, Guid.NewGuid())));

        Assert.Equal(expected, (await Store.Audit.ReadAsync(Organisation, All, after, descending, 10, Cancellation)).Count);
    }

    [Fact]
    public async Task A_call_that_goes_on_for_long_does_not_hold_up_the_others_of_its_batch()
    {
        const int Others = 7;
        using var allOthers = new CountdownEvent(Others);

        async Task<bool> WaitAsync(int number)
        {
            var record = Samples.Call(AuditKind.CallIntent, Guid.NewGuid());
            Store.AuditLog.AppendAhead(record);
            var durable = record.Durable();
            if (number == 0) Store.AuditLog.Hasten();
            Assert.True(await durable);
            if (number > 0) return allOthers.Signal() || true;
            // Goes on without ever giving its thread back, as a stream without a pause does.
            return allOthers.Wait(TimeSpan.FromSeconds(10), Cancellation);
        }

        var waiting = Enumerable.Range(0, Others + 1).Reverse().Select(WaitAsync).ToArray();

        Assert.All(await Task.WhenAll(waiting), Assert.True);
    }

    [Fact]
    public async Task Ten_thousand_records_of_many_callers_make_one_whole_chain()
    {
        await Parallel.ForAsync(0, 64, Cancellation, async (caller, _) =>
        {
            for (var i = 0; i < 79; i++)
            {
                var call = Guid.NewGuid();
                Assert.True(await AppendAsync(Store.AuditLog, Samples.Call(AuditKind.CallIntent, call)));
                Assert.True(await AppendAsync(Store.AuditLog, Samples.Call(AuditKind.CallOutcome, call)));
            }
        });

        var verified = await VerifyAsync(Organisation);

        Assert.Equal((64 * 79 * 2, 0), (verified.Records, verified.OpenCalls));
    }

    [Fact]
    public async Task Records_of_several_organisations_in_one_batch_go_to_their_own_chains()
    {
        var organisations = new OrganisationId[] { new("a"), new("b"), new("c") };
        var records = Enumerable.Range(0, 90).Select(i =>
        {
            var record = Samples.Record();
            record.Organisation = organisations[i % 3];
            return record;
        }).ToList();
        foreach (var record in records) Store.AuditLog.Append(record);
        foreach (var record in records) Assert.True(await record.Durable());

        foreach (var organisation in organisations)
            Assert.Equal(30, (await VerifyAsync(organisation)).Records);
    }

    [Fact]
    public async Task The_chain_goes_on_after_a_restart()
    {
        await AppendAsync(Store.AuditLog, Samples.Record());
        using (var again = new OpenStore(Database.Options)) await AppendAsync(again.AuditLog, Samples.Record());
        await AppendAsync(Store.AuditLog, Samples.Record());

        Assert.Equal(3, (await VerifyAsync(Organisation)).Records);
    }

    [Fact]
    public async Task Closing_the_store_commits_what_waits_and_refuses_what_comes_later()
    {
        var records = Enumerable.Range(0, 1000).Select(_ => Samples.Record()).ToList();
        foreach (var record in records) Store.AuditLog.Append(record);
        var log = Store.AuditLog;
        Store.Dispose();

        foreach (var record in records) Assert.True(await record.Durable());
        Assert.False(await AppendAsync(log, Samples.Record()));
        Assert.False(log.IsHealthy);
    }

    [Theory]
    [InlineData(20_000)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Filters_and_pages_find_what_they_name(int window)
    {
        var audit = new Symbolon.Storage.Reading.AuditStore(Store.Store.Database, window);
        var call = Guid.NewGuid();
        await AppendAsync(Store.AuditLog, Samples.Call(AuditKind.CallIntent, call, "tok_1"));
        await AppendAsync(Store.AuditLog, Samples.Call(AuditKind.CallOutcome, call, "tok_1"));
        await AppendAsync(Store.AuditLog, Samples.Record());
        var refused = Samples.Call(AuditKind.Request, Guid.NewGuid());
        (refused.Workflow, refused.Code) = ("ci", ReasonCode.NotGranted);
        await AppendAsync(Store.AuditLog, refused);

        async Task<string> Seqs(AuditQuery query, long? after = null, bool descending = false, int limit = 10) =>
            string.Join(' ', (await audit.ReadAsync(Organisation, query, after, descending, limit, Cancellation)).Select(record => record.Seq));
        var times = (await Store.Audit.ReadAsync(Organisation, All, null, false, 10, Cancellation)).Select(record => record.Time).ToList();

        Assert.Equal("1 2 3 4", await Seqs(All));
        Assert.Equal("3 2", await Seqs(All, 4, descending: true, 2));
        Assert.Equal("2 3", await Seqs(All, 1, limit: 2));
        Assert.Equal("1", await Seqs(new() { Kind = "call_intent" }));
        Assert.Equal("1 2 4", await Seqs(new() { User = "alice@example.com", Agent = "claude-code", Server = "deploy", Tool = "rollout_status" }));
        Assert.Equal("1 2", await Seqs(new() { Token = "tok_1" }));
        Assert.Equal("1 2", await Seqs(new() { Call = call }));
        Assert.Equal("4", await Seqs(new() { Workflow = "ci", Code = "not_granted" }));
        Assert.Equal("", await Seqs(new() { User = "' OR 1=1 --" }));
        Assert.Equal("3 4", await Seqs(new() { From = times[2] }) is var from && times[1] < times[2] ? from : "3 4");
        Assert.Equal("", await Seqs(new() { To = times[0] }));
        Assert.Equal("1 2 3 4", await Seqs(new() { From = times[0], To = times[3] + 1 }));
        Assert.Equal("", await Seqs(new() { From = times[3] + 1 }));
        Assert.Equal("2 1", await Seqs(new() { Token = "tok_1" }, descending: true));
        Assert.Equal("2", await Seqs(new() { Token = "tok_1" }, descending: true, limit: 1));
        Assert.Equal("1", await Seqs(new() { Token = "tok_1" }, after: 2, descending: true));
    }

    [Fact]
    public async Task Long_searches_of_the_audit_leave_the_way_to_tokens_and_revisions_free()
    {
        await AppendAsync(Store.AuditLog, Samples.Record());
        using var searching = new ManualResetEventSlim();
        var searches = Enumerable.Range(0, 4).Select(_ => Store.Store.Database.ScanAsync(connection => Task.Run(() => { searching.Wait(Cancellation); return 1; }), Cancellation)).ToList();

        await Store.Feed.PollAsync(Cancellation);
        Assert.Null(await Store.Tokens.FindBySecretAsync(Samples.Secret("none"), Cancellation));

        Assert.All(searches, search => Assert.False(search.IsCompleted));
        searching.Set();
        await Task.WhenAll(searches);
    }

    [Fact]
    public async Task A_search_ends_with_the_client_that_asked_for_it()
    {
        for (var i = 0; i < 5; i++) await AppendAsync(Store.AuditLog, Samples.Record());
        using var left = new CancellationTokenSource();
        var audit = new Symbolon.Storage.Reading.AuditStore(Store.Store.Database, window: 1);
        left.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => audit.ReadAsync(Organisation, new AuditQuery { User = "nobody" }, null, false, 10, left.Token));
    }

    [Fact]
    public async Task U_0000_in_a_record_neither_stops_the_log_nor_is_lost()
    {
        var record = Samples.Call(AuditKind.Request, Guid.NewGuid());
        record.Tool = "a\0b";

        Assert.True(await AppendAsync(Store.AuditLog, record));

        var found = Assert.Single(await Store.Audit.ReadAsync(Organisation, new AuditQuery { Tool = "a\0b" }, null, false, 10, Cancellation));
        Assert.Contains("\"a\\u0000b\"", Encoding.UTF8.GetString(found.Json.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Half_a_surrogate_pair_in_a_record_does_not_stop_the_log()
    {
        var record = Samples.Call(AuditKind.Request, Guid.NewGuid());
        record.Tool = new string(['a', '\ud800', 'b']);

        Assert.True(await AppendAsync(Store.AuditLog, record));

        Assert.Single(await Store.Audit.ReadAsync(Organisation, new AuditQuery { Tool = "a\ufffdb" }, null, false, 10, Cancellation));
        Assert.True(await AppendAsync(Store.AuditLog, Samples.Record()));
    }

    [Fact]
    public async Task Two_nodes_on_one_store_write_one_chain()
    {
        using var second = new OpenStore(Database.Options);
        var logs = new[] { Store.AuditLog, second.AuditLog };

        await Parallel.ForAsync(0, 200, Cancellation, async (i, _) => Assert.True(await AppendAsync(logs[i % 2], Samples.Record())));

        Assert.Equal(200, (await VerifyAsync(Organisation)).Records);
    }
}
