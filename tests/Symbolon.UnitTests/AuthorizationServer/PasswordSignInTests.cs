using System.Net;
using Microsoft.AspNetCore.Identity;
using Symbolon.AuthorizationServer.Accounts;
using Symbolon.AuthorizationServer.Login;
using Symbolon.Core.Accounts;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Testing.Fakes;
using SignInResult = Symbolon.AuthorizationServer.Login.SignInResult;

namespace Symbolon.UnitTests.AuthorizationServer;

[Trait("area", "accounts")]
public sealed class PasswordSignInTests : IDisposable
{
    private const string Right = "lamp orbit fence";
    private static readonly UserEmail Alice = UserEmail.Parse("alice@example.com");
    private static readonly UserEmail Suspended = UserEmail.Parse("sam@example.com");
    private static readonly UserEmail Invited = UserEmail.Parse("ivy@example.com");

    private readonly FakeClock clock = new();
    private readonly CountingHasher hasher = new();
    private readonly FakeAccounts accounts = new(new RecordingAudit());
    private readonly PasswordHashing hashing;
    private readonly KnownDevices devices = new(new FakeSecretBox());
    private readonly PasswordSignIn people;

    public PasswordSignInTests()
    {
        hashing = new PasswordHashing(hasher);
        people = new PasswordSignIn(accounts, accounts, hashing, devices, clock);
    }

    [Fact]
    public async Task The_right_password_signs_in_and_is_noted()
    {
        await HaveAsync();
        var done = Assert.IsType<SignInResult.SignedIn>(await TryAsync(" Alice@Example.com ", Right));
        Assert.Equal(Alice, done.Account.Email);
        Assert.NotNull((await accounts.FindAsync(OrganisationId.Default, Alice, Cancellation))!.LastSignInAt);
    }

    [Theory]
    [InlineData("alice@example.com", "wrong password here")]
    [InlineData("alice@example.com", "")]
    [InlineData("nobody@example.com", Right)]
    [InlineData("sam@example.com", Right)]
    [InlineData("ivy@example.com", Right)]
    [InlineData("no address", Right)]
    [InlineData("", Right)]
    [Trait("clause", "IDENTITY.md §5 no. 12")]
    public async Task Whoever_is_not_let_in_is_told_the_same_after_the_same_work(string address, string password)
    {
        await HaveAsync();
        var before = hasher.Verified;
        Assert.Same(SignInResult.Wrong, await TryAsync(address, password));
        Assert.Equal(before + 1, hasher.Verified);
    }

    [Theory]
    [InlineData("alice@example.com")]
    [InlineData("nobody@example.com")]
    public async Task An_address_is_locked_after_as_many_failures_whether_or_not_it_has_an_account(string address)
    {
        await HaveAsync();
        for (var i = 0; i < 6; i++) Assert.Same(SignInResult.Wrong, await TryAsync(address, "wrong password here"));
        var work = hasher.Verified;
        Assert.IsType<SignInResult.Locked>(await TryAsync(address, Right));
        Assert.Equal(work, hasher.Verified);
    }

    [Fact]
    public async Task Once_the_wait_is_over_the_right_password_signs_in_and_forgets_the_failures()
    {
        await HaveAsync();
        for (var i = 0; i < 6; i++) await TryAsync("alice@example.com", "wrong password here");
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.IsType<SignInResult.SignedIn>(await TryAsync("alice@example.com", Right));
        for (var i = 0; i < 6; i++) Assert.Same(SignInResult.Wrong, await TryAsync("alice@example.com", "wrong password here"));
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §5 no. 15")]
    public async Task Strangers_who_fail_at_an_address_make_nobody_wait_in_their_own_browser_and_guess_no_faster()
    {
        await HaveAsync();
        var device = Assert.IsType<SignInResult.SignedIn>(await TryAsync("alice@example.com", Right)).Device;
        for (var i = 0; i < 6; i++) await TryAsync("alice@example.com", "wrong password here");
        Assert.IsType<SignInResult.Locked>(await TryAsync("alice@example.com", Right));
        Assert.Equal(device, Assert.IsType<SignInResult.SignedIn>(await TryAsync("alice@example.com", Right, device)).Device);
        // What succeeds there gives strangers nothing back.
        Assert.IsType<SignInResult.Locked>(await TryAsync("alice@example.com", Right));
        for (var i = 0; i < 6; i++) Assert.Same(SignInResult.Wrong, await TryAsync("alice@example.com", "wrong password here", device));
        Assert.IsType<SignInResult.Locked>(await TryAsync("alice@example.com", Right, device));
    }

    [Theory]
    [InlineData("of another person")]
    [InlineData("from before a reset")]
    [InlineData("changed")]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [Trait("clause", "IDENTITY.md §5 no. 15")]
    public async Task A_browser_that_is_not_known_to_the_account_as_it_is_waits_with_strangers(string kind)
    {
        await HaveAsync();
        var account = (await accounts.FindAsync(OrganisationId.Default, Alice, Cancellation))!;
        var device = kind switch
        {
            "of another person" => devices.Seal(OrganisationId.Default, account with { Email = Invited }),
            "from before a reset" => devices.Seal(OrganisationId.Default, account with { NotBefore = account.NotBefore - 1 }),
            "changed" => "A" + devices.Seal(OrganisationId.Default, account)[1..] + "A",
            _ => kind,
        };
        for (var i = 0; i < 6; i++) await TryAsync("alice@example.com", "wrong password here");
        Assert.IsType<SignInResult.Locked>(await TryAsync("alice@example.com", Right, device));
    }

    [Fact]
    public async Task A_password_that_was_hashed_with_less_work_is_hashed_anew()
    {
        await HaveAsync();
        hasher.WantsRehash = true;
        Assert.IsType<SignInResult.SignedIn>(await TryAsync("alice@example.com", Right));
        Assert.Equal($"2:{Right}", (await accounts.FindAsync(OrganisationId.Default, Alice, Cancellation))!.Password);
        hasher.WantsRehash = false;
        Assert.IsType<SignInResult.SignedIn>(await TryAsync("alice@example.com", Right));
    }

    [Fact]
    public void The_hasher_of_the_product_takes_its_own_passwords_alone()
    {
        var product = PasswordHashing.NewHasher();
        var hash = product.HashPassword(null!, Right);
        Assert.Equal(PasswordVerificationResult.Success, product.VerifyHashedPassword(null!, hash, Right));
        Assert.Equal(PasswordVerificationResult.Failed, product.VerifyHashedPassword(null!, hash, Right + " "));
        Assert.Equal(PasswordVerificationResult.SuccessRehashNeeded, product.VerifyHashedPassword(null!, new PasswordHasher<Account>().HashPassword(null!, Right), Right));
    }

    [Fact]
    public async Task When_too_many_wait_the_next_one_is_sent_away_unseen()
    {
        var held = new List<IDisposable>();
        for (var i = 0; i < Math.Max(1, Environment.ProcessorCount / 2); i++) held.Add((await hashing.EnterAsync(Cancellation))!);
        using var leave = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, 32).Select(_ => hashing.EnterAsync(leave.Token)).ToList();
        Assert.Same(SignInResult.Overloaded, await TryAsync("alice@example.com", Right));
        await leave.CancelAsync();
        foreach (var each in waiting) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => each);
        foreach (var place in held) place.Dispose();
        Assert.Same(SignInResult.Wrong, await TryAsync("nobody@example.com", Right));
    }

    public void Dispose() => hashing.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Task<SignInResult> TryAsync(string address, string password, string? device = null) => people.TryAsync(OrganisationId.Default, address, password, device, IPAddress.Loopback, Cancellation);

    private async Task HaveAsync()
    {
        foreach (var account in (Account[])[New(Alice), New(Suspended) with { IsSuspended = true }, New(Invited) with { Password = null }])
            Assert.NotNull(await accounts.TryPutAsync(OrganisationId.Default, account, endsIssued: false, [], Cancellation));
    }

    private static Account New(UserEmail email) => new() { Email = email, Password = $"1:{Right}", CreatedAt = 1, LastChange = new StateChange { By = "admin-token", At = 1 } };

    /// <summary>Counts how often it was asked, and takes its hashes for old where it is told to.</summary>
    private sealed class CountingHasher : IPasswordHasher<Account>
    {
        public int Verified { get; private set; }

        public bool WantsRehash { get; set; }

        public string HashPassword(Account user, string password) => $"2:{password}";

        public PasswordVerificationResult VerifyHashedPassword(Account user, string hashedPassword, string providedPassword)
        {
            Verified++;
            return hashedPassword[2..] != providedPassword ? PasswordVerificationResult.Failed
                : WantsRehash ? PasswordVerificationResult.SuccessRehashNeeded : PasswordVerificationResult.Success;
        }
    }
}
