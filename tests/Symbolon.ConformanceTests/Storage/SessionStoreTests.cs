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

    [Fact]
    public async Task A_session_is_found_until_its_end_and_never_by_another_secret()
    {
        var session = Session("a", Now + 1000);
        await Store.Sessions.OpenAsync(Organisation, session, 10, Cancellation);

        Assert.Equal(session, await Store.Sessions.FindAsync(Organisation, session.Id, Now + 999, Cancellation));
        Assert.Null(await Store.Sessions.FindAsync(Organisation, session.Id, Now + 1000, Cancellation));
        Assert.Null(await Store.Sessions.FindAsync(Organisation, Samples.Secret("b"), Now, Cancellation));
        Assert.Null(await Store.Sessions.FindAsync(new OrganisationId("other"), session.Id, Now, Cancellation));
    }

    [Fact]
    public async Task What_one_node_ends_no_other_finds()
    {
        var session = Session("a", Now + 1000);
        await Store.Sessions.OpenAsync(Organisation, session, 10, Cancellation);
        using var other = new OpenStore(Database.Options);
        Assert.NotNull(await other.Sessions.FindAsync(Organisation, session.Id, Now, Cancellation));

        await Store.Sessions.EndAsync(Organisation, session.Id, Cancellation);

        Assert.Null(await other.Sessions.FindAsync(Organisation, session.Id, Now, Cancellation));
        await Store.Sessions.EndAsync(Organisation, session.Id, Cancellation);
    }

    [Fact]
    public async Task A_node_that_starts_ends_what_it_opened_before_and_nothing_else()
    {
        foreach (var session in (StoredSession[])[Session("a", Now + 1000), Session("b", Now + 1000, "node-2")])
            await Store.Sessions.OpenAsync(Organisation, session, 10, Cancellation);

        await Store.Sessions.EndOfNodeAsync("node-1", Cancellation);
        await Store.Sessions.EndOfNodeAsync("node-3", Cancellation);

        Assert.Null(await Store.Sessions.FindAsync(Organisation, Samples.Secret("a"), Now, Cancellation));
        Assert.NotNull(await Store.Sessions.FindAsync(Organisation, Samples.Secret("b"), Now, Cancellation));
    }

    [Fact]
    public async Task A_session_too_many_takes_the_place_of_the_one_that_ends_first()
    {
        for (var i = 0; i < 5; i++) await Store.Sessions.OpenAsync(Organisation, Session($"s{i}", Now + 1_000_000_000 + i), most: 3, Cancellation);

        var alive = new List<int>();
        for (var i = 0; i < 5; i++)
            if (await Store.Sessions.FindAsync(Organisation, Samples.Secret($"s{i}"), Now, Cancellation) is not null) alive.Add(i);
        Assert.Equal([2, 3, 4], alive);
    }

    private static StoredSession Session(string secret, long expires, string node = "node-1") => new(Samples.Secret(secret), "admin-token", node, expires);

    private static long UnixNow() => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
