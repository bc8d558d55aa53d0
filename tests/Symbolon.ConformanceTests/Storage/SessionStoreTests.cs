using System.Text.Json.Nodes;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;
using Symbolon.Testing.Storage;

namespace Symbolon.ConformanceTests.Storage;

public sealed class SqliteSessionStoreTests() : SessionStoreTests(StoreKind.Sqlite);

public sealed class PostgresSessionStoreTests() : SessionStoreTests(StoreKind.Postgres);

[Trait("area", "console")]
public abstract class SessionStoreTests(StoreKind kind) : StoreTests(kind)
{
    private static readonly long Now = UnixNow();

    // The store looks at its own clock too: longer than a whole run takes, which begins before this class is at its turn.
    private const long Hour = 3_600_000_000;

    [Fact]
    public async Task A_session_is_found_until_its_end_and_never_by_another_secret()
    {
        var session = Session("a", Now + 1000);
        await OpenAsync(session);

        Assert.Equal(session, await Store.Sessions.FindAsync(Organisation, session.Id, Now + 999, Cancellation));
        Assert.Null(await Store.Sessions.FindAsync(Organisation, session.Id, Now + 1000, Cancellation));
        Assert.Null(await Store.Sessions.FindAsync(Organisation, Samples.Secret("b"), Now, Cancellation));
        Assert.Null(await Store.Sessions.FindAsync(new OrganisationId("other"), session.Id, Now, Cancellation));
    }

    [Fact]
    public async Task What_one_node_ends_no_other_finds()
    {
        var session = Session("a", Now + Hour);
        await OpenAsync(session);
        using var other = new OpenStore(Database.Options);
        Assert.NotNull(await other.Sessions.FindAsync(Organisation, session.Id, Now, Cancellation));

        Assert.True(await Store.Sessions.EndAsync(Organisation, session.Id, Record("signed out"), Cancellation));

        Assert.Null(await other.Sessions.FindAsync(Organisation, session.Id, Now, Cancellation));
        Assert.False(await Store.Sessions.EndAsync(Organisation, session.Id, Record("again"), Cancellation));
        Assert.Equal(["signed in", "signed out"], await ActionsAsync());
    }

    [Fact]
    public async Task A_node_that_starts_ends_what_it_opened_before_and_nothing_else()
    {
        foreach (var session in (StoredSession[])[Session("a", Now + 1000), Session("b", Now + 1000, "node-2")])
            await OpenAsync(session);

        await Store.Sessions.EndOfNodeAsync("node-1", Cancellation);
        await Store.Sessions.EndOfNodeAsync("node-3", Cancellation);

        Assert.Null(await Store.Sessions.FindAsync(Organisation, Samples.Secret("a"), Now, Cancellation));
        Assert.NotNull(await Store.Sessions.FindAsync(Organisation, Samples.Secret("b"), Now, Cancellation));
    }

    [Fact]
    public async Task A_session_too_many_takes_the_place_of_the_one_that_ends_first()
    {
        for (var i = 0; i < 5; i++) await OpenAsync(Session($"s{i}", Now + 1_000_000_000 + i), most: 3);

        var alive = new List<int>();
        for (var i = 0; i < 5; i++)
            if (await Store.Sessions.FindAsync(Organisation, Samples.Secret($"s{i}"), Now, Cancellation) is not null) alive.Add(i);
        Assert.Equal([2, 3, 4], alive);
    }

    [Fact]
    public async Task A_list_has_those_that_live_the_newest_first()
    {
        foreach (var session in (StoredSession[])[Session("over", Now), Session("old", Now + Hour), Session("new", Now + 2 * Hour)])
            await OpenAsync(session);

        var found = await Store.Sessions.ListAsync(Organisation, Now, Cancellation);
        Assert.Equal([Session("new", Now + 2 * Hour), Session("old", Now + Hour)], found);
        Assert.Empty(await Store.Sessions.ListAsync(new OrganisationId("other"), Now, Cancellation));
    }

    [Fact]
    public async Task A_link_lets_one_in_on_whichever_node_and_the_session_is_of_the_node_that_made_it()
    {
        var link = Samples.Secret("link");
        await Store.Sessions.PutLinkAsync(Organisation, new StoredLink(link, "node-1", Now + Hour), Cancellation);
        using var other = Kind == StoreKind.Postgres ? new OpenStore(Database.Options) : null;
        Assert.Equal(Now + Hour, await (other ?? Store).Sessions.FindLinkAsync(Organisation, link, Now, Cancellation));
        Assert.Null(await Store.Sessions.FindLinkAsync(Organisation, link, Now + Hour, Cancellation));

        var opened = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => (i % 2 == 0 ? Store : other ?? Store).Sessions.OpenAsync(
            Organisation, Session($"s{i}", Now + Hour, "node-2"), link, 100, Record($"signed in {i}"), Cancellation)));

        var session = Assert.Single(await Store.Sessions.ListAsync(Organisation, Now, Cancellation));
        Assert.Equal("node-1", session.Node);
        Assert.Equal(1, opened.Count(isIn => isIn));
        Assert.Single(await ActionsAsync());
        Assert.Null(await Store.Sessions.FindLinkAsync(Organisation, link, Now, Cancellation));
    }

    [Fact]
    public async Task A_link_that_is_over_or_replaced_lets_nobody_in_and_one_of_another_node_lives_on()
    {
        await Store.Sessions.PutLinkAsync(Organisation, new StoredLink(Samples.Secret("first"), "node-1", Now + Hour), Cancellation);
        await Store.Sessions.PutLinkAsync(Organisation, new StoredLink(Samples.Secret("second"), "node-1", Now + Hour), Cancellation);
        await Store.Sessions.PutLinkAsync(Organisation, new StoredLink(Samples.Secret("other"), "node-2", Now + Hour), Cancellation);
        await Store.Sessions.PutLinkAsync(Organisation, new StoredLink(Samples.Secret("over"), "node-3", Now - 1), Cancellation);

        Assert.False(await OpenAsync(Session("a", Now + Hour), link: Samples.Secret("first")));
        Assert.False(await OpenAsync(Session("b", Now + Hour), link: Samples.Secret("over")));
        Assert.True(await OpenAsync(Session("c", Now + Hour), link: Samples.Secret("second")));
        Assert.True(await OpenAsync(Session("d", Now + Hour), link: Samples.Secret("other")));
    }

    private static StoredSession Session(string secret, long expires, string node = "node-1") => new(Samples.Secret(secret), "admin-token", node, expires - 1000, expires);

    private Task<bool> OpenAsync(StoredSession session, int most = 10, TokenHash? link = null) =>
        Store.Sessions.OpenAsync(Organisation, session, link, most, Record("signed in"), Cancellation);

    private static AuditEvent Record(string action) => new() { Kind = AuditKind.AdminChange, Time = Now, By = "admin-token", Allowed = true, Action = action };

    private async Task<List<string?>> ActionsAsync() =>
        [.. (await Store.Audit.ReadAsync(Organisation, new AuditQuery { Kind = "admin_change" }, null, false, 100, Cancellation))
            .Select(record => (string?)JsonNode.Parse(record.Json.Span)!["event"]!["action"])];

    private static long UnixNow() => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
