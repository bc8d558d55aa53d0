using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Keys;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Testing.Storage;

namespace Symbolon.ConformanceTests.Storage;

public sealed class SqliteOnceStoreTests() : OnceStoreTests(StoreKind.Sqlite);

public sealed class PostgresOnceStoreTests() : OnceStoreTests(StoreKind.Postgres);

[Trait("area", "oauth")]
public abstract class OnceStoreTests(StoreKind kind) : StoreTests(kind)
{
    private static readonly long Now = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    [Fact]
    [Trait("clause", "RFC 7523 §3 no. 7")]
    public async Task What_was_used_is_used_for_every_node_and_after_a_restart()
    {
        var use = Use("a");
        Assert.True(await Store.Once.TryUseAsync(Organisation, use, [Record("first")], Cancellation));
        Assert.False(await Store.Once.TryUseAsync(Organisation, use, [Record("second")], Cancellation));
        using var other = new OpenStore(Database.Options);
        Assert.False(await other.Once.TryUseAsync(Organisation, use, [], Cancellation));
        Assert.True(await Store.Once.TryUseAsync(Organisation, use with { Kind = "proof" }, [], Cancellation));
        Assert.True(await Store.Once.TryUseAsync(new OrganisationId("other"), use, [], Cancellation));
        Assert.True(await Store.Once.TryUseAsync(Organisation, Use("b"), [], Cancellation));
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Audit durability")]
    public async Task The_record_comes_with_the_use_and_none_with_a_second_one()
    {
        var use = Use("a");
        var record = Record("first");
        Assert.True(await Store.Once.TryUseAsync(Organisation, use, [record], Cancellation));
        Assert.True(await record.Durable());
        Assert.False(await Store.Once.TryUseAsync(Organisation, use, [Record("second")], Cancellation));
        var records = await Store.Audit.ReadAsync(Organisation, new AuditQuery { Kind = "token_issued" }, null, false, 10, Cancellation);
        Assert.Contains("\"action\":\"first\"", System.Text.Encoding.UTF8.GetString(Assert.Single(records).Json.Span), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("clause", "RFC 7523 §3 no. 7")]
    public async Task Of_many_uses_at_once_one_wins()
    {
        // Two processes never share a SQLite store.
        using var other = Kind == StoreKind.Postgres ? new OpenStore(Database.Options) : null;
        for (var round = 0; round < 5; round++)
        {
            var use = Use($"r{round}");
            var won = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? Store : other ?? Store).Once.TryUseAsync(Organisation, use, [], Cancellation)));
            Assert.Equal(1, won.Count(first => first));
        }
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §5 no. 23")]
    public async Task It_is_remembered_an_hour_past_its_end_and_then_forgotten()
    {
        var (recent, old) = (Use("recent") with { Until = Now - 3_500_000_000 }, Use("old") with { Until = Now - 3_700_000_000 });
        Assert.True(await Store.Once.TryUseAsync(Organisation, recent, [], Cancellation));
        Assert.True(await Store.Once.TryUseAsync(Organisation, old, [], Cancellation));
        Assert.True(await Store.Once.TryUseAsync(Organisation, Use("other"), [], Cancellation));
        Assert.False(await Store.Once.TryUseAsync(Organisation, recent, [], Cancellation));
        Assert.True(await Store.Once.TryUseAsync(Organisation, old, [], Cancellation));
    }

    [Fact]
    [Trait("clause", "DESIGN.md §3 Storage")]
    public async Task Signing_keys_and_keys_of_agents_come_back_as_they_were()
    {
        var key = new SigningKey { Id = "kid", Jwk = """{"kty":"EC"}""", CreatedAt = 1, ActiveFrom = 2, RevokedAt = 3 };
        var agent = new AgentObject { Name = new AgentName("bot"), Owner = "o@example.com", Keys = ["""{"kty":"EC"}"""] };
        var client = new ClientObject { Name = "ci", Owner = "o@example.com", Agent = agent.Name, Keys = agent.Keys, SecretHash = "00ff", State = Lifecycle.Suspended };
        Change[] changes = [new Change.PutObject(ObjectKey.SigningKeys, 0, new SigningKeyRing { Keys = [key] }), new Change.PutObject(agent.Key, 0, agent), new Change.PutObject(client.Key, 0, client)];
        Assert.IsType<CommitResult.Committed>(await Store.Changes.CommitAsync(Organisation, changes, [Record("put")], Cancellation));
        Assert.IsType<CommitResult.Conflict>(await Store.Changes.CommitAsync(Organisation, changes[..1], [Record("put")], Cancellation));

        using var other = new OpenStore(Database.Options);
        var found = await other.Objects.FindObjectAsync(Organisation, ObjectKey.SigningKeys, Cancellation);
        Assert.Equal(key, Assert.Single(Assert.IsType<SigningKeyRing>(found!.Value.Item).Keys));
        var read = await other.Objects.FindObjectAsync(Organisation, agent.Key, Cancellation);
        Assert.Equal(agent.Keys, Assert.IsType<AgentObject>(read!.Value.Item).Keys);
        var registered = await other.Objects.FindObjectAsync(Organisation, client.Key, Cancellation);
        Assert.Equal(client with { Keys = [] }, Assert.IsType<ClientObject>(registered!.Value.Item) with { Keys = [] });
        Assert.Equal(client.Keys, ((ClientObject)registered.Value.Item).Keys);
    }

    private static OnceUse Use(string value) => new("assertion", Samples.Secret(value), Now + 60_000_000);

    private static AuditEvent Record(string action) => new() { Kind = AuditKind.TokenIssued, Time = Now, By = "agent:bot", Allowed = true, Action = action };
}
