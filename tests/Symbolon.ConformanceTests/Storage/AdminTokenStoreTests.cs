using Symbolon.Core.Accounts;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Testing.Storage;

namespace Symbolon.ConformanceTests.Storage;

public sealed class SqliteAdminTokenStoreTests() : AdminTokenStoreTests(StoreKind.Sqlite);

public sealed class PostgresAdminTokenStoreTests() : AdminTokenStoreTests(StoreKind.Postgres);

[Trait("area", "accounts")]
public abstract class AdminTokenStoreTests(StoreKind kind) : StoreTests(kind)
{
    private const long Now = 1_800_000_000_000_000;
    private const long Hour = 3_600_000_000;
    private const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    private static readonly UserEmail Alice = UserEmail.Parse("alice@example.com");
    private static readonly UserEmail Bob = UserEmail.Parse("bob@example.com");

    [Fact]
    public async Task A_code_makes_one_token_and_a_hundred_at_once_make_one_too()
    {
        await AddAsync(Alice, "code");
        var made = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => RedeemAsync("code", Challenge, $"secret {i}")));
        Assert.Single(made, token => token is not null);
        // Whoever came second may be the thief: what the first one got is dead.
        Assert.Empty(await ListAsync(null));
    }

    [Fact]
    public async Task A_code_is_for_its_challenge_and_its_minute()
    {
        var token = await AddAsync(Alice, "code");
        Assert.Null(await RedeemAsync("code", Challenge[..42] + "N", "secret"));
        Assert.Null(await RedeemAsync("other", Challenge, "secret"));
        Assert.Null(await RedeemAsync("code", Challenge, "secret", Now + 60_000_000));
        Assert.Equal(token, await RedeemAsync("code", Challenge, "secret", Now + 59_999_999));
        Assert.Equal(token, await Store.AdminTokens.FindAsync(Organisation, Samples.Secret("secret"), Cancellation));
        Assert.Null(await Store.AdminTokens.FindAsync(new OrganisationId("other"), Samples.Secret("secret"), Cancellation));
        var records = await Store.Audit.ReadAsync(Organisation, new AuditQuery(), null, false, 100, Cancellation);
        Assert.Equal(2, records.Count);
        Assert.Contains($"CommandLine/{token.Id}", System.Text.Encoding.UTF8.GetString(records[1].Json.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_have_what_lives_and_was_redeemed_and_only_its_person_or_an_administrator_ends_it()
    {
        var first = await AddAsync(Alice, "a", Now);
        var second = await AddAsync(Alice, "b", Now + 1);
        var bobs = await AddAsync(Bob, "c", Now + 2);
        await AddAsync(Alice, "never redeemed", Now + 3);
        foreach (var code in (string[])["a", "b", "c"]) Assert.NotNull(await RedeemAsync(code, Challenge, $"secret {code}", Now + 4));

        Assert.Equal([bobs, second, first], await ListAsync(null));
        Assert.Equal([second, first], await ListAsync(Alice));
        Assert.False(await EndAsync(bobs.Id, Alice));
        Assert.True(await EndAsync(bobs.Id, null));
        Assert.False(await EndAsync(bobs.Id, null));
        Assert.True(await EndAsync(first.Id, Alice));
        Assert.Equal([second], await ListAsync(null));
        Assert.Empty(await Store.AdminTokens.ListAsync(Organisation, null, Now + (9 * Hour), Cancellation));
    }

    private async Task<AdminToken> AddAsync(UserEmail person, string code, long at = Now)
    {
        var token = new AdminToken { Id = AdminTokenId.New(), Email = person, Label = "laptop", IssuedAt = at, ExpiresAt = at + (8 * Hour) };
        await Store.AdminTokens.AddAsync(Organisation, token, new AdminCode(Samples.Secret(code), Challenge, at + 60_000_000), Record(), Cancellation);
        return token;
    }

    private Task<AdminToken?> RedeemAsync(string code, string challenge, string secret, long at = Now) =>
        Store.AdminTokens.RedeemAsync(Organisation, Samples.Secret(code), challenge, Samples.Secret(secret), at, Record(), Record(), Cancellation);

    private Task<IReadOnlyList<AdminToken>> ListAsync(UserEmail? person) => Store.AdminTokens.ListAsync(Organisation, person, Now + 5, Cancellation);

    private Task<bool> EndAsync(AdminTokenId id, UserEmail? person) => Store.AdminTokens.RevokeAsync(Organisation, id, person, Now + 5, Record(), Cancellation);

    private static AuditEvent Record() => new() { Kind = AuditKind.AdminChange, Time = Now, By = "test", Action = "test", Target = "test" };
}
