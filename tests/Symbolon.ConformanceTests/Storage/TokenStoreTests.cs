using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Snapshot;
using Symbolon.Testing.Fakes;
using Symbolon.Testing.Processes;
using Symbolon.Testing.Storage;

namespace Symbolon.ConformanceTests.Storage;

public sealed class SqliteTokenStoreTests() : TokenStoreTests(StoreKind.Sqlite);

public sealed class PostgresTokenStoreTests() : TokenStoreTests(StoreKind.Postgres);

public abstract class TokenStoreTests(StoreKind kind) : StoreTests(kind)
{
    private Task<CommitResult> InsertAsync(TokenRecord token, string secret) => CommitAsync(new Change.InsertToken(token, Samples.Secret(secret)));

    [Fact]
    public async Task A_token_is_found_by_its_secret_and_by_its_id()
    {
        await InsertAsync(Samples.Token("tok_1"), "s1");

        var found = await Store.Tokens.FindBySecretAsync(Samples.Secret("s1"), Cancellation);

        Assert.Equal(Samples.Token("tok_1") with { Servers = [] }, found! with { Servers = [] });
        Assert.Equal(Samples.Token("tok_1").Servers[0].Tools, found.Servers[0].Tools);
        Assert.Equal(found.Id, (await Store.Tokens.FindAsync(Organisation, new("tok_1"), Cancellation))!.Id);
        Assert.Null(await Store.Tokens.FindBySecretAsync(Samples.Secret("s2"), Cancellation));
        Assert.Null(await Store.Tokens.FindAsync(new OrganisationId("other"), new("tok_1"), Cancellation));
    }

    [Fact]
    public async Task The_tokens_that_end_first_come_first_and_what_was_revoked_or_has_ended_is_left_out()
    {
        foreach (var (id, end) in new[] { ("tok_late", 30), ("tok_b", 10), ("tok_a", 10), ("tok_over", 0), ("tok_dead", 5) })
            await InsertAsync(Samples.Token(id) with { ExpiresAt = Samples.Now + end }, id);
        await CommitAsync(new Change.RevokeToken(new("tok_dead"), Samples.Now));

        Assert.Equal(["tok_a", "tok_b", "tok_late"], await IdsAsync(until: 30, limit: 10));
        Assert.Equal(["tok_a", "tok_b"], await IdsAsync(until: 29, limit: 10));
        Assert.Equal(["tok_a"], await IdsAsync(until: 30, limit: 1));

        async Task<IEnumerable<string>> IdsAsync(long until, int limit) =>
            (await Store.Tokens.NextToEndAsync(Organisation, Samples.Now, Samples.Now + until, limit, Cancellation)).Select(token => token.Id.Value);
    }

    [Fact]
    public async Task A_token_with_a_known_id_or_secret_is_a_conflict()
    {
        await InsertAsync(Samples.Token("tok_1"), "s1");

        Assert.IsType<CommitResult.Conflict>(await InsertAsync(Samples.Token("tok_1"), "s2"));
        Assert.IsType<CommitResult.Conflict>(await InsertAsync(Samples.Token("tok_2"), "s1"));
    }

    [Fact]
    public async Task After_a_hundred_parallel_rotations_exactly_one_secret_is_alive()
    {
        // A clock that stands still: on a busy machine the last ones may wait for longer than the 2 s that a change is given.
        using var store = new OpenStore(Database.Options, new FakeClock());
        await RunAsync(new Change.InsertToken(Samples.Token("tok_1"), Samples.Secret("s0")));

        var results = await Task.WhenAll(Enumerable.Range(1, 100).Select(i => RunAsync(new Change.RotateToken(new("tok_1"), Samples.Secret($"s{i}"), Samples.Now + i))));

        Assert.All(results, result => Assert.IsType<CommitResult.Committed>(result));
        var alive = 0;
        for (var i = 0; i <= 100; i++)
            if (await store.Tokens.FindBySecretAsync(Samples.Secret($"s{i}"), Cancellation) is not null) alive++;
        Assert.Equal(1, alive);
        Assert.Null(await store.Tokens.FindBySecretAsync(Samples.Secret("s0"), Cancellation));
        Assert.NotNull((await store.Tokens.FindAsync(Organisation, new("tok_1"), Cancellation))!.RotatedAt);

        Task<CommitResult> RunAsync(Change change) => store.Changes.CommitAsync(Organisation, [change], [Samples.Record()], Cancellation);
    }

    [Fact]
    public async Task A_rotation_is_told_to_every_node_that_had_loaded_before()
    {
        await InsertAsync(Samples.Token("tok_1"), "s1");
        using var second = new OpenStore(Database.Options);
        await second.Feed.PollAsync(Cancellation);
        var told = new List<TokenRotation>();
        second.Configuration.TokenRotated += told.Add;

        await CommitAsync(new Change.RotateToken(new("tok_1"), Samples.Secret("s2"), Samples.Now + 5));
        await second.Feed.PollAsync(Cancellation);

        Assert.Equal(new TokenRotation(Organisation, new("tok_1"), Samples.Now + 5), Assert.Single(told));
    }

    [Fact]
    public async Task A_revoked_token_cannot_be_rotated_and_its_epoch_is_raised()
    {
        await InsertAsync(Samples.Token("tok_1"), "s1");

        Assert.IsType<CommitResult.Committed>(await CommitAsync(new Change.RevokeToken(new("tok_1"), Samples.Now + 1)));
        Assert.IsType<CommitResult.Committed>(await CommitAsync(new Change.RevokeToken(new("tok_1"), Samples.Now + 2)));

        var found = await Store.Tokens.FindAsync(Organisation, new("tok_1"), Cancellation);
        Assert.Equal(Samples.Now + 1, found!.RevokedAt);
        Assert.True(Store.Configuration.Epochs.IsRevoked(Samples.Token("tok_1")));
        Assert.IsType<CommitResult.Conflict>(await CommitAsync(new Change.RotateToken(new("tok_1"), Samples.Secret("s2"), Samples.Now + 3)));
        Assert.IsType<CommitResult.Conflict>(await CommitAsync(new Change.RevokeToken(new("tok_9"), Samples.Now)));
    }

    [Fact]
    public async Task A_revocation_by_a_clock_that_went_back_still_kills()
    {
        await InsertAsync(Samples.Token("tok_1"), "s1");

        await CommitAsync(new Change.RevokeToken(new("tok_1"), Samples.Now - 60_000_000));

        Assert.True(Store.Configuration.Epochs.IsRevoked(Samples.Token("tok_1")));
    }

    [Fact]
    public async Task Lists_are_filtered_and_paged_by_id()
    {
        for (var i = 0; i < 9; i++) await InsertAsync(Samples.Token($"tok_{i}", i % 2 == 0 ? "alice@example.com" : "bob@example.com", i < 6 ? "deploy" : "clock"), $"s{i}");
        await InsertAsync(Samples.Token("tok_B", expires: Samples.Now - 1), "sB");
        await CommitAsync(new Change.RevokeToken(new("tok_0"), Samples.Now));

        async Task<string> Ids(TokenQuery query, string? after = null, int limit = 100) => string.Concat(
            (await Store.Tokens.ListAsync(Organisation, query, after is null ? null : new TokenId(after), limit, Cancellation)).Select(token => token.Id.Value[4..]));

        Assert.Equal("012345678B", await Ids(new()));
        Assert.Equal("234", await Ids(new(), "tok_1", 3));
        Assert.Equal("1357", await Ids(new() { User = "bob@example.com" }));
        Assert.Equal("678", await Ids(new() { Server = "clock" }));
        Assert.Equal("24", await Ids(new() { User = "alice@example.com", Server = "deploy", LiveAt = Samples.Now }));
        Assert.Equal("", await Ids(new() { Workflow = "ci" }));
        Assert.Equal("012345678B", await Ids(new() { Agent = "claude-code" }));
    }

    [Fact]
    public async Task A_search_for_text_that_cannot_be_stored_finds_nothing()
    {
        await InsertAsync(Samples.Token("tok_1"), "s1");

        foreach (var odd in new[] { "\0", new string('\ud800', 1), new string('\udfff', 2) })
        {
            Assert.Null(await Store.Tokens.FindAsync(Organisation, new(odd), Cancellation));
            Assert.Empty(await Store.Tokens.ListAsync(Organisation, new() { User = odd }, null, 10, Cancellation));
            Assert.Null(await Store.Objects.FindObjectAsync(Organisation, new(Symbolon.Core.Registry.ObjectKind.Agent, odd), Cancellation));
            Assert.Empty(await Store.Objects.HistoryAsync(Organisation, new(Symbolon.Core.Registry.ObjectKind.Agent, odd), Cancellation));
            Assert.Null(await Store.Objects.FindSecretAsync(Organisation, "upstream", odd, Cancellation));
        }
    }

    [Fact]
    public async Task The_last_use_is_written_with_the_audit()
    {
        await InsertAsync(Samples.Token("tok_1"), "s1");

        await AppendAsync(Store.AuditLog, Samples.Call(AuditKind.CallIntent, Guid.NewGuid(), "tok_1"));

        Assert.Equal(Samples.Now, (await Store.Tokens.FindAsync(Organisation, new("tok_1"), Cancellation))!.LastUsedAt);
    }

    [Fact]
    public async Task Reads_that_cannot_be_served_say_that_the_store_is_unavailable()
    {
        Store.Store.Dispose();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => Store.Tokens.FindBySecretAsync(Samples.Secret("s1"), Cancellation));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => InsertAsync(Samples.Token("tok_1"), "s1"));
        await Deadline.ForAsync("the log to say that it is closed", () => !Store.AuditLog.IsHealthy);
    }
}
