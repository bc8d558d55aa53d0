using Symbolon.Core.Identity;
using Symbolon.Core.Keys;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
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

    [Fact]
    [Trait("clause", "DESIGN.md §3 Storage")]
    public async Task Keys_and_codes_of_a_server_come_back_as_they_were_on_every_node()
    {
        var instance = new ServerInstance { Name = "one", Thumbprint = "t", Jwk = """{"kty":"EC"}""", EnrolledAt = 1, EnrolledBy = "admin", ReplacedAt = 2 };
        var code = new EnrolmentCode { Hash = "00ff", Instance = "one", CreatedAt = 3, CreatedBy = "admin", ExpiresAt = 4, ClaimedAt = 5, ClaimedBy = "t", IsContested = true };
        var keys = new ServerKeysObject { Server = new ServerName("deploy"), Instances = [instance], Codes = [code] };
        var api = new ClientObject { Name = "cluster", Owner = "o@example.com", Audience = "https://k8s.example.com" };
        Assert.IsType<CommitResult.Committed>(await CommitAsync(new Change.PutObject(keys.Key, 0, keys), new Change.PutObject(api.Key, 0, api), new Change.RaiseEpoch(RevocationLevel.Credential, "deploy", 7)));

        using var other = new OpenStore(Database.Options);
        await other.Feed.PollAsync(Cancellation);
        var read = other.Configuration.ServerKeys(Organisation, keys.Server)!;
        Assert.Equal(instance, Assert.Single(read.Instances));
        Assert.Equal(code, Assert.Single(read.Codes));
        Assert.Equal(api.Audience, other.Configuration.Client(Organisation, api.Name)!.Audience);
        Assert.Equal(7, other.Configuration.Epochs.Find(Organisation, RevocationLevel.Credential, "deploy")!.NotBefore);
    }
}
