using System.Net;
using Microsoft.AspNetCore.Http;
using Symbolon.Server.Edge;
using Symbolon.Testing.Fakes;

namespace Symbolon.UnitTests.Server;

[Trait("area", "edge")]
public sealed class EdgeRulesTests
{
    private readonly EdgeRules rules = new() { TrustedProxies = [IPNetwork.Parse("10.0.0.2/32"), IPNetwork.Parse("fd00::/64")] };

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("10.0.0.2", true)]
    [InlineData("::ffff:10.0.0.2", true)]
    [InlineData("fd00::7", true)]
    [InlineData("10.0.0.3", false)]
    [InlineData("::ffff:10.0.0.3", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("fd00:0:0:1::7", false)]
    public void Plain_http_from_another_machine_is_for_the_declared_proxies_only(string peer, bool allowed)
    {
        Assert.Equal(allowed, rules.AllowsPeer(From(peer, "http")));
        Assert.True(rules.AllowsPeer(From(peer, "https")));
    }

    [Fact]
    public void Without_a_declared_proxy_only_this_machine_may_speak_plain_http()
    {
        var alone = new EdgeRules();
        Assert.True(alone.AllowsPeer(From("127.0.0.1", "http")));
        Assert.False(alone.AllowsPeer(From("10.0.0.2", "http")));
    }

    [Fact]
    public async Task A_refusal_is_counted_under_the_peer_that_the_connection_has_whatever_it_says_of_itself()
    {
        var refusals = new RecordingRefusals();
        var gate = new EdgeGate(_ => throw new InvalidOperationException("Nobody may come here."), rules, refusals);
        var context = From("192.168.1.1", "http");
        context.Request.Headers["X-Forwarded-For"] = "127.0.0.1";
        context.Request.Headers["Forwarded"] = "for=127.0.0.1";

        await gate.InvokeAsync(context);

        Assert.Equal(StatusCodes.Status403Forbidden, context.Response.StatusCode);
        Assert.Equal(IPAddress.Parse("192.168.1.1"), Assert.Single(refusals.Peers));
    }

    private static DefaultHttpContext From(string peer, string scheme)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(peer);
        context.Request.Scheme = scheme;
        return context;
    }
}
