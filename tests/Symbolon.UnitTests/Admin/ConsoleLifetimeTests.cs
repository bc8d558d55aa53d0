using Symbolon.Admin.Console.Sessions;
using Symbolon.Admin.Console.SignIn;
using Symbolon.AuthorizationServer.Accounts;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;
using Symbolon.Testing.Fakes;

namespace Symbolon.UnitTests.Admin;

/// <summary>DESIGN.md section 4: sign-in link 10 min, console session 8 h.</summary>
[Trait("area", "console")]
public sealed class ConsoleLifetimeTests
{
    private static readonly Requester Who = new(OrganisationId.Default, "admin-token");
    private readonly FakeClock clock = new();
    private readonly FakeSessions store = new();

    [Fact]
    public async Task A_link_is_good_for_ten_minutes_and_a_new_one_ends_the_one_before()
    {
        var link = new SignInLink(store, new ThisNode("node-1"), clock);
        var first = SecretOf(await link.CreateAsync(Cancellation));
        var second = SecretOf(await link.CreateAsync(Cancellation));
        Assert.Null(await link.LookAsync(first, Cancellation));
        Assert.Null(await OpenAsync(SignInLink.IdOf(first)));
        clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        Assert.NotNull(await link.LookAsync(second, Cancellation));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await link.LookAsync(second, Cancellation));
        Assert.Null(await OpenAsync(SignInLink.IdOf(second)));
        Assert.Empty(store.Records);
    }

    [Fact]
    public async Task A_session_ends_after_eight_hours_whatever_is_done_with_it()
    {
        var secret = await OpenAsync(null);
        clock.Advance(TimeSpan.FromHours(8) - TimeSpan.FromSeconds(1));
        Assert.Equal("admin-token", (await Sessions.FindAsync(secret!, Cancellation))?.By);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await Sessions.FindAsync(secret!, Cancellation));
    }

    [Theory]
    [InlineData("")]
    [InlineData("somebody")]
    [InlineData("Admin-token")]
    public async Task A_session_of_nobody_that_is_known_is_nobodys(string by)
    {
        var secret = await Sessions.OpenAsync(Who with { By = by }, "signed in", null, null, Cancellation);
        Assert.Null(await Sessions.FindAsync(secret!, Cancellation));
    }

    private ConsoleSessions Sessions => new(store, new LivePeople(new FakeAccounts(new RecordingAudit()), new EpochTable()), new ThisNode("node-1"), clock);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Task<string?> OpenAsync(TokenHash? link) => Sessions.OpenAsync(Who, "signed in by link", link, null, Cancellation);

    private static string SecretOf(string path) => path.Split("link=")[1];
}
