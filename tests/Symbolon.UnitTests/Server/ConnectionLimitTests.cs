using System.Net;
using Microsoft.AspNetCore.Connections;
using Symbolon.Core.Policy;
using Symbolon.Server.Edge;
using Symbolon.Testing.Fakes;

namespace Symbolon.UnitTests.Server;

[Trait("area", "hosting")]
public sealed class ConnectionLimitTests
{
    private readonly RecordingRefusals refusals = new();
    private readonly ConnectionLimit limit;
    private readonly TaskCompletionSource end = new();
    private int served;

    public ConnectionLimitTests() => limit = new ConnectionLimit(3, new EdgeRules { TrustedProxies = [IPNetwork.Parse("198.51.100.0/24")] }, refusals);

    [Fact]
    public async Task A_connection_too_many_of_one_address_is_closed_and_counted_and_others_are_let_in()
    {
        var held = Connect("192.0.2.7", 3);
        await Assert.Single(Connect("192.0.2.7", 1)).WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(3, served);
        Assert.Equal([ReasonCode.Overloaded], refusals.Recorded);
        Connect("192.0.2.8", 1);
        Assert.Equal(4, served);
        Assert.All(held, connection => Assert.False(connection.IsCompleted));
        end.SetResult();
    }

    [Fact]
    public async Task A_connection_that_ended_makes_room_and_leaves_nothing_behind()
    {
        var held = Connect("192.0.2.7", 3);
        end.SetResult();
        await Task.WhenAll(held);
        Assert.Equal(0, limit.Addresses);
        await Task.WhenAll(Connect("192.0.2.7", 1));
        Assert.Equal(4, served);
        Assert.Empty(refusals.Recorded);
    }

    [Fact]
    public async Task A_connection_that_failed_makes_room_too()
    {
        end.SetException(new IOException("reset"));
        foreach (var connection in Connect("192.0.2.7", 5)) await Assert.ThrowsAsync<IOException>(() => connection);
        Assert.Equal((5, 0), (served, limit.Addresses));
    }

    [Theory]
    [InlineData("2001:db8:0:7::1", "2001:db8:0:7:ffff::2", 3)]
    [InlineData("2001:db8:0:7::1", "2001:db8:0:8::1", 6)]
    [InlineData("192.0.2.7", "::ffff:192.0.2.7", 3)]
    [InlineData("192.0.2.7", "192.0.2.8", 6)]
    public void An_ipv6_network_is_one_address_and_a_mapped_one_is_itself(string one, string other, int let)
    {
        Connect(one, 3);
        Connect(other, 3);
        Assert.Equal(let, served);
        end.SetResult();
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("198.51.100.9")]
    [InlineData("::ffff:198.51.100.9")]
    public void This_machine_and_declared_proxies_are_not_counted(string address)
    {
        Connect(address, 20);
        Assert.Equal((20, 0), (served, limit.Addresses));
        end.SetResult();
    }

    private List<Task> Connect(string address, int times)
    {
        var pipeline = limit.Limit(_ =>
        {
            served++;
            return end.Task;
        });
        return [.. Enumerable.Range(0, times).Select(_ => pipeline(new DefaultConnectionContext { RemoteEndPoint = new IPEndPoint(IPAddress.Parse(address), 4711) }))];
    }
}
