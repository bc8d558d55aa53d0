using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;
using Symbolon.Testing.Storage;

namespace Symbolon.ConformanceTests.Storage;

public sealed class SqliteTokenCountTests() : TokenCountTests(StoreKind.Sqlite);

public sealed class PostgresTokenCountTests() : TokenCountTests(StoreKind.Postgres);

public abstract class TokenCountTests(StoreKind kind) : StoreTests(kind)
{
    private const long Soon = Samples.Now + 1000;

    [Fact]
    public async Task Live_tokens_are_counted_with_those_that_end_soon_and_those_never_used()
    {
        await InsertAsync(Samples.Token("tok_soon", expires: Soon), Samples.Token("tok_later", expires: Soon + 1),
            Samples.Token("tok_over", expires: Samples.Now), Samples.Token("tok_dead", expires: Soon + 5));
        await CommitAsync(new Change.RevokeToken(new("tok_dead"), Samples.Now));
        Assert.True(await AppendAsync(Store.AuditLog, Samples.Call(Core.Audit.AuditKind.CallIntent, Guid.NewGuid(), "tok_later")));

        Assert.Equal(new TokenCounts(Live: 2, Expiring: 1, NeverUsed: 1), await CountAsync());
    }

    [Theory]
    [InlineData(RevocationLevel.User, "alice@example.com", 1)]
    [InlineData(RevocationLevel.Agent, "claude-code", 0)]
    [InlineData(RevocationLevel.Organisation, "default", 0)]
    public async Task What_ended_with_its_holder_is_not_alive_and_what_was_issued_later_is(RevocationLevel level, string target, int left)
    {
        await InsertAsync(Samples.Token("tok_1"), Samples.Token("tok_2", user: "bob@example.com"));
        await CommitAsync(new Change.RaiseEpoch(level, target, Samples.Now + 5));
        Assert.Equal(new TokenCounts(left, left, left), await CountAsync());

        await InsertAsync(Samples.Token("tok_3") with { IssuedAt = Samples.Now + 6 });

        Assert.Equal(left + 1, (await CountAsync()).Live);
        Assert.Equal(0, (await Store.TokenCounts.CountAsync(new OrganisationId("other"), Samples.Now, Soon, Cancellation)).Live);
    }

    private Task<TokenCounts> CountAsync() => Store.TokenCounts.CountAsync(Organisation, Samples.Now, Soon, Cancellation);

    private async Task InsertAsync(params TokenRecord[] tokens)
    {
        foreach (var token in tokens) Assert.IsType<CommitResult.Committed>(await CommitAsync(new Change.InsertToken(token, Samples.Secret(token.Id.Value))));
    }
}
