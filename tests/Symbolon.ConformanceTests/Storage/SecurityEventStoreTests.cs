using System.Collections.Concurrent;
using System.Globalization;
using Dapper;
using Symbolon.Core.Audit;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Core.SecurityEvents;
using Symbolon.Core.Snapshot;
using Symbolon.Testing.Processes;
using Symbolon.Testing.Storage;

namespace Symbolon.ConformanceTests.Storage;

public sealed class SqliteSecurityEventStoreTests() : SecurityEventStoreTests(StoreKind.Sqlite);

public sealed class PostgresSecurityEventStoreTests() : SecurityEventStoreTests(StoreKind.Postgres);

/// <summary>Events for APIs: as durable as what they tell of, in their order, and of each API told by one node at a time.</summary>
[Trait("area", "events")]
public abstract class SecurityEventStoreTests(StoreKind kind) : StoreTests(kind)
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [Fact]
    [Trait("clause", "RFC 8935 §2")]
    public async Task Each_client_that_is_told_gets_each_event_in_order_under_an_id_of_its_own()
    {
        await CommitAsync(Put(Api("pushed", new ClientEvents("https://api.example.com/events"))), Put(Api("polling", new ClientEvents(null))), Put(Api("untold", null)));
        await CommitAsync(Raise(RevocationLevel.User, "alice@example.com"), Raise(RevocationLevel.Grant, "some"), Raise(RevocationLevel.Server, "orders"), Raise(RevocationLevel.Key, "abc"));
        await CommitAsync(Raise(RevocationLevel.Credential, "orders"));

        var polled = (await ReadAsync("polling")).Events;
        Assert.Equal([(RevocationLevel.User, "alice@example.com"), (RevocationLevel.Key, "abc"), (RevocationLevel.Credential, "orders")], polled.Select(each => (each.Level!.Value, each.Target)));
        Assert.Equal(Samples.Now, polled[0].NotBefore);
        Assert.Equal((polled[0].Change, true), (polled[1].Change, polled[2].Change > polled[1].Change));
        var pushed = (await ReadAsync("pushed")).Events;
        Assert.Equal(polled.Select(each => each.Target), pushed.Select(each => each.Target));
        Assert.Equal(6, polled.Concat(pushed).Select(each => each.Id).Distinct().Count());
        Assert.Empty((await ReadAsync("untold")).Events);
        Assert.Null(await StateAsync("untold"));
        Assert.Equal(3, (await StateAsync("polling"))!.Waiting);
        // An epoch that says nothing new is no event.
        await CommitAsync(Raise(RevocationLevel.User, "alice@example.com"));
        Assert.Equal(3, (await ReadAsync("polling")).Events.Count);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §5 promise 7")]
    public async Task A_change_whose_event_cannot_be_written_is_not_made_and_one_that_is_not_made_has_no_event()
    {
        await CommitAsync(Put(Api("polling", new ClientEvents(null))));
        Assert.IsType<CommitResult.Conflict>(await CommitAsync(Raise(RevocationLevel.User, "bob@example.com"), Samples.Put(Samples.Agent("bot"), expected: 7)));
        Assert.Empty((await ReadAsync("polling")).Events);

        using (var connection = Store.Store.Database.OpenForWriting()) await connection.ExecuteAsync("ALTER TABLE security_event RENAME TO elsewhere");
        var before = await Store.Objects.RevisionAsync(Cancellation);
        await Assert.ThrowsAnyAsync<Exception>(() => CommitAsync(Raise(RevocationLevel.User, "alice@example.com")));
        await Assert.ThrowsAnyAsync<Exception>(() => CommitAsync(new Change.RaiseEpoch(RevocationLevel.Agent, "bot", Samples.Now)));
        Assert.Equal(before, await Store.Objects.RevisionAsync(Cancellation));
        Assert.Empty((await Store.Objects.ReadSinceAsync(-1, Cancellation)).Epochs);

        using (var connection = Store.Store.Database.OpenForWriting()) await connection.ExecuteAsync("ALTER TABLE elsewhere RENAME TO security_event");
        await Deadline.ForAsync("the store to write again", async () =>
        {
            try
            {
                return await CommitAsync(Raise(RevocationLevel.User, "alice@example.com"));
            }
            catch (StoreUnavailableException)
            {
                return null;
            }
        });
        Assert.Equal("alice@example.com", Assert.Single((await ReadAsync("polling")).Events).Target);
        Assert.Equal(1, (await StateAsync("polling"))!.Waiting);
    }

    [Fact]
    public async Task An_agent_that_is_not_active_any_more_is_told_once()
    {
        await CommitAsync(Put(Api("polling", new ClientEvents(null))), Samples.Put(Samples.Agent("bot")));
        var suspended = Samples.Agent("bot") with { State = Lifecycle.Suspended };
        await CommitAsync(Samples.Put(suspended, 1));
        await CommitAsync(Samples.Put(suspended with { Owner = "other@example.com" }, 2));
        await CommitAsync(Samples.Put(Samples.Agent("bot"), 3));
        var told = Assert.Single((await ReadAsync("polling")).Events);
        Assert.Equal((RevocationLevel.Agent, "bot", Samples.Now + 2_000_000, "admin"), (told.Level, told.Target, told.NotBefore, told.By));
    }

    [Fact]
    public async Task What_is_pushed_is_claimed_one_at_a_time_in_order_and_a_claim_that_passed_changes_nothing_for_the_next()
    {
        await PushedAsync("one", "two");
        var first = await ClaimAsync(TimeSpan.Zero);
        var again = await ClaimAsync(Long);
        Assert.Equal(("one", first!.Event.Id, 2), (again!.Event.Target, again.Event.Id, again.Attempts));
        Assert.Null(await ClaimAsync(Long));
        // The first holder was too late: the second's claim stands.
        await Store.SecurityEvents.FailedAsync(first, "answered 500", TimeSpan.Zero, Cancellation);
        Assert.Null(await ClaimAsync(Long));
        await Store.SecurityEvents.DeliveredAsync(again, Cancellation);
        await Store.SecurityEvents.DeliveredAsync(first, Cancellation);

        var next = await ClaimAsync(Long);
        Assert.Equal(("two", 1), (next!.Event.Target, next.Attempts));
        await Store.SecurityEvents.FailedAsync(next, "answered 500", Long, Cancellation);
        Assert.Null(await ClaimAsync(Long));
        var state = await StateAsync("pushed");
        Assert.Equal((1, again.Event.Id, next.Event.Id, "answered 500"), (state!.Waiting, state.LastDelivered?.Id, state.LastFailure?.Id, state.LastFailure?.Why));
    }

    [Fact]
    public async Task One_that_the_receiver_cannot_use_goes_with_a_record_and_the_next_is_told()
    {
        await PushedAsync("one", "two");
        await Store.SecurityEvents.RefusedAsync((await ClaimAsync(Long))!, "refused by the receiver: invalid_key", Cancellation);
        Assert.Equal("two", (await ClaimAsync(Long))!.Event.Target);
        Assert.Equal((1, 1), ((await StateAsync("pushed"))!.Refused, (await StateAsync("pushed"))!.Waiting));
        var record = Assert.Single(await RecordsAsync());
        Assert.Contains("\"target\":\"Client/pushed\"", System.Text.Encoding.UTF8.GetString(record.Json.Span), StringComparison.Ordinal);
        Assert.Contains("invalid_key", System.Text.Encoding.UTF8.GetString(record.Json.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_nodes_that_tell_at_once_each_event_is_told_once_and_in_order()
    {
        await PushedAsync([.. Enumerable.Range(0, 30).Select(i => i.ToString("00", CultureInfo.InvariantCulture))]);
        // Two processes never share a SQLite store.
        using var other = Kind == StoreKind.Postgres ? new OpenStore(Database.Options) : null;
        var told = new ConcurrentQueue<string>();
        await Deadline.ForAsync("all events told", async () =>
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
            {
                var node = i % 2 == 0 ? Store : other ?? Store;
                if (await node.SecurityEvents.ClaimAsync(Long, Cancellation) is not { } claimed) return;
                told.Enqueue(claimed.Event.Target);
                await node.SecurityEvents.DeliveredAsync(claimed, Cancellation);
            }));
            return told.Count >= 30 ? "all" : null;
        });
        Assert.Equal(Enumerable.Range(0, 30).Select(i => i.ToString("00", CultureInfo.InvariantCulture)), told);
        Assert.Null(await ClaimAsync(Long));
    }

    [Fact]
    [Trait("clause", "RFC 8936 §2.4")]
    public async Task A_client_acknowledges_its_own_events_and_nobody_elses()
    {
        await CommitAsync(Put(Api("polling", new ClientEvents(null))), Put(Api("other", new ClientEvents(null))));
        await CommitAsync([.. Enumerable.Range(0, 3).Select(i => Raise(RevocationLevel.Agent, $"a{i}"))]);
        var (own, others) = ((await ReadAsync("polling")).Events, (await ReadAsync("other")).Events);
        Assert.True((await Store.SecurityEvents.ReadAsync(Organisation, "polling", 2, Cancellation)).HasMore);
        await Store.SecurityEvents.AcknowledgeAsync(Organisation, "polling", [others[0].Id, "set_unknown", own[1].Id], new Dictionary<string, string> { [own[2].Id] = "refused by the receiver: authentication_failed", [others[1].Id] = "x" }, Cancellation);
        await Store.SecurityEvents.AcknowledgeAsync(Organisation, "polling", [own[1].Id], new Dictionary<string, string>(), Cancellation);

        Assert.Equal(own[0].Id, Assert.Single((await ReadAsync("polling")).Events).Id);
        Assert.Equal(3, (await ReadAsync("other")).Events.Count);
        var state = await StateAsync("polling");
        Assert.Equal((1, 1, own[1].Id, "refused by the receiver: authentication_failed"), (state!.Waiting, state.Refused, state.LastDelivered?.Id, state.LastFailure?.Why));
        Assert.Single(await RecordsAsync());
    }

    [Fact]
    [Trait("hostile", "flood")]
    public async Task Beyond_ten_thousand_the_newest_are_left_out_and_what_is_old_is_given_up_with_records()
    {
        await CommitAsync(Put(Api("polling", new ClientEvents(null))));
        await CommitAsync([.. Enumerable.Range(0, 10_003).Select(i => Raise(RevocationLevel.Agent, $"a{i}"))]);
        Assert.Equal((10_000, 3), ((await StateAsync("polling"))!.Waiting, (await StateAsync("polling"))!.LeftOut));
        Assert.Equal("a0", (await ReadAsync("polling")).Events[0].Target);

        Assert.Empty(await Store.SecurityEvents.GiveUpAsync(TimeSpan.FromDays(36_500), Cancellation));
        var lost = await Store.SecurityEvents.GiveUpAsync(TimeSpan.FromDays(-36_500), Cancellation);
        Assert.Equal(("polling", 256), Assert.Single(lost));
        Assert.Equal((10_000 - 256, 256), ((await StateAsync("polling"))!.Waiting, (await StateAsync("polling"))!.GivenUp));
        Assert.Single(await RecordsAsync());
    }

    [Fact]
    public async Task A_test_is_told_where_somebody_listens_and_what_waits_is_gone_with_whom_it_was_for()
    {
        Assert.IsType<CommitResult.Conflict>(await CommitAsync(new Change.TestEvents("pushed", "hello")));
        await PushedAsync();
        var test = new Change.TestEvents("pushed", "hello");
        await CommitAsync(test);
        var claimed = await ClaimAsync(Long);
        Assert.Equal((test.Id, null, "hello"), (claimed!.Event.Id, claimed.Event.Level, claimed.Event.Target));

        // Suspended, it is told nothing, but misses nothing either.
        await CommitAsync(Put(Api("pushed", new ClientEvents("https://api.example.com/events")) with { State = Lifecycle.Suspended }, 1));
        await CommitAsync(Raise(RevocationLevel.Agent, "bot"));
        Assert.Null(await ClaimAsync(Long));
        Assert.Equal(2, (await StateAsync("pushed"))!.Waiting);
        await CommitAsync(Put(Api("pushed", events: null), 2));
        Assert.Null(await StateAsync("pushed"));
        Assert.Empty((await ReadAsync("pushed")).Events);
    }

    private static ClientObject Api(string name, ClientEvents? events) => new() { Name = name, Owner = "platform@example.com", Audience = $"https://{name}.example.com", Events = events };

    private static Change.PutObject Put(ClientObject client, long expected = 0) => new(client.Key, expected, client);

    private static Change.RaiseEpoch Raise(RevocationLevel level, string target) => new(level, target, Samples.Now);

    private async Task PushedAsync(params string[] agents)
    {
        await CommitAsync(Put(Api("pushed", new ClientEvents("https://api.example.com/events"))));
        foreach (var agent in agents) await CommitAsync(Raise(RevocationLevel.Agent, agent));
    }

    private Task<ClaimedEvent?> ClaimAsync(TimeSpan hold) => Store.SecurityEvents.ClaimAsync(hold, Cancellation);

    private Task<SecurityEventPage> ReadAsync(string client) => Store.SecurityEvents.ReadAsync(Organisation, client, 100, Cancellation);

    private Task<SecurityEventState?> StateAsync(string client) => Store.SecurityEvents.StateAsync(Organisation, client, Cancellation);

    private Task<IReadOnlyList<StoredAuditRecord>> RecordsAsync() =>
        Store.Audit.ReadAsync(Organisation, new AuditQuery { Kind = AuditKind.AnnouncementDropped.ToText() }, after: null, descending: false, limit: 100, Cancellation);
}
