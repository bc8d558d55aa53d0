using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Core.Snapshot;
using Symbolon.Testing;
using Symbolon.Testing.Storage;

namespace Symbolon.ConformanceTests.Storage;

public sealed class SqliteUsedTogetherTests() : UsedTogetherTests(StoreKind.Sqlite);

public sealed class PostgresUsedTogetherTests() : UsedTogetherTests(StoreKind.Postgres);

/// <summary>What one request used at once, an assertion and a proof for example, and the records that came of it.</summary>
[Trait("area", "oauth")]
public abstract class UsedTogetherTests(StoreKind kind) : StoreTests(kind)
{
    [Fact]
    [Trait("clause", "RFC 7523 §3 no. 7")]
    public async Task An_assertion_is_used_for_every_node_and_after_a_restart_and_by_its_maker_alone()
    {
        Assert.True(await Store.Proofs.TryUseAsync(Use("a"), Cancellation));
        Assert.False(await Store.Proofs.TryUseAsync(Use("a"), Cancellation));
        using (var other = new OpenStore(Database.Options)) Assert.False(await other.Proofs.TryUseAsync(Use("a"), Cancellation));
        Store.Dispose();

        using var again = new OpenStore(Database.Options);
        Assert.False(await again.Proofs.TryUseAsync(Use("a"), Cancellation));
        Assert.True(await again.Proofs.TryUseAsync(Use("a", maker: "agent:other"), Cancellation));
        Assert.True(await again.Proofs.TryUseAsync(Use("a", organisation: "other"), Cancellation));
        Assert.True(await again.Proofs.TryUseAsync(Use("b"), Cancellation));
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Audit durability")]
    public async Task The_records_come_with_the_uses_and_none_with_a_replay()
    {
        var record = Record("first");
        Assert.True(await Store.Proofs.TryUseAsync([Use("a"), Use("p")], [record], Cancellation));
        Assert.True(await record.Durable());

        ProofUse[] second = [Use("b"), Use("p")];
        Assert.False(await Store.Proofs.TryUseAsync(second, [Record("second")], Cancellation));
        Assert.Equal([false, true], second.Select(use => use.IsReplay));
        Assert.True(await Store.Proofs.TryUseAsync([], [Record("third")], Cancellation));

        Assert.Equal(["first", "third"], await ActionsAsync());
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §1.2")]
    public async Task A_request_that_is_a_replay_in_one_thing_has_used_up_the_others()
    {
        Assert.True(await Store.Proofs.TryUseAsync(Use("p"), Cancellation));
        Assert.False(await Store.Proofs.TryUseAsync([Use("a"), Use("p")], [], Cancellation));
        Assert.False(await Store.Proofs.TryUseAsync(Use("a"), Cancellation));
    }

    [Fact]
    [Trait("clause", "RFC 7523 §3 no. 7")]
    [Trait("clause", "RFC 9449 §11.1")]
    [Trait("long", LongRun.SingleUse)]
    public async Task Of_a_hundred_parallel_uses_on_two_nodes_one_is_the_first_and_leaves_one_record()
    {
        using var run = new LongRun($"{LongRun.SingleUse} on {Kind}", seed: 0);
        var rounds = TestSize.Of(20, 1000);
        using var second = new OpenStore(Database.Options);
        OpenStore[] nodes = [Store, second];
        for (var round = 0; round < rounds; round++)
        {
            var (assertion, proof) = ($"a{round}", $"p{round}");
            await OneWinsAsync(i => [Use(assertion), Use($"{assertion} {i}")], $"assertion {round}");
            await OneWinsAsync(i => [Use($"{proof} {i}"), Use(proof)], $"proof {round}");
        }
        for (var round = 0; round < rounds; round += 400)
        {
            var expected = Enumerable.Range(round, Math.Min(400, rounds - round)).SelectMany(each => new[] { $"assertion {each}", $"proof {each}" });
            Assert.Equal(expected, await ActionsAsync(after: 2 * round));
        }
        run.Count("rounds", rounds);
        run.Count("uses", 400L * rounds);
        run.Pass();

        async Task OneWinsAsync(Func<int, ProofUse[]> uses, string record)
        {
            var won = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => nodes[i % 2].Proofs.TryUseAsync(uses(i), [Record(record)], Cancellation))));
            Assert.Equal(1, won.Count(first => first));
        }
    }

    [Fact]
    [Trait("clause", "DESIGN.md §6")]
    public async Task Without_a_store_nothing_is_used_and_nothing_recorded()
    {
        var proofs = Store.Proofs;
        Store.Dispose();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => proofs.TryUseAsync([Use("a")], [Record("lost")], Cancellation));
        using var again = new OpenStore(Database.Options);
        Assert.True(await again.Proofs.TryUseAsync(Use("a"), Cancellation));
    }

    private static ProofUse Use(string id, string maker = "agent:bot", string organisation = "default") =>
        ProofUse.Of(organisation == "default" ? Organisation : new OrganisationId(organisation), maker, id, Samples.Now + 60_000_000);

    private static AuditEvent Record(string action) => Samples.Record(action, AuditKind.TokenIssued);

    private async Task<IReadOnlyList<string>> ActionsAsync(long? after = null)
    {
        var records = await Store.Audit.ReadAsync(Organisation, new AuditQuery { Kind = "token_issued" }, after, descending: false, 800, Cancellation);
        return [.. records.Select(record => System.Text.Json.JsonDocument.Parse(record.Json).RootElement.GetProperty("event").GetProperty("action").GetString()!)];
    }
}
