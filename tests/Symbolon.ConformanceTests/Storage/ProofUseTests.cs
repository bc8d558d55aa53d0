using System.Text;
using System.Text.Json;
using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Core.Snapshot;
using Symbolon.Jose;
using Symbolon.Storage.Databases;
using Symbolon.Testing.Storage;

namespace Symbolon.ConformanceTests.Storage;

public sealed class SqliteProofUseTests() : ProofUseTests(StoreKind.Sqlite);

public sealed class PostgresProofUseTests() : ProofUseTests(StoreKind.Postgres);

[Trait("clause", "RFC 9449 §11.1")]
public abstract class ProofUseTests(StoreKind kind) : StoreTests(kind)
{
    private const long Minute = 60_000_000;
    private static readonly AuditQuery All = new();

    [Fact]
    public async Task The_record_of_a_replay_is_a_refusal_and_the_chain_is_whole()
    {
        var first = Call(Use("a"));
        var second = Call(Use("a"));
        var third = Call(Use("b"));

        Assert.True(await AppendAsync(Store.AuditLog, first));
        Assert.True(await AppendAsync(Store.AuditLog, second));
        Assert.True(await AppendAsync(Store.AuditLog, third));

        Assert.Equal([false, true, false], new[] { first, second, third }.Select(record => record.Proof!.IsReplay));
        Assert.Equal(["True ", "False proof_invalid", "True "], await VerdictsAsync());
    }

    [Fact]
    public async Task Of_records_in_one_commit_the_first_one_has_the_proof()
    {
        var records = Enumerable.Range(0, 60).Select(i => Call(Use($"{i % 3}"))).ToList();
        foreach (var record in records) Store.AuditLog.Append(record);
        foreach (var record in records) Assert.True(await record.Durable());

        Assert.Equal(3, records.Count(record => !record.Proof!.IsReplay));
        Assert.All(records.Take(3), record => Assert.False(record.Proof!.IsReplay));
        Assert.Equal(57, (await VerdictsAsync()).Count(verdict => verdict == "False proof_invalid"));
    }

    [Fact]
    public async Task A_proof_is_used_once_whichever_way_it_comes()
    {
        Assert.True(await Store.Proofs.TryUseAsync(Use("a"), Cancellation));
        Assert.False(await Store.Proofs.TryUseAsync(Use("a"), Cancellation));
        var call = Call(Use("a"));
        Assert.True(await AppendAsync(Store.AuditLog, call));
        Assert.True(call.Proof!.IsReplay);

        Assert.IsType<CommitResult.Committed>(await CommitAsync(Samples.Put(Samples.Agent("bot")), new Change.UseProof(Use("b"))));
        Assert.IsType<Change.UseProof>(Assert.IsType<CommitResult.Conflict>(
            await CommitAsync(Samples.Put(Samples.Agent("other")), new Change.UseProof(Use("b")))).Change);
        Assert.Null(await Store.Objects.FindObjectAsync(Organisation, Samples.Put(Samples.Agent("other")).Key, Cancellation));
        Assert.False(await Store.Proofs.TryUseAsync(Use("b"), Cancellation));
        Assert.IsType<Change.UseProof>(Assert.IsType<CommitResult.Conflict>(
            await CommitAsync(Samples.Put(Samples.Agent("other")), new Change.UseProof(Use("c")), new Change.UseProof(Use("b")))).Change);
        Assert.True(await Store.Proofs.TryUseAsync(Use("c"), Cancellation));
    }

    [Fact]
    public async Task Organisations_do_not_use_up_one_anothers_proofs()
    {
        Assert.True(await Store.Proofs.TryUseAsync(Use("a"), Cancellation));
        Assert.True(await Store.Proofs.TryUseAsync(Use("a", organisation: new OrganisationId("other")), Cancellation));
    }

    [Fact]
    public async Task A_change_does_not_take_a_proof_with_its_record()
    {
        var record = Samples.Record();
        record.Proof = Use("a");
        await Assert.ThrowsAsync<ArgumentException>(() => Store.Changes.CommitAsync(Organisation, [Samples.Put(Samples.Agent("bot"))], [record], Cancellation));
    }

    [Fact]
    public async Task A_job_uses_a_proof_with_all_that_it_does_or_does_nothing()
    {
        async Task<bool> RunAsync(AuditEvent record) => await Store.Store.Writer.RunAsync(transaction =>
        {
            if (!transaction.TryUse(record.Proof!)) return (false, false);
            transaction.Append(Organisation, record);
            return (true, true);
        });
        var (first, second) = (Call(Use("a")), Call(Use("a")));

        Assert.True(await RunAsync(first));
        Assert.False(await RunAsync(second));

        Assert.Equal([false, true], new[] { first, second }.Select(record => record.Proof!.IsReplay));
        Assert.Equal(["True "], await VerdictsAsync());
    }

    [Fact]
    public async Task A_restart_forgets_no_proof()
    {
        var call = Call(Use("a"));
        Assert.True(await AppendAsync(Store.AuditLog, call));
        Assert.True(await Store.Proofs.TryUseAsync(Use("b"), Cancellation));
        Store.Dispose();

        using var again = new OpenStore(Database.Options);

        Assert.False(await again.Proofs.TryUseAsync(Use("a"), Cancellation));
        var replay = Call(Use("b"));
        Assert.True(await AppendAsync(again.AuditLog, replay));
        Assert.True(replay.Proof!.IsReplay);
    }

    [Theory]
    [InlineData("record")]
    [InlineData("alone")]
    [InlineData("both")]
    public async Task Of_a_hundred_parallel_uses_on_two_nodes_one_is_the_first(string way)
    {
        using var second = new OpenStore(Database.Options);
        OpenStore[] nodes = [Store, second];
        for (var round = 0; round < 20; round++)
        {
            var name = $"{way} {round}";
            var uses = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(async () =>
            {
                var node = nodes[i % 2];
                var use = Use(name);
                if (way == "alone" || (way == "both" && i % 4 > 1)) Assert.Equal(await node.Proofs.TryUseAsync(use, Cancellation), !use.IsReplay);
                else Assert.True(await AppendAsync(node.AuditLog, Call(use)));
                return use;
            })));
            Assert.Equal(1, uses.Count(use => !use.IsReplay));
        }
    }

    [Fact]
    public async Task Many_proofs_that_two_nodes_use_in_another_order_stop_neither()
    {
        using var second = new OpenStore(Database.Options);
        OpenStore[] nodes = [Store, second];
        var uses = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => Task.Run(async () =>
        {
            var use = Use($"{(i % 2 == 0 ? i / 2 : 199 - i / 2)}");
            if (i % 3 == 0) await nodes[i % 2].Proofs.TryUseAsync(use, Cancellation);
            else Assert.True(await AppendAsync(nodes[i % 2].AuditLog, Call(use)));
            return use;
        })));

        Assert.Equal(200, uses.Count(use => !use.IsReplay));
        Assert.True(Store.AuditLog.IsHealthy && second.AuditLog.IsHealthy);
    }

    [Fact]
    public async Task A_commit_that_is_tried_again_does_not_take_itself_for_a_replay()
    {
        var use = Use("a");
        for (var i = 0; i < 2; i++) Assert.True(await Store.Store.Writer.RunAsync(transaction => (ProofRows.TryUse(transaction.Connection, use), true)));
        var call = Call(use);
        Assert.True(await AppendAsync(Store.AuditLog, call));
        Assert.False(use.IsReplay);
    }

    [Fact]
    public async Task Without_a_store_no_proof_is_used()
    {
        var (proofs, log) = (Store.Proofs, Store.AuditLog);
        Store.Dispose();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => proofs.TryUseAsync(Use("a"), Cancellation));
        Assert.False(await AppendAsync(log, Call(Use("b"))));
    }

    [Fact]
    public async Task What_no_node_accepts_any_more_is_removed_in_steps_and_nothing_else()
    {
        var clock = new TwoHandedClock();
        using var node = new OpenStore(Database.Options, clock);
        var now = UnixTime.Microseconds(clock);
        var late = now + Minute;
        for (var i = 0; i < 1001; i++) node.AuditLog.AppendAhead(Call(Use($"old {i}", now - 11 * Minute - i)));
        Assert.True(await node.Proofs.TryUseAsync(Use("slow clocks", now - 9 * Minute), Cancellation));
        Assert.True(await node.Proofs.TryUseAsync(Use("young", late), Cancellation));

        Assert.False(await node.ProofClearing.ClearAsync());
        Assert.False(await node.Proofs.TryUseAsync(Use("old 7", late), Cancellation));
        clock.Run(TimeSpan.FromMinutes(6));
        clock.SetWall(TimeSpan.FromMinutes(-6));
        Assert.True(await node.ProofClearing.ClearAsync());
        Assert.True(await node.ProofClearing.ClearAsync());
        Assert.False(await node.ProofClearing.ClearAsync());

        Assert.True(await node.Proofs.TryUseAsync(Use("old 7", late), Cancellation));
        Assert.False(await node.Proofs.TryUseAsync(Use("slow clocks", late), Cancellation));
        Assert.False(await node.Proofs.TryUseAsync(Use("young", late), Cancellation));
    }

    [Fact]
    public async Task A_clock_that_is_set_back_behind_what_was_removed_revives_no_proof()
    {
        var clock = new TwoHandedClock();
        using var node = new OpenStore(Database.Options, clock);
        await node.ProofClearing.ClearAsync();
        var then = UnixTime.Microseconds(clock) - 20 * Minute;
        Assert.True(await node.Proofs.TryUseAsync(Use("a", then), Cancellation));
        clock.Run(TimeSpan.FromMinutes(7));
        clock.SetWall(TimeSpan.FromMinutes(-7));
        Assert.False(await node.ProofClearing.ClearAsync());

        // By a clock that is half an hour slow this proof is one of now.
        Assert.False(await node.Proofs.TryUseAsync(Use("a", then), Cancellation));
        var call = Call(Use("never seen", then));
        Assert.True(await AppendAsync(node.AuditLog, call));
        Assert.True(call.Proof!.IsReplay);
        Assert.True(await node.Proofs.TryUseAsync(Use("never seen", UnixTime.Microseconds(clock)), Cancellation));
    }

    [Fact]
    public async Task A_clock_that_jumps_ahead_and_back_again_empties_nothing_and_locks_nobody_out()
    {
        var clock = new TwoHandedClock();
        using var node = new OpenStore(Database.Options, clock);
        await node.ProofClearing.ClearAsync();
        clock.Run(TimeSpan.FromMinutes(7));
        var soon = UnixTime.Microseconds(clock) + Minute;
        Assert.True(await node.Proofs.TryUseAsync(Use("a", soon), Cancellation));

        clock.SetWall(TimeSpan.FromDays(1));
        for (var i = 0; i < 5; i++)
        {
            await node.ProofClearing.ClearAsync();
            clock.Run(TimeSpan.FromMinutes(1));
        }
        clock.SetWall(TimeSpan.FromDays(-1) - TimeSpan.FromMinutes(5));
        await node.ProofClearing.ClearAsync();

        Assert.False(await node.Proofs.TryUseAsync(Use("a", soon), Cancellation));
        Assert.True(await node.Proofs.TryUseAsync(Use("b", soon), Cancellation));
    }

    private static ProofUse Use(string name, long? expiresAt = null, OrganisationId? organisation = null) =>
        new(organisation ?? Organisation, Sha256Value.Of(Encoding.UTF8.GetBytes(name)), expiresAt ?? Samples.Now);

    private static AuditEvent Call(ProofUse use)
    {
        var call = Samples.Call(AuditKind.CallIntent, Guid.NewGuid());
        (call.Allowed, call.Proof) = (true, use);
        return call;
    }

    private async Task<IReadOnlyList<string>> VerdictsAsync()
    {
        var verifier = new ChainVerifier();
        var records = await Store.Audit.ReadAsync(Organisation, All, null, descending: false, 1000, Cancellation);
        foreach (var record in records) Assert.Null(verifier.Add(record.Json));
        return [.. records.Select(record =>
        {
            var decision = JsonDocument.Parse(record.Json).RootElement.GetProperty("event");
            var text = decision.ToString();
            return $"{!text.Contains("\"allowed\":false", StringComparison.Ordinal)} {(text.Contains("proof_invalid", StringComparison.Ordinal) ? "proof_invalid" : "")}";
        })];
    }
}
