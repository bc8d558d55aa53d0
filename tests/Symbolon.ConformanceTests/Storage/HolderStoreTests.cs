using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;
using Symbolon.Testing.Storage;

namespace Symbolon.ConformanceTests.Storage;

public sealed class SqliteHolderStoreTests() : HolderStoreTests(StoreKind.Sqlite);

public sealed class PostgresHolderStoreTests() : HolderStoreTests(StoreKind.Postgres);

public abstract class HolderStoreTests(StoreKind kind) : StoreTests(kind)
{
    [Fact]
    public async Task People_come_from_tokens_each_once_by_address_and_in_pages()
    {
        await InsertAsync("tok_1", "carol@example.com");
        await InsertAsync("tok_2", "alice@example.com");
        await InsertAsync("tok_3", "alice@example.com", agent: "bot");
        await InsertAsync("tok_4", "bob_x@example.com");
        await InsertAsync("tok_5", null, agent: "bot");

        Assert.Equal(["alice@example.com", "bob_x@example.com", "carol@example.com"], await PeopleAsync());
        Assert.Equal(["bob_x@example.com"], await PeopleAsync(after: "alice@example.com", limit: 1));
        Assert.Equal(["carol@example.com"], await PeopleAsync(part: "arol"));
        Assert.Equal(["bob_x@example.com"], await PeopleAsync(part: "_"));
        Assert.Empty(await PeopleAsync(part: "%"));
        Assert.Empty(await PeopleAsync(part: "\\"));
        Assert.Empty(await PeopleAsync(part: "\0"));
        Assert.Empty(await Store.Holders.PeopleAsync(new OrganisationId("other"), null, null, 10, Cancellation));
    }

    [Fact]
    public async Task Only_live_tokens_of_a_holder_are_counted()
    {
        await InsertAsync("tok_1", "alice@example.com", agent: "bot");
        await InsertAsync("tok_2", "alice@example.com");
        await InsertAsync("tok_3", "alice@example.com", expires: Samples.Now + 10);
        await InsertAsync("tok_4", null, agent: "bot");
        await CommitAsync(new Change.RevokeToken(new TokenId("tok_4"), Samples.Now + 1));

        var alice = Assert.Single(await Store.Holders.TokensAsync(Organisation, HolderKind.User, ["alice@example.com", "nobody@example.com", "\0"], Samples.Now + 11, Cancellation));
        Assert.Equal(("alice@example.com", 2, (long?)null), (alice.Name, alice.Live, alice.LastUsedAt));
        Assert.Equal(1, Assert.Single(await Store.Holders.TokensAsync(Organisation, HolderKind.Agent, ["bot"], Samples.Now + 11, Cancellation)).Live);
        Assert.Empty(await Store.Holders.TokensAsync(Organisation, HolderKind.Workflow, ["bot"], Samples.Now, Cancellation));
        Assert.Empty(await Store.Holders.TokensAsync(Organisation, HolderKind.Workflow, [], Samples.Now, Cancellation));
    }

    [Theory]
    [InlineData(RevocationLevel.User, "alice@example.com", 0)]
    [InlineData(RevocationLevel.Agent, "bot", 1)]
    [InlineData(RevocationLevel.Organisation, null, 0)]
    [InlineData(RevocationLevel.User, "other@example.com", 2)]
    [InlineData(RevocationLevel.Server, "deploy", 2)]
    public async Task A_token_that_an_epoch_killed_is_not_live(RevocationLevel level, string? target, int live)
    {
        await InsertAsync("tok_1", "alice@example.com", agent: "bot");
        await InsertAsync("tok_2", "alice@example.com");

        await CommitAsync(new Change.RaiseEpoch(level, target ?? Organisation.Value, Samples.Now + 1));

        Assert.Equal(live, Assert.Single(await Store.Holders.TokensAsync(Organisation, HolderKind.User, ["alice@example.com"], Samples.Now + 2, Cancellation)).Live);
    }

    private Task<IReadOnlyList<string>> PeopleAsync(string? part = null, string? after = null, int limit = 10) => Store.Holders.PeopleAsync(Organisation, part, after, limit, Cancellation);

    private Task<CommitResult> InsertAsync(string id, string? user, string? agent = null, long? expires = null)
    {
        var token = Samples.Token(id) with
        {
            Holder = new Holder { User = user is null ? null : UserEmail.Parse(user), Agent = agent is null ? null : new AgentName(agent) },
            IssuedAt = Samples.Now,
            ExpiresAt = expires ?? Samples.Now + 1_000_000,
        };
        return CommitAsync(new Change.InsertToken(token, Samples.Secret(id)));
    }
}
