using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;
using Symbolon.Server.Outbound;
using Symbolon.Testing.Fakes;

namespace Symbolon.UnitTests.Server;

[Trait("area", "outbound")]
public sealed class UpstreamHandlersTests : IDisposable
{
    private static readonly ServerName Name = new("deploy");
    private static readonly Uri Url = new("http://127.0.0.1:7001/mcp");
    private static readonly TimeSpan LongestCall = TimeSpan.FromMinutes(10);

    private readonly FakeClock clock = new();
    private readonly Configuration configuration = new(new EpochTable());
    private readonly UpstreamHandlers handlers;

    public UpstreamHandlersTests() => handlers = new UpstreamHandlers(
        new UpstreamConnections(configuration, new EgressGuard((_, _) => throw new InvalidOperationException("A unit test asks no name server.")), TimeSpan.FromSeconds(5)),
        configuration, clock, LongestCall);

    public void Dispose() => handlers.Dispose();

    [Fact]
    public void The_same_address_of_the_same_server_has_one_invoker()
    {
        Put(Lifecycle.Active, Url);
        var first = handlers.For(OrganisationId.Default, Name, Url);
        Assert.Same(first, handlers.For(OrganisationId.Default, Name, new Uri("http://127.0.0.1:7001/other")));
        Assert.NotSame(first, handlers.For(OrganisationId.Default, Name, new Uri("http://127.0.0.1:7002/mcp")));
        Assert.NotSame(first, handlers.For(OrganisationId.Default, new ServerName("other"), Url));
        Assert.NotSame(first, handlers.For(new OrganisationId("other"), Name, Url));
    }

    [Theory]
    [InlineData(Lifecycle.Pending)]
    [InlineData(Lifecycle.Suspended)]
    [InlineData(Lifecycle.Retired)]
    public async Task A_server_that_is_not_active_is_not_connected_to(Lifecycle state)
    {
        Put(state, Url);
        await AssertRefusedAsync(Url, Url);
    }

    [Fact]
    public async Task A_server_that_nobody_registered_is_not_connected_to() => await AssertRefusedAsync(Url, Url);

    [Fact]
    public async Task A_request_to_another_origin_does_not_go_out_through_an_approved_ones_invoker()
    {
        Put(Lifecycle.Active, Url);
        await AssertRefusedAsync(Url, new Uri("http://127.0.0.1:7002/mcp"));
        await AssertRefusedAsync(Url, new Uri("http://localhost:7001/mcp"));
        await AssertRefusedAsync(Url, new Uri("http://169.254.169.254/latest"));
    }

    [Fact]
    public async Task When_another_address_is_approved_the_old_invoker_closes_after_the_longest_call()
    {
        Put(Lifecycle.Active, Url);
        var old = handlers.For(OrganisationId.Default, Name, Url);
        Put(Lifecycle.Active, new Uri("http://127.0.0.1:7002/mcp"));
        Assert.Equal(0, handlers.Count);

        clock.Advance(LongestCall - TimeSpan.FromSeconds(1));
        using var early = new HttpRequestMessage(HttpMethod.Post, Url);
        await Assert.ThrowsAsync<HttpRequestException>(() => old.SendAsync(early, CancellationToken.None));

        clock.Advance(TimeSpan.FromSeconds(1));
        using var late = new HttpRequestMessage(HttpMethod.Post, Url);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => old.SendAsync(late, CancellationToken.None));
    }

    [Fact]
    public void A_change_that_leaves_the_address_leaves_the_invoker()
    {
        Put(Lifecycle.Active, Url);
        var invoker = handlers.For(OrganisationId.Default, Name, Url);
        Put(Lifecycle.Active, new Uri("http://127.0.0.1:7001/moved"));
        Assert.Same(invoker, handlers.For(OrganisationId.Default, Name, Url));
    }

    [Fact]
    public void Another_time_to_connect_makes_another_invoker_and_lets_the_old_one_go()
    {
        Put(Lifecycle.Active, Url);
        var old = handlers.For(OrganisationId.Default, Name, Url);
        Put(Lifecycle.Active, Url, new UpstreamLimits { ConnectSeconds = 2 });
        Assert.NotSame(old, handlers.For(OrganisationId.Default, Name, Url));
        Assert.Equal(1, handlers.Count);
    }

    private async Task AssertRefusedAsync(Uri approved, Uri asked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, asked);
        var thrown = await Assert.ThrowsAsync<HttpRequestException>(
            () => handlers.For(OrganisationId.Default, Name, approved).SendAsync(request, CancellationToken.None));
        Assert.IsType<EgressRefusedException>(thrown.InnerException);
    }

    private void Put(Lifecycle state, Uri url, UpstreamLimits? limits = null)
    {
        var manifest = new ServerManifest { Owner = "owner@example.com", Upstream = new UpstreamAddress.Http { Url = url }, Limits = limits };
        var version = new ManifestVersion { Number = 1, AppliedBy = "a", AppliedAt = 1, Manifest = manifest };
        var server = new ServerObject { Name = Name, State = state, Approved = state == Lifecycle.Pending ? null : version, Pending = version };
        configuration.Apply(new ConfigurationChanges(configuration.Revision + 1, [(OrganisationId.Default, server)], []));
    }
}
