using System.Collections.Concurrent;
using System.Globalization;
using Symbolon.Core;
using Symbolon.Core.Announcements;
using Symbolon.Core.Audit;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Testing.Processes;
using Symbolon.Testing.Storage;

namespace Symbolon.ConformanceTests.Storage;

public sealed class SqliteAnnouncementStoreTests() : AnnouncementStoreTests(StoreKind.Sqlite);

public sealed class PostgresAnnouncementStoreTests() : AnnouncementStoreTests(StoreKind.Postgres);

/// <summary>Events for the webhook: as durable as what they tell of, and told by one node at a time.</summary>
[Trait("area", "webhook")]
public abstract class AnnouncementStoreTests(StoreKind kind) : StoreTests(kind, announces: true)
{
    private const string Here = "here";
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [Fact]
    public async Task An_event_is_claimed_with_what_it_says_and_gone_when_it_is_delivered()
    {
        var told = Drift("orders");
        await AnnounceAsync(told);
        var claimed = await ClaimAsync();
        Assert.NotNull(claimed);
        Assert.Equal((told.Id, "drift.seen", "orders", told.Body, 1), (claimed.Id, claimed.Type, claimed.Server, claimed.Body, claimed.Attempts));
        Assert.Null(await ClaimAsync());
        Assert.Equal(1, (await StateAsync()).Waiting);

        await Store.Announcements.DeliveredAsync(claimed, Cancellation);
        var state = await StateAsync();
        Assert.Equal((0, null, told.Id, "drift.seen", null), (state.Waiting, state.OldestAt, state.LastSuccess?.Id, state.LastSuccess?.Type, state.LastFailure));
    }

    [Fact]
    public async Task A_change_that_is_not_committed_announces_nothing_and_one_that_is_announces_what_it_says()
    {
        var agent = Samples.Agent("bot");
        Assert.IsType<CommitResult.Committed>(await CommitAtAsync(Samples.Put(agent), Drift("first")));
        // The agent is there already: the whole commit is rolled back, whichever change came first.
        Assert.IsType<CommitResult.Conflict>(await CommitAtAsync(Drift("second"), Samples.Put(agent)));
        Assert.IsType<CommitResult.Conflict>(await CommitAtAsync(Samples.Put(agent), Drift("third")));
        Assert.Equal("first", (await ClaimAsync())?.Server);
        Assert.Null(await ClaimAsync());
    }

    [Fact]
    public async Task A_node_without_a_webhook_writes_none()
    {
        using var database = TestDatabase.Create(Kind);
        using var plain = new OpenStore(database.Options);
        Assert.IsType<CommitResult.Committed>(await plain.Changes.CommitAsync(Organisation, [Drift("orders")], [Samples.Record()], Cancellation));
        Assert.Equal(0, (await plain.Announcements.StateAsync(Organisation, Cancellation)).Waiting);
    }

    [Fact]
    public async Task Of_many_who_claim_at_once_one_has_each_event()
    {
        await AnnounceAsync([.. Enumerable.Range(0, 40).Select(i => Drift(string.Create(CultureInfo.InvariantCulture, $"server-{i}")))]);
        // Two processes never share a SQLite store.
        using var other = Kind == StoreKind.Postgres ? new OpenStore(Database.Options with { Announces = true }) : null;
        var had = new ConcurrentBag<string>();
        await Deadline.ForAsync("all events claimed", async () =>
        {
            await Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
            {
                if (await (i % 2 == 0 ? Store : other ?? Store).Announcements.ClaimAsync(Long, Here, Cancellation) is { } claimed) had.Add(claimed.Id);
            }));
            return had.Count >= 40 ? "all" : null;
        });
        Assert.Null(await ClaimAsync());
        Assert.Equal(40, had.Distinct().Count());
        Assert.Equal(40, had.Count);
    }

    [Fact]
    public async Task A_claim_that_ended_passes_to_another_and_whoever_had_it_before_delays_nothing()
    {
        await AnnounceAsync(Drift("orders"));
        var first = (await ClaimAsync(TimeSpan.Zero))!;
        var second = (await ClaimAsync())!;
        Assert.Equal((first.Id, 1, 2), (second.Id, first.Attempts, second.Attempts));

        // Its failure is too late to set when the other tries: the other is at it.
        await Store.Announcements.FailedAsync(first, "answered 500", TimeSpan.Zero, null, Cancellation);
        Assert.Null(await ClaimAsync());
        // But a delivery is one.
        await Store.Announcements.DeliveredAsync(first, Cancellation);
        await Store.Announcements.FailedAsync(second, "answered 500", TimeSpan.Zero, null, Cancellation);
        Assert.Null(await ClaimAsync());
    }

    [Fact]
    public async Task What_failed_is_due_again_after_its_pause_behind_what_is_new()
    {
        await AnnounceAsync(Drift("orders"));
        var first = (await ClaimAsync())!;
        await Store.Announcements.FailedAsync(first, "answered 500", TimeSpan.Zero, null, Cancellation);
        await AnnounceAsync(Drift("payments"));
        var state = await StateAsync();
        Assert.Equal((2, first.Id, "answered 500"), (state.Waiting, state.LastFailure?.Id, state.LastFailure?.Why));

        Assert.Equal("payments", (await ClaimAsync())?.Server);
        var again = (await ClaimAsync())!;
        Assert.Equal((first.Id, 2), (again.Id, again.Attempts));
        await Store.Announcements.FailedAsync(again, "no connection", Long, null, Cancellation);
        Assert.Null(await ClaimAsync());
    }

    [Fact]
    public async Task A_ping_is_tried_once_and_again_only_where_nobody_knows_what_came_of_it()
    {
        await AnnounceAsync(Ping());
        var lost = (await ClaimAsync(TimeSpan.Zero))!;
        var claimed = (await ClaimAsync())!;
        Assert.Equal(lost.Id, claimed.Id);
        await Store.Announcements.FailedAsync(claimed, "answered 500", TimeSpan.Zero, null, Cancellation);
        Assert.Null(await ClaimAsync());
        var state = await StateAsync();
        Assert.Equal((0, 0, claimed.Id, claimed.Id, "answered 500"), (state.Waiting, state.Lost, state.LastFailure?.Id, state.LastTest?.Id, state.LastTest?.Why));
    }

    [Fact]
    public async Task An_endpoint_that_is_gone_is_sent_nothing_but_a_ping_until_one_is_taken()
    {
        await AnnounceAsync(Drift("orders"));
        await Store.Announcements.FailedAsync((await ClaimAsync())!, "answered 410", TimeSpan.Zero, Here, Cancellation);
        Assert.Equal(Here, (await StateAsync()).Gone);
        Assert.Null(await ClaimAsync());
        // Another address is another endpoint.
        var elsewhere = (await Store.Announcements.ClaimAsync(TimeSpan.Zero, "there", Cancellation))!;
        Assert.Equal("orders", elsewhere.Server);

        await AnnounceAsync(Ping());
        var refused = (await ClaimAsync())!;
        Assert.Equal(AnnouncementType.Ping, refused.Type);
        await Store.Announcements.FailedAsync(refused, "answered 500", TimeSpan.Zero, null, Cancellation);
        Assert.Null(await ClaimAsync());

        await AnnounceAsync(Ping());
        await Store.Announcements.DeliveredAsync((await ClaimAsync())!, Cancellation);
        var state = await StateAsync();
        Assert.Equal((null, state.LastSuccess?.Id, null), (state.Gone, state.LastTest?.Id, state.LastTest?.Why));
        Assert.Equal("orders", (await ClaimAsync())?.Server);
    }

    [Fact]
    public async Task What_is_too_old_is_given_up_with_a_record_and_counted()
    {
        var now = TimeProvider.System.Microseconds();
        await CommitAtAsync(now - 3 * 86_400_000_000, Drift("old"), Drift("old-too"));
        await CommitAtAsync(now, Drift("new"));
        Assert.Equal(2, await Store.Announcements.GiveUpAsync(TimeSpan.FromDays(2), Cancellation));
        Assert.Equal(0, await Store.Announcements.GiveUpAsync(TimeSpan.FromDays(2), Cancellation));

        var state = await StateAsync();
        Assert.Equal((1, now, 2), (state.Waiting, state.OldestAt, state.Lost));
        var record = Assert.Single(await Store.Audit.ReadAsync(Organisation, new AuditQuery { Kind = "announcement_dropped" }, null, false, 10, Cancellation));
        Assert.Contains("\"count\":2", System.Text.Encoding.UTF8.GetString(record.Json.Span), StringComparison.Ordinal);
        Assert.Equal("new", (await ClaimAsync())?.Server);
    }

    [Fact]
    public async Task Beyond_what_may_wait_the_newest_are_left_out_and_counted_and_the_change_is_made()
    {
        for (var i = 0; i < 20; i++) await AnnounceAsync([.. Enumerable.Range(0, 500).Select(_ => Drift("orders"))]);
        Assert.IsType<CommitResult.Committed>(await CommitAtAsync(Samples.Put(Samples.Agent("bot")), Drift("too-many"), Drift("and-one-more")));
        var state = await StateAsync();
        Assert.Equal((10_000, 2), (state.Waiting, state.Lost));
        Assert.NotNull(await Store.Objects.FindObjectAsync(Organisation, new ObjectKey(ObjectKind.Agent, "bot"), Cancellation));
        Assert.Equal("orders", (await ClaimAsync())?.Server);
    }

    private static Change.Announce Drift(string server) => new(AnnouncementType.DriftSeen, server, """{"tool":"räksmörgås","review":"orders.3"}""");

    private static Change.Announce Ping() => new(AnnouncementType.Ping, "", "{}");

    private Task<Announcement?> ClaimAsync(TimeSpan? hold = null) => Store.Announcements.ClaimAsync(hold ?? Long, Here, Cancellation);

    private Task<AnnouncementState> StateAsync() => Store.Announcements.StateAsync(Organisation, Cancellation);

    private async Task AnnounceAsync(params Change[] changes) => Assert.IsType<CommitResult.Committed>(await CommitAtAsync(changes));

    private Task<CommitResult> CommitAtAsync(params Change[] changes) => CommitAtAsync(TimeProvider.System.Microseconds(), changes);

    private Task<CommitResult> CommitAtAsync(long at, params Change[] changes)
    {
        var record = Samples.Record();
        record.Time = at;
        return Store.Changes.CommitAsync(Organisation, changes, [record], Cancellation);
    }
}
