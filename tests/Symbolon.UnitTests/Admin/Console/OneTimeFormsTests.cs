using Symbolon.Admin.Console.Forms;
using Symbolon.Admin.Console.Sessions;
using Symbolon.Core.Identity;
using Symbolon.Testing.Fakes;

namespace Symbolon.UnitTests.Admin.Console;

[Trait("area", "console")]
public sealed class OneTimeFormsTests
{
    private readonly FakeClock clock = new();
    private readonly FakeForms store = new();
    private readonly string form = OneTimeForms.NewId();

    [Fact]
    public async Task A_form_is_its_first_senders_and_leads_everybody_else_to_what_it_made()
    {
        var session = Session(1);
        Assert.Null(await Forms.BeginAsync(session, form, Cancellation));
        await Forms.EndAsync(session, form, "/tokens/tok_1");
        // Another node has another object, and the same store.
        Assert.Equal("/tokens/tok_1", await Forms.BeginAsync(session, form, Cancellation));
        Assert.Null(await Forms.BeginAsync(Session(2), form, Cancellation));
    }

    [Fact]
    public async Task A_form_that_made_nothing_can_be_sent_again()
    {
        var session = Session(1);
        Assert.Null(await Forms.BeginAsync(session, form, Cancellation));
        await Forms.EndAsync(session, form, null);
        Assert.Null(await Forms.BeginAsync(session, form, Cancellation));
    }

    [Fact]
    public async Task Who_comes_while_it_is_done_waits_for_the_end()
    {
        var session = Session(1);
        Assert.Null(await Forms.BeginAsync(session, form, Cancellation));
        var second = Forms.BeginAsync(session, form, Cancellation);
        Assert.False(second.IsCompleted);
        await Forms.EndAsync(session, form, "/tokens/tok_1");
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("/tokens/tok_1", await second);
    }

    [Fact]
    public async Task A_form_whose_node_died_with_it_is_not_done_again_and_nobody_waits_for_ever()
    {
        var session = Session(1);
        Assert.Null(await Forms.BeginAsync(session, form, Cancellation));
        var second = Forms.BeginAsync(session, form, Cancellation);
        for (var i = 0; i < 200 && !second.IsCompleted; i++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
        Assert.Equal(OneTimeForms.Unknown, await second);
    }

    [Fact]
    public async Task A_store_that_is_lost_at_the_end_takes_nobody_the_answer()
    {
        var session = Session(1);
        Assert.Null(await Forms.BeginAsync(session, form, Cancellation));
        store.IsBroken = true;
        await Forms.EndAsync(session, form, "/tokens/tok_1");
        store.IsBroken = false;
        var second = Forms.BeginAsync(session, form, Cancellation);
        Assert.False(second.IsCompleted);
    }

    private OneTimeForms Forms => new(store, clock);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ConsoleSession Session(byte number) => new(TokenHash.Of([number]), "admin-token", clock.GetUtcNow().AddHours(8));
}
