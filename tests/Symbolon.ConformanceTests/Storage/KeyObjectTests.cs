using Symbolon.Core.Identity;
using Symbolon.Core.Keys;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Testing.Storage;

namespace Symbolon.ConformanceTests.Storage;

public sealed class SqliteKeyObjectTests() : KeyObjectTests(StoreKind.Sqlite);

public sealed class PostgresKeyObjectTests() : KeyObjectTests(StoreKind.Postgres);

[Trait("area", "oauth")]
public abstract class KeyObjectTests(StoreKind kind) : StoreTests(kind)
{
    [Fact]
    [Trait("clause", "DESIGN.md §3 Storage")]
    public async Task Signing_keys_and_keys_of_agents_come_back_as_they_were()
    {
        var key = new SigningKey { Id = "kid", Jwk = """{"kty":"EC"}""", CreatedAt = 1, ActiveFrom = 2, RevokedAt = 3 };
        var agent = new AgentObject { Name = new AgentName("bot"), Owner = "o@example.com", Keys = ["""{"kty":"EC"}"""] };
        var client = new ClientObject { Name = "ci", Owner = "o@example.com", Agent = agent.Name, Keys = agent.Keys, SecretHash = "00ff", State = Lifecycle.Suspended };
        Change[] changes = [new Change.PutObject(ObjectKey.SigningKeys, 0, new SigningKeyRing { Keys = [key] }), new Change.PutObject(agent.Key, 0, agent), new Change.PutObject(client.Key, 0, client)];
        Assert.IsType<CommitResult.Committed>(await CommitAsync(changes));
        Assert.IsType<CommitResult.Conflict>(await CommitAsync(changes[..1]));

        using var other = new OpenStore(Database.Options);
        var found = await other.Objects.FindObjectAsync(Organisation, ObjectKey.SigningKeys, Cancellation);
        Assert.Equal(key, Assert.Single(Assert.IsType<SigningKeyRing>(found!.Value.Item).Keys));
        var read = await other.Objects.FindObjectAsync(Organisation, agent.Key, Cancellation);
        Assert.Equal(agent.Keys, Assert.IsType<AgentObject>(read!.Value.Item).Keys);
        var registered = await other.Objects.FindObjectAsync(Organisation, client.Key, Cancellation);
        Assert.Equal(client with { Keys = [] }, Assert.IsType<ClientObject>(registered!.Value.Item) with { Keys = [] });
        Assert.Equal(client.Keys, ((ClientObject)registered.Value.Item).Keys);
    }
}
