using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;

namespace Symbolon.UnitTests.Gateway;

/// <summary>Callers who wait for the first reading of a server that hangs, fails or comes back.</summary>
[Trait("area", "gateway")]
public sealed class LiveToolsReaderTests : IDisposable
{
    private readonly GatewayRig rig = new();
    private readonly TaskCompletionSource never = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task An_era_that_hangs_holds_up_nobody_who_speaks_the_other()
    {
        rig.Upstream.Hold = request => request.Method == "server/discover" ? never.Task : Task.CompletedTask;
        var hanging = ModernCallAsync();
        for (var i = 0; i < 3; i++) Assert.False((await rig.CallAsync("rollout_status")).Result.TryGetProperty("isError", out _));
        Assert.False(hanging.IsCompleted);
        rig.Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal("upstream_timeout", (await hanging).ErrorCode);
    }

    [Fact]
    public async Task Callers_of_an_era_that_hangs_share_one_reading_and_fail_together_within_its_time()
    {
        rig.Upstream.Hold = request => request.Method == "server/discover" ? never.Task : Task.CompletedTask;
        var waiting = Enumerable.Range(0, 200).Select(_ => ModernCallAsync()).ToList();
        rig.Clock.Advance(TimeSpan.FromSeconds(19));
        Assert.All(waiting, call => Assert.False(call.IsCompleted));
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal((200, "upstream_timeout"), (answer.Status, answer.ErrorCode)));
        Assert.Equal(1, Discoveries);
    }

    [Fact]
    public async Task Who_comes_right_after_a_failed_reading_hears_its_reason_at_once_and_who_comes_later_has_it_read_again()
    {
        rig.Upstream.Hold = request => request.Method == "server/discover" ? never.Task : Task.CompletedTask;
        var first = ModernCallAsync();
        rig.Clock.Advance(TimeSpan.FromSeconds(20));
        await first;
        rig.Upstream.Hold = _ => Task.CompletedTask;
        rig.Clock.Advance(TimeSpan.FromSeconds(1.9));
        Confirm();
        Assert.Equal("upstream_timeout", (await ModernCallAsync()).ErrorCode);
        Assert.Equal(1, Discoveries);

        rig.Clock.Advance(TimeSpan.FromSeconds(0.2));
        Confirm();
        Assert.False((await ModernCallAsync()).Result.TryGetProperty("isError", out _));
        Assert.Equal(2, Discoveries);
    }

    [Fact]
    public async Task A_remembered_failure_does_not_keep_itself_alive()
    {
        rig.Upstream.Before = request => request.Method == "server/discover" ? throw new HttpRequestException("no route") : null;
        for (var i = 0; i < 8; i++)
        {
            Assert.Equal("upstream_unreachable", (await ModernCallAsync()).ErrorCode);
            rig.Clock.Advance(TimeSpan.FromSeconds(0.5));
            Confirm();
        }
        Assert.Equal(2, Discoveries);
    }

    [Fact]
    public async Task Who_leaves_during_a_reading_ends_it_for_nobody_else()
    {
        var answer = new TaskCompletionSource();
        rig.Upstream.Hold = request => request.Method == "server/discover" ? answer.Task : Task.CompletedTask;
        using var left = new CancellationTokenSource();
        var leaving = ModernCallAsync(left);
        var staying = ModernCallAsync();
        await left.CancelAsync();
        Assert.Equal("", (await leaving).Body);
        answer.SetResult();
        Assert.False((await staying).Result.TryGetProperty("isError", out _));
        Assert.Equal(1, Discoveries);
    }

    [Fact]
    public async Task A_credential_that_is_put_right_helps_at_once()
    {
        rig.Apply(GatewayRig.Server(manifest => manifest with { Credential = new UpstreamCredential.Static { Header = "Authorization", Secret = "deploy-api" } }, number: 2));
        Assert.Equal("server_suspended", (await rig.CallAsync("rollout_status")).Refusal.GetProperty("code").GetString());
        var place = new Core.Sealing.SecretPlace(OrganisationId.Default, "upstream", "deploy-api", 1);
        rig.Apply(new SealedSecret("upstream", "deploy-api", 1, rig.Secrets.Seal(place, "Bearer x"u8), []));
        Assert.False((await rig.CallAsync("rollout_status")).Result.TryGetProperty("isError", out _));
    }

    private int Discoveries => rig.Upstream.Requests.Count(request => request.Method == "server/discover");

    private void Confirm() => rig.Freshness.Confirm(rig.Clock.GetTimestamp());

    private Task<GatewayRig.Answered> ModernCallAsync(CancellationTokenSource? client = null) => rig.ModernAsync(
        "tools/call", "\"name\":\"rollout_status\"", "rollout_status", context => context.RequestAborted = client?.Token ?? CancellationToken.None);
}
