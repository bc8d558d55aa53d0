using System.Net;
using System.Net.Sockets;
using Symbolon.Core.Identity;
using Symbolon.Core.Outbound;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;
using Symbolon.Server.Outbound;
using Symbolon.Testing.Fakes;

namespace Symbolon.UnitTests.Server;

/// <summary>DESIGN.md section 5, promise 5: a name server cannot turn an approved server outside into one inside.</summary>
[Trait("area", "outbound")]
public sealed class HostReachTests
{
    private const string Outside = "93.184.216.34";
    private const string Inside = "10.0.0.5";

    [Theory]
    [InlineData(Outside, Inside, false)]
    [InlineData(Outside, "127.0.0.1", false)]
    [InlineData(Outside, "fd00:ec2::254", false)]
    [InlineData(Outside, "::ffff:10.0.0.5", false)]
    [InlineData(Outside, "93.184.216.35", true)]
    [InlineData(Inside, "10.0.0.6", true)]
    [InlineData(Inside, Outside, true)]
    public async Task A_name_that_was_outside_at_first_use_never_leads_inside(string first, string later, bool allowed)
    {
        var answer = first;
        var guard = new EgressGuard((_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(answer)]));
        var reach = new HostReach("mcp.vendor.example");
        Assert.Single(await guard.CheckedAddressesAsync("mcp.vendor.example", reach, CancellationToken.None));
        answer = later;
        if (allowed) Assert.Single(await guard.CheckedAddressesAsync("mcp.vendor.example", reach, CancellationToken.None));
        else await Assert.ThrowsAsync<EgressRefusedException>(async () => await guard.CheckedAddressesAsync("mcp.vendor.example", reach, CancellationToken.None));
    }

    [Fact]
    public async Task A_name_that_is_outside_and_inside_at_once_is_refused()
    {
        var guard = new EgressGuard((_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(Outside), IPAddress.Parse(Inside)]));
        await Assert.ThrowsAsync<EgressRefusedException>(
            async () => await guard.CheckedAddressesAsync("both.example", new HostReach("both.example"), CancellationToken.None));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.0.0.5")]
    [InlineData("[::1]")]
    [InlineData("fd00::1")]
    [InlineData("localhost")]
    [InlineData("LOCALHOST.")]
    public void A_literal_and_localhost_are_inside_by_name(string host)
    {
        var reach = new HostReach(host);
        Assert.True(reach.MayBeInternal([IPAddress.Loopback]));
        Assert.True(reach.MayBeInternal([IPAddress.Parse(Inside)]));
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LocalHost.")]
    [InlineData("tools.localhost")]
    public async Task No_name_server_says_where_localhost_is(string host)
    {
        var guard = new EgressGuard((_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(Inside)]));
        Assert.Equal([IPAddress.Loopback, IPAddress.IPv6Loopback], await guard.CheckedAddressesAsync(host, new HostReach(host), CancellationToken.None));
        Assert.Equal([IPAddress.Parse(Inside)], await guard.CheckedAddressesAsync("localhost.example", new HostReach("localhost.example"), CancellationToken.None));
    }

    [Fact]
    public void A_name_without_addresses_decides_nothing()
    {
        var reach = new HostReach("nobody.example");
        Assert.False(reach.MayBeInternal([]));
        Assert.True(reach.MayBeInternal([IPAddress.Parse(Inside)]));
    }

    [Theory]
    [InlineData(HostPlace.Outside, Inside, false)]
    [InlineData(HostPlace.Outside, "127.0.0.1", false)]
    [InlineData(HostPlace.Outside, Outside, true)]
    [InlineData(HostPlace.Inside, Inside, true)]
    [InlineData(null, Inside, true)]
    public async Task A_new_process_holds_a_name_to_what_it_was_when_it_was_approved(HostPlace? approved, string first, bool allowed)
    {
        // Nothing was connected to before: only the approval knows what the name was.
        var url = new Uri("http://rebind.example:9200/mcp");
        var configuration = new Configuration(new EpochTable());
        var manifest = new ServerManifest { Owner = "owner@example.com", Upstream = new UpstreamAddress.Http { Url = url } };
        var version = new ManifestVersion { Number = 1, AppliedBy = "a", AppliedAt = 1, Manifest = manifest, Place = approved };
        configuration.Apply(new ConfigurationChanges(1, [(OrganisationId.Default, new ServerObject { Name = new ServerName("deploy"), State = Lifecycle.Active, Approved = version })], []));
        var guard = new EgressGuard((_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(first)]));
        var reach = new UpstreamConnections(configuration, guard, TimeSpan.FromSeconds(5)).ReachOf(OrganisationId.Default, new ServerName("deploy"), UpstreamOrigin.Of(url)!.Value);
        if (allowed) Assert.Single(await guard.CheckedAddressesAsync("rebind.example", reach, CancellationToken.None));
        else await Assert.ThrowsAsync<EgressRefusedException>(async () => await guard.CheckedAddressesAsync("rebind.example", reach, CancellationToken.None));
    }

    [Theory]
    [InlineData("https://a.example/", Outside, HostPlace.Outside)]
    [InlineData("https://a.example/", Inside, HostPlace.Inside)]
    [InlineData("https://a.example/", Outside + "," + Inside, HostPlace.Outside)]
    [InlineData("https://a.example/", "169.254.169.254", HostPlace.Forbidden)]
    [InlineData("https://a.example/", "", HostPlace.Unknown)]
    [InlineData("https://a.example/", "no such name", HostPlace.Unknown)]
    [InlineData("http://127.0.0.1:1/", "never asked", HostPlace.Inside)]
    [InlineData("http://[fd00::1]/", "never asked", HostPlace.Inside)]
    [InlineData("http://localhost/", "never asked", HostPlace.Inside)]
    [InlineData("http://tools.localhost/", "never asked", HostPlace.Inside)]
    [InlineData("http://93.184.216.34/", "never asked", HostPlace.Outside)]
    [InlineData("http://169.254.169.254/", "never asked", HostPlace.Forbidden)]
    public async Task Where_a_host_leads_is_asked_of_its_name(string url, string addresses, HostPlace expected)
    {
        var guard = new EgressGuard((_, _) => addresses switch
        {
            "no such name" => throw new SocketException((int)SocketError.HostNotFound),
            "never asked" => throw new InvalidOperationException("A literal is not looked up."),
            _ => Task.FromResult<IPAddress[]>([.. addresses.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse)]),
        });
        Assert.Equal(expected, await new HostLookup(guard, TimeSpan.FromSeconds(5), new FakeClock()).PlaceOfAsync(new Uri(url), CancellationToken.None));
    }

    [Fact]
    public async Task A_name_server_that_does_not_answer_is_not_waited_for()
    {
        var clock = new FakeClock();
        var guard = new EgressGuard((_, _) => new TaskCompletionSource<IPAddress[]>().Task);
        var asked = new HostLookup(guard, TimeSpan.FromSeconds(5), clock).PlaceOfAsync(new Uri("https://a.example/"), CancellationToken.None);
        Assert.False(asked.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(HostPlace.Unknown, await asked);
    }

    [Fact]
    public async Task A_suspension_between_two_calls_does_not_make_the_name_new()
    {
        var url = new Uri("http://rebind.example:9200/mcp");
        var configuration = new Configuration(new EpochTable());
        var answer = Outside;
        var guard = new EgressGuard((_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(answer)]));
        var connections = new UpstreamConnections(configuration, guard, TimeSpan.FromSeconds(5));
        using var handlers = new UpstreamHandlers(connections, configuration, new FakeClock(), TimeSpan.FromMinutes(10));
        Put(Lifecycle.Active);
        Assert.NotEmpty(await guard.CheckedAddressesAsync("rebind.example", connections.ReachOf(OrganisationId.Default, new ServerName("deploy"), UpstreamOrigin.Of(url)!.Value), CancellationToken.None));
        Put(Lifecycle.Suspended);
        Put(Lifecycle.Active);
        answer = "127.0.0.1";
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        var thrown = await Assert.ThrowsAsync<HttpRequestException>(
            () => handlers.For(OrganisationId.Default, new ServerName("deploy"), url).SendAsync(request, CancellationToken.None));
        Assert.IsType<EgressRefusedException>(thrown.InnerException);

        void Put(Lifecycle state)
        {
            var manifest = new ServerManifest { Owner = "owner@example.com", Upstream = new UpstreamAddress.Http { Url = url } };
            var version = new ManifestVersion { Number = 1, AppliedBy = "a", AppliedAt = 1, Manifest = manifest };
            var server = new ServerObject { Name = new ServerName("deploy"), State = state, Approved = version };
            configuration.Apply(new ConfigurationChanges(configuration.Revision + 1, [(OrganisationId.Default, server)], []));
        }
    }
}
