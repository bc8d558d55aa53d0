using System.IO.Pipelines;
using Symbolon.Core.Identity;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Upstreams;
using Symbolon.Gateway.Upstreams.Credentials;
using Symbolon.Gateway.Upstreams.Listening;
using Symbolon.Testing.Gateway;

namespace Symbolon.UnitTests.Gateway;

/// <summary>What changes while a server has not put down yet whom to tell. Nothing reads the tools here: whether they would be read is all that is looked at.</summary>
[Trait("area", "gateway")]
public sealed class ListeningConnectionTests : IAsyncDisposable
{
    private readonly GatewayRig rig = new();
    private readonly CancellationTokenSource end = new();
    private readonly Upstream upstream;
    private Task<bool> listening = Task.FromResult(false);

    public ListeningConnectionTests() => upstream = rig.Get<UpstreamDirectory>().For(OrganisationId.Default, GatewayRig.Server());

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        end.Dispose();
        rig.Dispose();
    }

    [Fact]
    public async Task The_tools_are_read_again_two_seconds_after_a_stream_began()
    {
        rig.Upstream.Before = request => request.Http == "GET" ? ScriptedUpstream.Events(new Pipe().Reader.AsStream()) : null;
        Listen();
        await Eventually.HoldsAsync(() => IsOutdated, "the tools are read when the stream has begun");
        Read();
        rig.Clock.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(IsOutdated);
        rig.Clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(IsOutdated);
        Read();
        rig.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.False(IsOutdated);
    }

    [Fact]
    public async Task The_tools_are_read_again_two_seconds_after_a_subscription_began()
    {
        rig.Upstream.Before = request => request.Method == "subscriptions/listen" ? ScriptedUpstream.Events(new Pipe().Reader.AsStream()) : null;
        listening = Connection().SubscribeAsync();
        await Eventually.HoldsAsync(() =>
        {
            rig.Clock.Advance(TimeSpan.FromSeconds(2));
            return IsOutdated;
        }, "the tools are read again");
    }

    [Fact]
    public async Task Of_a_server_that_sends_headers_with_its_first_event_the_tools_are_read_two_seconds_after_it_was_asked()
    {
        var never = new TaskCompletionSource();
        rig.Upstream.Hold = request => request.Http == "GET" ? never.Task : Task.CompletedTask;
        Listen();
        await Eventually.HoldsAsync(() => rig.Upstream.Requests.Any(request => request.Http == "GET"), "the stream is asked for");
        Assert.False(IsOutdated);
        rig.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.True(IsOutdated);
    }

    [Fact]
    public async Task After_a_stream_has_ended_nothing_is_read_for_its_sake()
    {
        rig.Upstream.Before = request => request.Http == "GET" ? ScriptedUpstream.Events(new Pipe().Reader.AsStream()) : null;
        Listen();
        await Eventually.HoldsAsync(() => IsOutdated, "the stream has begun");
        await EndAsync();
        Read();
        rig.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.False(IsOutdated);
    }

    private bool IsOutdated => upstream[Era.Legacy].IsOutdated;

    private void Listen() => listening = Connection().ListenAsync();

    private ListeningConnection Connection() => new(upstream, upstream.Invoker, CredentialHeader.None, rig.Clock, () => true, end.Token);

    private void Read() => upstream[Era.Legacy].IsOutdated = upstream[Era.Modern].IsOutdated = false;

    private async Task EndAsync()
    {
        await end.CancelAsync();
        await listening.ContinueWith(_ => { }, TaskScheduler.Default);
    }
}
