using Symbolon.Core.Accounts;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Testing.Storage;

namespace Symbolon.ConformanceTests.Storage;

public sealed class SqliteAccountStoreTests() : AccountStoreTests(StoreKind.Sqlite);

public sealed class PostgresAccountStoreTests() : AccountStoreTests(StoreKind.Postgres);

[Trait("area", "accounts")]
public abstract class AccountStoreTests(StoreKind kind) : StoreTests(kind)
{
    private const long Now = 1_800_000_000_000_000;
    private static readonly UserEmail Alice = UserEmail.Parse("alice@example.com");

    [Fact]
    public async Task An_account_comes_back_as_it_was_put_with_the_next_version()
    {
        var account = New(Alice) with
        {
            Name = "Alice 🦊", IsAdministrator = true, Password = "hash", Link = new SetPasswordLink(Samples.Secret("link"), Now + 1), NotBefore = Now - 1,
            LastChange = new StateChange { By = "admin-token", At = Now, Reason = "She asked." },
        };
        Assert.True(await PutAsync(account));

        Assert.Equal(account with { Version = 1 }, await Store.Accounts.FindAsync(Organisation, Alice, Cancellation));
        Assert.Equal(account with { Version = 1 }, await Store.Accounts.FindByLinkAsync(Organisation, Samples.Secret("link"), Cancellation));
        Assert.Null(await Store.Accounts.FindByLinkAsync(Organisation, Samples.Secret("other"), Cancellation));
        Assert.Null(await Store.Accounts.FindAsync(new OrganisationId("other"), Alice, Cancellation));
    }

    [Fact]
    public async Task Only_the_version_that_was_read_is_replaced_and_its_record_comes_with_it()
    {
        Assert.True(await PutAsync(New(Alice)));
        Assert.False(await PutAsync(New(Alice) with { IsAdministrator = true }));
        Assert.True(await PutAsync(New(Alice) with { IsSuspended = true, Version = 1 }));
        Assert.False(await PutAsync(New(Alice) with { Version = 1 }));

        Assert.Equal((2, true, false), await Store.Accounts.FindAsync(Organisation, Alice, Cancellation) is { } found ? (found.Version, found.IsSuspended, found.IsAdministrator) : default);
        Assert.Equal(2, (await Store.Audit.ReadAsync(Organisation, new AuditQuery(), null, false, 100, Cancellation)).Count);
    }

    [Fact]
    public async Task What_ends_a_person_ends_all_that_was_issued_in_the_same_commit_or_not_at_all()
    {
        using var other = new OpenStore(Database.Options);
        Assert.True(await PutAsync(New(Alice)));
        Assert.Null(await EndAsync(New(Alice) with { NotBefore = Now + 1 }));
        await other.Feed.PollAsync(Cancellation);
        Assert.Null(other.Configuration.Epochs.Find(Organisation, RevocationLevel.User, Alice.Value));

        Assert.True(await EndAsync(New(Alice) with { IsSuspended = true, NotBefore = Now + 2, Version = 1 }) > 0);
        Assert.Equal(Now + 2, Store.Configuration.Epochs.Find(Organisation, RevocationLevel.User, Alice.Value)?.NotBefore);
        await other.Feed.PollAsync(Cancellation);
        Assert.Equal(Now + 2, other.Configuration.Epochs.Find(Organisation, RevocationLevel.User, Alice.Value)?.NotBefore);

        Task<long?> EndAsync(Account account) => Store.Accounts.TryPutAsync(
            Organisation, account, endsIssued: true, [new AuditEvent { Kind = AuditKind.AdminChange, Time = Now, By = "test", Action = "end", Target = "Account" }], Cancellation);
    }

    [Fact]
    public async Task Of_a_hundred_changes_of_one_version_one_is_made()
    {
        Assert.True(await PutAsync(New(Alice) with { Link = new SetPasswordLink(Samples.Secret("link"), Now) }));
        var done = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => PutAsync(New(Alice) with { Password = $"hash {i}", Version = 1 })));
        Assert.Single(done, made => made);
        Assert.Null(await Store.Accounts.FindByLinkAsync(Organisation, Samples.Secret("link"), Cancellation));
    }

    [Fact]
    public async Task Lists_are_by_address_and_in_pages()
    {
        foreach (var name in (string[])["carol@example.com", "alice@example.com", "bob@example.org"]) Assert.True(await PutAsync(New(UserEmail.Parse(name))));

        Assert.Equal(["alice@example.com", "bob@example.org"], await ListAsync(null, null, 2));
        Assert.Equal(["carol@example.com"], await ListAsync(null, "bob@example.org", 2));
        Assert.Equal(["alice@example.com", "carol@example.com"], await ListAsync("example.com", null, 10));
        Assert.Empty(await ListAsync("%", null, 10));
        Assert.Empty(await ListAsync("\0", null, 10));
    }

    [Fact]
    public async Task A_sign_in_counts_for_the_version_whose_password_was_looked_at_and_for_no_later_one()
    {
        Assert.True(await PutAsync(New(Alice) with { Password = "old" }));
        var seen = (await Store.Accounts.FindAsync(Organisation, Alice, Cancellation))!;
        Assert.True(await Store.Accounts.TrySignInAsync(Organisation, seen, null, Attempt(Now), Cancellation));
        Assert.True(await Store.Accounts.TrySignInAsync(Organisation, seen, "rehashed", Attempt(Now + 5), Cancellation));
        Assert.Equal(("rehashed", Now + 5, 1), await Store.Accounts.FindAsync(Organisation, Alice, Cancellation) is { } found ? (found.Password, found.LastSignInAt, found.Version) : default);

        Assert.True(await PutAsync(New(Alice) with { IsSuspended = true, Version = 1 }));
        Assert.False(await Store.Accounts.TrySignInAsync(Organisation, seen, null, Attempt(Now + 9), Cancellation));
    }

    [Fact]
    public async Task Five_attempts_are_free_and_then_each_doubles_the_wait()
    {
        var at = Now;
        for (var i = 0; i < 5; i++) Assert.Null(await BeginAsync(at));
        foreach (var seconds in (long[])[1, 2, 4, 8])
        {
            Assert.Null(await BeginAsync(at));
            Assert.Equal(at + (seconds * 1_000_000), await BeginAsync(at));
            Assert.Equal(at + (seconds * 1_000_000), await BeginAsync(at + (seconds * 1_000_000) - 1));
            at += seconds * 1_000_000;
        }
        for (var i = 0; i < 20; i++)
        {
            Assert.Null(await BeginAsync(at));
            at = (await BeginAsync(at))!.Value;
        }
        Assert.Null(await BeginAsync(at));
        Assert.Equal(at + (1024 * 1_000_000L), await BeginAsync(at));
    }

    [Fact]
    public async Task A_hundred_attempts_at_once_are_a_hundred()
    {
        var until = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => BeginAsync(Now)));
        // Five free ones and the one that begins the wait.
        Assert.Equal(6, until.Count(each => each is null));
    }

    [Fact]
    public async Task Failures_are_forgotten_after_a_day_and_at_a_sign_in()
    {
        for (var i = 0; i < 6; i++) Assert.Null(await BeginAsync(Now));
        Assert.NotNull(await BeginAsync(Now));
        var later = Now + AttemptRule.OfAccount.Remembered + 1_000_001;
        for (var i = 0; i < 6; i++) Assert.Null(await BeginAsync(later));
        Assert.NotNull(await BeginAsync(later));

        Assert.True(await PutAsync(New(Alice)));
        Assert.True(await Store.Accounts.TrySignInAsync(Organisation, (await Store.Accounts.FindAsync(Organisation, Alice, Cancellation))!, null, Attempt(later), Cancellation));
        for (var i = 0; i < 6; i++) Assert.Null(await BeginAsync(later));
    }

    [Fact]
    public async Task A_network_that_fails_at_many_accounts_waits_at_all_and_another_one_at_none()
    {
        for (var i = 0; i < 21; i++) Assert.Null(await BeginAsync(Now, $"user {i}", "here"));
        Assert.NotNull(await BeginAsync(Now, "user 99", "here"));
        Assert.Null(await BeginAsync(Now, "user 99", "there"));
        // What the network was refused for, is not counted for the account.
        for (var i = 0; i < 4; i++) Assert.Null(await BeginAsync(Now, "user 99", "there"));
    }

    [Fact]
    public async Task A_known_browser_is_counted_alone_and_takes_back_what_is_its_own()
    {
        for (var i = 0; i < 6; i++) Assert.Null(await BeginAsync(Now, "alice", "here"));
        Assert.NotNull(await BeginAsync(Now, "alice", "here"));
        var known = Attempt(Now, "alice", "here") with { Device = Samples.Secret("browser") };
        for (var i = 0; i < 6; i++) Assert.Null(await Store.Attempts.BeginAsync(Organisation, known, Cancellation));
        Assert.NotNull(await Store.Attempts.BeginAsync(Organisation, known, Cancellation));
        Assert.Null(await Store.Attempts.BeginAsync(Organisation, known with { Device = Samples.Secret("other browser") }, Cancellation));

        Assert.True(await PutAsync(New(Alice)));
        Assert.True(await Store.Accounts.TrySignInAsync(Organisation, (await Store.Accounts.FindAsync(Organisation, Alice, Cancellation))!, null, known, Cancellation));
        Assert.Null(await Store.Attempts.BeginAsync(Organisation, known, Cancellation));
        Assert.NotNull(await BeginAsync(Now, "alice", "here"));
    }

    [Fact]
    public async Task Every_node_counts_the_same_attempts()
    {
        using var other = new OpenStore(Database.Options);
        for (var i = 0; i < 3; i++) Assert.Null(await BeginAsync(Now));
        for (var i = 0; i < 3; i++) Assert.Null(await other.Attempts.BeginAsync(Organisation, Attempt(Now), Cancellation));
        Assert.NotNull(await BeginAsync(Now));
    }

    private async Task<bool> PutAsync(Account account) => await Store.Accounts.TryPutAsync(Organisation, account, endsIssued: false, [new AuditEvent { Kind = AuditKind.AdminChange, Time = Now, By = "test", Action = "put", Target = $"Account/{account.Email}" }], Cancellation) is not null;

    private async Task<IEnumerable<string>> ListAsync(string? part, string? after, int limit) =>
        (await Store.Accounts.ListAsync(Organisation, part, after, limit, Cancellation)).Select(account => account.Email.Value);

    private Task<long?> BeginAsync(long at, string account = "alice", string? peer = null) => Store.Attempts.BeginAsync(Organisation, Attempt(at, account, peer), Cancellation);

    private static SignInAttempt Attempt(long at, string account = "alice", string? peer = null) => new(Samples.Secret(account), peer is null ? null : Samples.Secret(peer), at);

    private static Account New(UserEmail email) => new() { Email = email, CreatedAt = Now, LastChange = new StateChange { By = "admin-token", At = Now } };
}
