using Symbolon.Admin.Console.Sessions;
using Symbolon.Admin.Console.SignIn;
using Symbolon.Core.Snapshot;
using Symbolon.Testing.Fakes;

namespace Symbolon.UnitTests.Admin;

/// <summary>DESIGN.md section 4: sign-in link 10 min, console session 8 h.</summary>
[Trait("area", "console")]
public sealed class ConsoleLifetimeTests
{
    private readonly FakeClock clock = new();

    [Fact]
    public void A_link_is_good_for_ten_minutes_and_a_new_one_ends_the_one_before()
    {
        var link = new SignInLink(clock);
        var first = SecretOf(link.Create());
        var second = SecretOf(link.Create());
        Assert.Null(link.Look(first));
        Assert.False(link.TryTake(first));
        clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        Assert.NotNull(link.Look(second));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(link.Look(second));
        Assert.False(link.TryTake(second));
    }

    [Fact]
    public async Task A_session_ends_after_eight_hours_whatever_is_done_with_it()
    {
        var sessions = new ConsoleSessions(new FakeSessions(), new ThisNode("node-1"), clock);
        var secret = await sessions.OpenAsync("admin-token", TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromHours(8) - TimeSpan.FromSeconds(1));
        Assert.Equal("admin-token", (await sessions.FindAsync(secret, TestContext.Current.CancellationToken))?.By);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await sessions.FindAsync(secret, TestContext.Current.CancellationToken));
    }

    private static string SecretOf(string path) => path.Split("link=")[1];
}
