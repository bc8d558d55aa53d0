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

    [Theory]
    [Trait("clause", "RFC 6797 §7.1")]
    [InlineData("https://symbolon.example.com", "symbolon.example.com", "192.168.1.1", "https", "max-age=31536000")]
    [InlineData("https://symbolon.example.com:8443", "Symbolon.example.com:8443", "192.168.1.1", "https", "max-age=31536000")]
    [InlineData("https://symbolon.example.com", "symbolon.example.com", "10.0.0.2", "http", "max-age=31536000")]
    [InlineData("https://symbolon.example.com", "symbolon.example.com", "192.168.1.1", "http", null)]
    [InlineData("https://symbolon.example.com", "symbolon.example.com", "127.0.0.1", "http", null)]
    [InlineData("https://symbolon.example.com", "other.example.com", "192.168.1.1", "https", null)]
    [InlineData("http://symbolon.example.com", "symbolon.example.com", "10.0.0.2", "http", null)]
    [InlineData("https://localhost:8443", "localhost:8443", "127.0.0.1", "https", null)]
    [InlineData("https://symbolon.localhost", "symbolon.localhost", "127.0.0.1", "https", null)]
    [InlineData("https://127.0.0.1:8443", "127.0.0.1:8443", "127.0.0.1", "https", null)]
    [InlineData("https://[::1]:8443", "[::1]:8443", "::1", "https", null)]
    [InlineData("https://192.168.1.2", "192.168.1.2", "192.168.1.1", "https", null)]
    public async Task A_browser_is_told_to_come_by_https_alone_by_a_name_that_is_not_this_machines_and_by_https_or_the_declared_proxy(
        string origin, string host, string peer, string scheme, string? told)
    {
        var context = From(peer, scheme);
        context.Request.Host = new HostString(host);
        await Gate("max-age=31536000", origin).InvokeAsync(context);
        Assert.Equal(told, (string?)context.Response.Headers.StrictTransportSecurity);
    }

    [Fact]
    [Trait("clause", "RFC 6797 §7.1")]
    public async Task A_refusal_under_a_name_of_ours_tells_it_too_and_where_it_is_off_nothing_does()
    {
        var context = From("192.168.1.1", "https");
        context.Request.Host = new HostString("symbolon.example.com");
        context.Request.Headers.Origin = "https://evil.example";
        await Gate("max-age=0", "https://symbolon.example.com").InvokeAsync(context);
        Assert.Equal((403, "max-age=0"), (context.Response.StatusCode, (string?)context.Response.Headers.StrictTransportSecurity));

        var off = From("192.168.1.1", "https");
        off.Request.Host = new HostString("symbolon.example.com");
        await Gate(null, "https://symbolon.example.com").InvokeAsync(off);
        Assert.Equal(0, off.Response.Headers.StrictTransportSecurity.Count);
    }

    private static EdgeGate Gate(string? strictTransport, string origin)
    {
        var rules = new EdgeRules { TrustedProxies = [IPNetwork.Parse("10.0.0.2/32")], StrictTransport = strictTransport };
        rules.Public.Set([origin]);
        return new EdgeGate(_ => Task.CompletedTask, rules, new RecordingRefusals());
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
