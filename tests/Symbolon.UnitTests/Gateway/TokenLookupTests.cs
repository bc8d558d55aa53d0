using System.Net;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;
using Symbolon.Gateway.Authentication;

namespace Symbolon.UnitTests.Gateway;

/// <summary>Many that show one token in the same instant, before memory knows it.</summary>
[Trait("area", "gateway")]
public sealed class TokenLookupTests : IDisposable
{
    private const string Ping = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";
    private readonly GatewayRig rig = new();
    private readonly TaskCompletionSource hold = new();

    public TokenLookupTests() => rig.Tokens.Hold = hold.Task;

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task Connections_that_show_one_new_token_at_once_share_one_look_up_and_none_is_refused()
    {
        var requests = Many(64);
        Assert.Equal(1, rig.Tokens.LookUps);
        hold.SetResult();
        Assert.All(await Task.WhenAll(requests), answer => Assert.Equal(200, answer.Status));
        Assert.Equal(1, rig.Tokens.LookUps);
        Assert.Equal(200, (await rig.PostAsync(Ping)).Status);
        Assert.Equal(1, rig.Tokens.LookUps);
    }

    [Fact]
    public async Task An_unknown_token_shown_at_once_takes_one_ration_from_the_first_who_showed_it()
    {
        var unknown = PastedToken.Create(TokenKind.User);
        var requests = Many(64, unknown);
        hold.SetResult();
        Assert.All(await Task.WhenAll(requests), answer => Assert.Equal((401, "unauthenticated"), (answer.Status, answer.ErrorCode)));
        var statuses = new List<int>();
        for (var i = 0; i < 20; i++) statuses.Add((await rig.PostAsync(Ping, context => context.Request.Headers.Authorization = "Bearer " + PastedToken.Create(TokenKind.User))).Status);
        Assert.Equal([.. Enumerable.Repeat(401, 19), 429], statuses);
    }

    [Fact]
    public async Task Who_leaves_while_waiting_leaves_alone_even_if_it_was_the_first()
    {
        using var first = new CancellationTokenSource();
        var leaving = rig.PostAsync(Ping, context => context.RequestAborted = first.Token);
        var others = Many(3);
        await first.CancelAsync();
        Assert.Equal("", (await leaving).Body);
        Assert.All(others, request => Assert.False(request.IsCompleted));
        hold.SetResult();
        Assert.All(await Task.WhenAll(others), answer => Assert.Equal(200, answer.Status));
        Assert.Equal(1, rig.Tokens.LookUps);
        Assert.Empty(rig.Log.Lines);
    }

    [Fact]
    public async Task A_look_up_that_fails_fails_for_all_who_wait_and_is_not_remembered()
    {
        var requests = Many(8);
        hold.SetException(new StoreUnavailableException("The store is down."));
        Assert.All(await Task.WhenAll(requests), answer => Assert.Equal((503, "state_stale"), (answer.Status, answer.ErrorCode)));
        rig.Tokens.Hold = Task.CompletedTask;
        Assert.Equal(200, (await rig.PostAsync(Ping)).Status);
        Assert.Equal(2, rig.Tokens.LookUps);
    }

    [Fact]
    public async Task A_token_that_is_revoked_while_it_is_looked_up_lets_nobody_in()
    {
        var requests = Many(4);
        rig.Revoke(RevocationLevel.Token, "tok_1");
        hold.SetResult();
        Assert.All(await Task.WhenAll(requests), answer => Assert.Equal((401, "token_revoked"), (answer.Status, answer.ErrorCode)));
        Assert.Equal(401, (await rig.PostAsync(Ping)).Status);
    }

    [Fact]
    public async Task A_secret_that_is_rotated_away_while_it_is_looked_up_lets_nobody_in_and_is_never_kept()
    {
        var requests = Many(4);
        rig.Tokens.Remove(rig.Token);
        rig.Apply(new TokenRotation(OrganisationId.Default, new TokenId("tok_1"), rig.Now));
        hold.SetResult();
        Assert.All(await Task.WhenAll(requests), answer => Assert.Equal((401, "unauthenticated"), (answer.Status, answer.ErrorCode)));
        Assert.True(rig.Get<TokenCache>().TryGet(PastedToken.Hash(rig.Token), out var kept));
        Assert.Null(kept);
    }

    [Fact]
    public void What_was_read_before_a_rotation_is_not_kept_after_it()
    {
        var cache = rig.Get<TokenCache>();
        var hash = PastedToken.Hash(rig.Token);
        var before = cache.Rotations;
        rig.Apply(new TokenRotation(OrganisationId.Default, new TokenId("tok_1"), rig.Now));
        Assert.False(cache.TryKeep(hash, new CallerToken(rig.TokenOf("tok_1")), before));
        Assert.False(cache.TryGet(hash, out _));
        Assert.True(cache.TryKeep(hash, new CallerToken(rig.TokenOf("tok_1")), cache.Rotations));
    }

    [Fact]
    public async Task Look_ups_under_way_are_bounded_in_number()
    {
        var requests = new List<Task<GatewayRig.Answered>>();
        for (var i = 0; i < 1024; i++) requests.Add(PingAsync(PastedToken.Create(TokenKind.User), new IPAddress([10, 0, (byte)(i >> 8), (byte)i])));
        Assert.Equal(429, (await PingAsync(PastedToken.Create(TokenKind.User), IPAddress.Parse("192.0.2.7"))).Status);
        Assert.Equal(1024, rig.Tokens.LookUps);
        hold.SetResult();
        Assert.All(await Task.WhenAll(requests), answer => Assert.Equal(401, answer.Status));
        Assert.Equal(401, (await PingAsync(PastedToken.Create(TokenKind.User), IPAddress.Parse("192.0.2.7"))).Status);
    }

    [Fact]
    public async Task Two_hundred_callers_behind_one_address_who_are_new_at_once_are_all_let_in()
    {
        var requests = Enumerable.Range(0, 200).Select(i =>
        {
            var token = PastedToken.Create(TokenKind.Agent);
            rig.Tokens.Put(token, rig.TokenOf($"tok_new_{i}"));
            return PingAsync(token, IPAddress.Loopback);
        }).ToList();
        Assert.Equal(20, rig.Tokens.LookUps);
        hold.SetResult();
        Assert.All(await Task.WhenAll(requests), answer => Assert.Equal(200, answer.Status));
        Assert.Equal(200, rig.Tokens.LookUps);
    }

    [Fact]
    public async Task A_store_that_is_away_is_told_to_all_in_line_and_takes_nothing_of_the_ration()
    {
        var requests = Enumerable.Range(0, 100).Select(_ => PingAsync(PastedToken.Create(TokenKind.Agent), IPAddress.Loopback)).ToList();
        hold.SetException(new StoreUnavailableException("The store is down."));
        Assert.All(await Task.WhenAll(requests), answer => Assert.Equal((503, "state_stale"), (answer.Status, answer.ErrorCode)));
        rig.Tokens.Hold = Task.CompletedTask;
        for (var i = 0; i < 20; i++) Assert.Equal(401, (await PingAsync(PastedToken.Create(TokenKind.Agent), IPAddress.Loopback)).Status);
    }

    [Fact]
    public async Task Of_unknown_tokens_that_come_at_once_no_more_are_read_than_the_ration_says()
    {
        var requests = Enumerable.Range(0, 2000).Select(_ => PingAsync(PastedToken.Create(TokenKind.User), IPAddress.Loopback)).ToList();
        // A line is bounded: who comes behind its end is told so at once.
        Assert.Equal(2000 - 20 - 512, requests.Count(request => request.IsCompleted));
        hold.SetResult();
        var statuses = (await Task.WhenAll(requests)).CountBy(answer => answer.Status).ToDictionary();
        Assert.Equal((20, 1980), (statuses[401], statuses[429]));
        Assert.Equal(20, rig.Tokens.LookUps);
    }

    [Fact]
    public async Task A_line_of_unknown_tokens_holds_up_nobody_of_another_address()
    {
        var waiting = Enumerable.Range(0, 600).Select(_ => PingAsync(PastedToken.Create(TokenKind.User), IPAddress.Loopback)).ToList();
        var other = PingAsync(rig.Token, IPAddress.Parse("192.0.2.7"));
        hold.SetResult();
        Assert.Equal(200, (await other).Status);
        await Task.WhenAll(waiting);
    }

    private Task<GatewayRig.Answered>[] Many(int count, string? token = null) =>
        [.. Enumerable.Range(0, count).Select(_ => PingAsync(token ?? rig.Token, IPAddress.Loopback))];

    private Task<GatewayRig.Answered> PingAsync(string token, IPAddress peer) => rig.PostAsync(Ping, context =>
    {
        context.Request.Headers.Authorization = "Bearer " + token;
        context.Connection.RemoteIpAddress = peer;
    });
}
