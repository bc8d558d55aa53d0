using System.Net;
using Symbolon.Core.Outbound;
using Symbolon.Server.Outbound;

namespace Symbolon.UnitTests.Server;

/// <summary>What strangers name is fetched from outside alone (IDENTITY.md §5 no. 6); how an answer is read, the end-to-end tests show.</summary>
[Trait("area", "egress")]
public sealed class GuardedFetchTests
{
    [Theory]
    [InlineData("https://metadata.example/x", "169.254.169.254")]
    [InlineData("https://metadata.example/x", "127.0.0.1")]
    [InlineData("https://metadata.example/x", "10.0.0.1")]
    [InlineData("https://metadata.example/x", "192.168.1.1")]
    [InlineData("https://metadata.example/x", "100.64.0.1")]
    [InlineData("https://metadata.example/x", "::1")]
    [InlineData("https://metadata.example/x", "fd00::1")]
    [InlineData("https://metadata.example/x", "fe80::1")]
    [InlineData("https://metadata.example/x", "::ffff:127.0.0.1")]
    [InlineData("https://metadata.example/x", "64:ff9b::7f00:1")]
    [InlineData("https://metadata.example/x", "0.0.0.0")]
    [InlineData("https://127.0.0.1/x", null)]
    [InlineData("https://127.1/x", null)]
    [InlineData("https://2130706433/x", null)]
    [InlineData("https://0x7f000001/x", null)]
    [InlineData("https://[::1]/x", null)]
    [InlineData("https://[::ffff:7f00:1]/x", null)]
    [InlineData("https://localhost/x", null)]
    [InlineData("https://169.254.169.254/latest/meta-data", null)]
    [InlineData("https://metadata.example:22/x", "93.184.216.34")]
    [InlineData("https://metadata.example:8443/x", "93.184.216.34")]
    [InlineData("http://metadata.example/x", "93.184.216.34")]
    [InlineData("https://user@metadata.example/x", "93.184.216.34")]
    [InlineData("ftp://metadata.example/x", "93.184.216.34")]
    [Trait("clause", "IDENTITY.md §5 no. 6")]
    [Trait("hostile", "egress")]
    public async Task Nothing_inside_is_asked(string url, string? address)
    {
        var guard = new EgressGuard((_, _) => Task.FromResult(address is null ? [] : new[] { IPAddress.Parse(address) }));
        using var fetch = new GuardedFetch(guard, [], TimeProvider.System);
        var answer = await fetch.GetJsonAsync(new Uri(url), 1000, TestContext.Current.CancellationToken);
        // Who names the address learns no more than that it cannot be had.
        if (url.StartsWith("https://", StringComparison.Ordinal) && !url.Contains('@', StringComparison.Ordinal)) Assert.IsType<FetchAnswer.Unreachable>(answer);
        else Assert.IsType<FetchAnswer.Refused>(answer);
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §5 no. 6")]
    [Trait("hostile", "egress")]
    public async Task One_address_inside_among_others_refuses_the_name()
    {
        var guard = new EgressGuard((_, _) => Task.FromResult(new[] { IPAddress.Parse("93.184.216.34"), IPAddress.Loopback }));
        using var fetch = new GuardedFetch(guard, ["other.example"], TimeProvider.System);
        Assert.IsType<FetchAnswer.Unreachable>(await fetch.GetJsonAsync(new Uri("https://metadata.example/x"), 1000, TestContext.Current.CancellationToken));
    }
}
