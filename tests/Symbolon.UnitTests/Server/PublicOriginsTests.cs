using Microsoft.AspNetCore.Http;
using Symbolon.Server.Edge;

namespace Symbolon.UnitTests.Server;

[Trait("area", "edge")]
public sealed class PublicOriginsTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8750", "127.0.0.1:8750", true)]
    [InlineData("http://127.0.0.1:8750", "localhost:8750", true)]
    [InlineData("http://127.0.0.1:8750", "LOCALHOST:8750", true)]
    [InlineData("http://localhost:8750", "127.0.0.1:8750", true)]
    [InlineData("http://localhost:8750", "[::1]:8750", true)]
    [InlineData("http://[::1]:8750", "[::1]:8750", true)]
    [InlineData("https://symbolon.example.com", "symbolon.example.com", true)]
    [InlineData("https://symbolon.example.com", "symbolon.example.com:443", true)]
    [InlineData("https://Symbolon.Example.com", "symbolon.example.com", true)]
    [InlineData("https://symbolon.example.com", "symbolon.example.com:8443", false)]
    [InlineData("https://symbolon.example.com", "symbolon.example.com.", false)]
    [InlineData("https://symbolon.example.com", "evil.symbolon.example.com", false)]
    [InlineData("https://symbolon.example.com", "127.0.0.1:8750", false)]
    [InlineData("http://127.0.0.1:8750", "127.0.0.1", false)]
    [InlineData("http://127.0.0.1:8750", "127.0.0.1:8751", false)]
    [InlineData("http://127.0.0.1:8750", "evil.example:8750", false)]
    [InlineData("http://127.0.0.1:8750", "127.0.0.1.evil.example:8750", false)]
    [InlineData("http://127.0.0.1:8750", "", false)]
    public void A_Host_only_selects_one_of_the_public_origins(string publicUrl, string host, bool allowed) =>
        Assert.Equal(allowed, Of(publicUrl).AllowsHost(new HostString(host)));

    [Theory]
    [InlineData("http://127.0.0.1:8750", "http://127.0.0.1:8750", true)]
    [InlineData("http://127.0.0.1:8750", "http://localhost:8750", true)]
    [InlineData("https://symbolon.example.com", "https://symbolon.example.com", true)]
    [InlineData("https://symbolon.example.com", "http://symbolon.example.com", false)]
    [InlineData("http://127.0.0.1:8750", "https://127.0.0.1:8750", false)]
    [InlineData("http://127.0.0.1:8750", "http://127.0.0.1:3000", false)]
    [InlineData("http://127.0.0.1:8750", "http://evil.example", false)]
    [InlineData("http://127.0.0.1:8750", "null", false)]
    [InlineData("http://127.0.0.1:8750", "", false)]
    [InlineData("http://127.0.0.1:8750", "http://127.0.0.1:8750, http://evil.example", false)]
    public void An_Origin_must_be_one_of_the_public_origins(string publicUrl, string origin, bool allowed) =>
        Assert.Equal(allowed, Of(publicUrl).AllowsOrigin(origin));

    [Fact]
    public void A_program_sends_no_Origin_and_is_let_in() => Assert.True(Of("http://127.0.0.1:8750").AllowsOrigin(default));

    [Fact]
    public void Two_Origin_headers_are_refused() =>
        Assert.False(Of("http://127.0.0.1:8750").AllowsOrigin(new string[] { "http://127.0.0.1:8750", "http://127.0.0.1:8750" }));

    [Fact]
    public void Before_any_origin_is_known_nobody_is_let_in() => Assert.False(new PublicOrigins().AllowsHost(new HostString("127.0.0.1:8750")));

    [Fact]
    public void Callers_are_told_the_origins_that_were_set_in_their_order_and_no_twins()
    {
        var origins = new PublicOrigins();
        Assert.Empty(origins.Named);
        origins.Set(["https://Symbolon.example.com:443", "http://127.0.0.1:8750", "https://symbolon.example.com"]);
        Assert.Equal(["https://symbolon.example.com", "http://127.0.0.1:8750"], origins.Named);
    }

    private static PublicOrigins Of(string url)
    {
        var origins = new PublicOrigins();
        origins.Set([url]);
        return origins;
    }
}
