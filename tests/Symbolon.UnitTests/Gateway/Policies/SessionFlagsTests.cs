using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Snapshot;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Policies;
using Symbolon.Testing.Fakes;

namespace Symbolon.UnitTests.Gateway.Policies;

/// <summary>What is known of a session while several calls of it are under way.</summary>
[Trait("area", "gateway")]
public sealed class SessionFlagsTests : IDisposable
{
    private const long Second = 1_000_000;
    private const long Now = 1_000_000 * Second;

    private readonly GatewayRig rig = new();
    private readonly SlowFlags store = new();
    private readonly SessionFlags flags;
    private readonly TokenRecord token;

    public SessionFlagsTests() => (flags, token) = (new SessionFlags(store), rig.TokenOf("tok_1"));

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task A_slow_read_does_not_forget_what_was_added_meanwhile()
    {
        var slow = store.Gate = new TaskCompletionSource();
        var reading = OfAsync(Now);
        store.Gate = null;
        await flags.AddAsync(token, ToolFlags.Sensitive, Now, TestContext.Current.CancellationToken);
        slow.SetResult();
        await reading;
        Assert.Equal(["sensitive"], await OfAsync(Now + 1));
    }

    [Fact]
    public async Task Two_calls_at_once_add_the_flags_of_both()
    {
        await OfAsync(Now);
        store.Gate = new TaskCompletionSource();
        var first = flags.AddAsync(token, ToolFlags.Sensitive, Now, TestContext.Current.CancellationToken).AsTask();
        var second = flags.AddAsync(token, ToolFlags.Financial, Now, TestContext.Current.CancellationToken).AsTask();
        store.Gate.SetResult();
        await Task.WhenAll(first, second);
        Assert.Equal(["financial", "sensitive"], (await OfAsync(Now + 1)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_clock_that_was_set_back_makes_nothing_look_new()
    {
        await OfAsync(Now);
        await store.AddAsync(token.Organisation, "tok_1", ToolFlags.Sensitive, Now, Now + 3600 * Second, TestContext.Current.CancellationToken);
        Assert.Equal(["sensitive"], await OfAsync(Now - Second / 2));
    }

    [Fact]
    public async Task What_a_session_did_is_forgotten_an_hour_later_whatever_is_added_then()
    {
        await flags.AddAsync(token, ToolFlags.Sensitive, Now, TestContext.Current.CancellationToken);
        await flags.AddAsync(token, ToolFlags.Financial, Now + 3601 * Second, TestContext.Current.CancellationToken);
        Assert.Equal(["financial"], await OfAsync(Now + 3601 * Second + 1));
    }

    private Task<IReadOnlyList<string>> OfAsync(long now) => flags.OfAsync(token, now, TestContext.Current.CancellationToken).AsTask();

    /// <summary>Looks and writes at once, and answers when it is let.</summary>
    private sealed class SlowFlags : ISessionFlags
    {
        private readonly FakeSessionFlags inner = new();

        public TaskCompletionSource? Gate { get; set; }

        public async Task<ToolFlags> FindAsync(OrganisationId organisation, string session, long now, CancellationToken cancellation)
        {
            var found = await inner.FindAsync(organisation, session, now, cancellation);
            if (Gate is { } gate) await gate.Task;
            return found;
        }

        public async Task AddAsync(OrganisationId organisation, string session, ToolFlags flags, long now, long until, CancellationToken cancellation)
        {
            await inner.AddAsync(organisation, session, flags, now, until, cancellation);
            if (Gate is { } gate) await gate.Task;
        }
    }
}
