using Npgsql;
using Symbolon.Core.OAuth;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;
using Symbolon.Testing.Processes;
using Symbolon.Testing.Storage;

namespace Symbolon.ConformanceTests.Storage;

/// <summary>Changes of one node at another, by what the nodes tell each other: nobody polls in these tests.</summary>
[Trait("clause", "DESIGN.md §3 Time and state")]
public sealed class ChangeAnnouncementTests() : StoreTests(StoreKind.Postgres)
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_change_on_one_node_reaches_another_that_listens_within_a_second()
    {
        using var other = new OpenStore(Database.Options);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var listening = other.Feed.ListenAsync(end.Token);
        await ReachedAsync(other, 0);

        var committed = Assert.IsType<CommitResult.Committed>(await CommitAsync(new Change.RaiseEpoch(RevocationLevel.User, "alice@example.com", 5)));
        await ReachedAsync(other, committed.Revision);

        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listening);
    }

    [Fact]
    public async Task What_was_changed_before_it_listened_is_taken_in_first()
    {
        var committed = Assert.IsType<CommitResult.Committed>(await CommitAsync(new Change.RaiseEpoch(RevocationLevel.User, "alice@example.com", 5)));
        using var other = new OpenStore(Database.Options);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var listening = other.Feed.ListenAsync(end.Token);
        await ReachedAsync(other, committed.Revision);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listening);
    }

    [Fact]
    public async Task A_change_that_is_not_committed_is_not_announced()
    {
        using var other = new OpenStore(Database.Options);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var calls = 0;
        var first = new TaskCompletionSource();
        var listening = other.Objects.ListenAsync(() =>
        {
            if (Interlocked.Increment(ref calls) == 1) first.SetResult();
            return Task.CompletedTask;
        }, end.Token);
        await first.Task.WaitAsync(Cancellation);

        Assert.IsType<CommitResult.Conflict>(await CommitAsync(new Change.RevokeToken(new TokenId("tok_none"), 5)));
        Assert.IsType<CommitResult.Committed>(await CommitAsync(new Change.RaiseEpoch(RevocationLevel.User, "alice@example.com", 5)));
        await Deadline.ForAsync("the change that was made", () => Task.FromResult(Volatile.Read(ref calls) >= 2 ? "heard" : null), Promised);

        Assert.Equal(2, Volatile.Read(ref calls));
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listening);
    }

    [Fact]
    public async Task A_listener_that_is_cut_off_says_so_instead_of_waiting_for_ever()
    {
        using var other = new OpenStore(Database.Options);
        var first = new TaskCompletionSource();
        var listening = other.Objects.ListenAsync(() =>
        {
            first.TrySetResult();
            return Task.CompletedTask;
        }, Cancellation);
        await first.Task.WaitAsync(Cancellation);
        await using (var operatorOfDatabase = new NpgsqlConnection(Database.Options.Store))
        {
            await operatorOfDatabase.OpenAsync(Cancellation);
            await using var cut = new NpgsqlCommand("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname=current_database() AND query LIKE 'LISTEN%'", operatorOfDatabase);
            Assert.Equal(true, await cut.ExecuteScalarAsync(Cancellation));
        }
        await Assert.ThrowsAsync<StoreUnavailableException>(() => listening.WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
    }

    private static Task<string> ReachedAsync(OpenStore node, long revision) =>
        Deadline.ForAsync($"revision {revision}", () => Task.FromResult(node.Configuration.Revision >= revision ? "reached" : null), Promised);
}
