using System.Net;
using System.Net.Sockets;
using Symbolon.Server.Outbound;

namespace Symbolon.UnitTests.Server;

/// <summary>The table of IDENTITY.md section 5, no. 6: ways to spell an address that nobody may be sent to.</summary>
[Trait("area", "outbound")]
public sealed class EgressGuardTests
{
    /// <summary>Hosts that no literal parser may let through, whoever approved what.</summary>
    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://169.254.169.254./")]
    [InlineData("http://0xa9fea9fe/")]
    [InlineData("http://2852039166/")]
    [InlineData("http://0251.0376.0251.0376/")]
    [InlineData("http://0xA9.0xFE.0xA9.0xFE/")]
    [InlineData("http://169.254.43518/")]
    [InlineData("http://169.16689662/")]
    [InlineData("http://[::ffff:169.254.169.254]/")]
    [InlineData("http://[::ffff:a9fe:a9fe]/")]
    [InlineData("http://[0:0:0:0:0:ffff:a9fe:a9fe]/")]
    [InlineData("http://[::a9fe:a9fe]/")]
    [InlineData("http://[64:ff9b::a9fe:a9fe]/")]
    [InlineData("http://[64:ff9b::7f00:1]/")]
    [InlineData("http://[2002:a9fe:a9fe::]/")]
    [InlineData("http://[2002:7f00:1::1]/")]
    [InlineData("http://[2001::7f00:1]/")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://[fe80::1%25eth0]/")]
    [InlineData("http://[ff02::1]/")]
    [InlineData("http://[::]/")]
    [InlineData("http://0/")]
    [InlineData("http://0.0.0.0/")]
    [InlineData("http://0.0.0.0:8080/")]
    [InlineData("http://255.255.255.255/")]
    [InlineData("http://224.0.0.251/")]
    [InlineData("http://169\u3002254\u3002169\u3002254/")]
    [InlineData("http://metadata.example/")]
    [InlineData("http://METADATA.example/")]
    [InlineData("http://metadata.example./")]
    [InlineData("http://some.example/")]
    public async Task A_forbidden_address_is_refused_even_to_an_approved_server(string url) =>
        await Assert.ThrowsAsync<EgressRefusedException>(async () => await CheckAsync(url, internalAllowed: true));

    [Theory]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://127.1/")]
    [InlineData("http://127.0.1/")]
    [InlineData("http://127.8.8.8:22/")]
    [InlineData("http://0x7f000001/")]
    [InlineData("http://0x7f.1/")]
    [InlineData("http://0x7f.0x0.0x0.0x1/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://017700000001/")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("http://0177.0.1/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[0:0:0:0:0:0:0:1]/")]
    [InlineData("http://[::ffff:7f00:1]/")]
    [InlineData("http://[::ffff:127.0.0.1]/")]
    [InlineData("http://[::ffff:0a00:0001]/")]
    [InlineData("http://[fd00::1]/")]
    [InlineData("http://[fc00::1]/")]
    [InlineData("http://10.0.0.1/")]
    [InlineData("http://10.1/")]
    [InlineData("http://172.16.0.1/")]
    [InlineData("http://192.168.1.1/")]
    [InlineData("http://192.168.257/")]
    [InlineData("http://0xc0a80101/")]
    [InlineData("http://100.64.0.1/")]
    [InlineData("http://127\u30020\u30020\u30021/")]
    [InlineData("http://localhost/")]
    [InlineData("http://localhost./")]
    [InlineData("http://LOCALHOST/")]
    [InlineData("http://inside.example/")]
    [InlineData("http://both.example/")]
    [InlineData("https://inside.example:8443/")]
    public async Task An_internal_address_is_refused_to_all_but_an_approved_server(string url)
    {
        await Assert.ThrowsAsync<EgressRefusedException>(async () => await CheckAsync(url, internalAllowed: false));
        Assert.NotEmpty(await CheckAsync(url, internalAllowed: true));
    }

    /// <summary>The runtime maps them to no address (invariant globalization); the name is then unknown, or refused.</summary>
    [Theory]
    [InlineData("http://\u2460\u2465\u2468.254.169.254/")]
    [InlineData("http://\uff11\uff16\uff19.\uff12\uff15\uff14.\uff11\uff16\uff19.\uff12\uff15\uff14/")]
    [InlineData("http://\u2460\u2461\u2466.0.0.1/")]
    [InlineData("http://\uff11\uff12\uff17.0.0.1/")]
    public async Task Digits_of_other_scripts_lead_nowhere(string url)
    {
        var thrown = await Record.ExceptionAsync(() => CheckAsync(url, internalAllowed: true));
        Assert.True(thrown is EgressRefusedException or SocketException, $"{thrown}");
    }

    [Theory]
    [InlineData("http://8.8.8.8/")]
    [InlineData("https://outside.example/")]
    public async Task A_public_address_is_allowed(string url) => Assert.NotEmpty(await CheckAsync(url, internalAllowed: false));

    [Fact]
    public async Task A_name_that_answers_public_first_and_private_later_is_asked_once_a_connection()
    {
        var asked = 0;
        var guard = new EgressGuard((_, _) => Task.FromResult<IPAddress[]>([asked++ == 0 ? IPAddress.Parse("93.184.216.34") : IPAddress.Loopback]));

        Assert.Equal([IPAddress.Parse("93.184.216.34")], await guard.CheckedAddressesAsync("rebind.example", false, CancellationToken.None));
        Assert.Equal(1, asked);
        await Assert.ThrowsAsync<EgressRefusedException>(async () => await guard.CheckedAddressesAsync("rebind.example", false, CancellationToken.None));
    }

    [Fact]
    public async Task A_name_without_addresses_is_an_error_of_the_network() =>
        await Assert.ThrowsAsync<SocketException>(async () =>
            await new EgressGuard((_, _) => Task.FromResult<IPAddress[]>([])).ConnectAsync(new DnsEndPoint("nobody.example", 80), false, CancellationToken.None));

    [Theory]
    [InlineData("http://user@127.0.0.1/")]
    [InlineData("http://user:secret@outside.example/")]
    [InlineData("ftp://outside.example/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://outside.example/")]
    public void A_url_with_userinfo_or_another_scheme_has_no_origin(string url) => Assert.Null(UpstreamOrigin.Of(new Uri(url)));

    [Theory]
    [InlineData("http://EXAMPLE.com/a", "http://example.com/b", true)]
    [InlineData("http://example.com:80/", "http://example.com/", true)]
    [InlineData("http://127.1/", "http://127.0.0.1/", true)]
    [InlineData("http://example.com./", "http://example.com/", false)]
    [InlineData("http://example.com:8080/", "http://example.com/", false)]
    [InlineData("https://example.com/", "http://example.com/", false)]
    [InlineData("http://example.com.evil.example/", "http://example.com/", false)]
    public void Origins_are_equal_when_scheme_host_and_port_are(string one, string other, bool equal) =>
        Assert.Equal(equal, UpstreamOrigin.Of(new Uri(one)) == UpstreamOrigin.Of(new Uri(other)));

    private static async Task<IPAddress[]> CheckAsync(string url, bool internalAllowed) =>
        await new EgressGuard(Resolve).CheckedAddressesAsync(new Uri(url).IdnHost, internalAllowed, CancellationToken.None);

    /// <summary>A name server of our own; what it does not know are literals that the system would read (a trailing dot).</summary>
    private static Task<IPAddress[]> Resolve(string host, CancellationToken cancellation) => Task.FromResult<IPAddress[]>(
        host.ToLowerInvariant().TrimEnd('.') switch
        {
            "localhost" => [IPAddress.Loopback, IPAddress.IPv6Loopback],
            "inside.example" => [IPAddress.Parse("10.1.2.3")],
            "both.example" => [IPAddress.Parse("93.184.216.34"), IPAddress.Parse("192.168.0.9")],
            "some.example" => [IPAddress.Parse("93.184.216.34"), IPAddress.Parse("fe80::7")],
            "metadata.example" => [IPAddress.Parse("169.254.169.254")],
            "outside.example" => [IPAddress.Parse("93.184.216.34"), IPAddress.Parse("2606:2800:220:1:248:1893:25c8:1946")],
            var literal => IPAddress.TryParse(literal, out var read) ? [read] : throw new SocketException((int)SocketError.HostNotFound),
        });
}
