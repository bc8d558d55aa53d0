using Symbolon.Core.Registry.Files;

namespace Symbolon.UnitTests.Files;

[Trait("area", "files")]
public sealed class FormTests
{
    [Theory]
    [InlineData("http://127.0.0.1:7001/mcp")]
    [InlineData("https://deploy.example.com")]
    [InlineData("HTTPS://deploy.example.com/a/b?c=d")]
    [InlineData("http://[::1]:80/mcp")]
    [InlineData("https://example.com/a@b")]
    public void An_absolute_http_URL_is_an_upstream(string url)
    {
        Assert.True(UpstreamUrl.TryParse(url, out var parsed));
        Assert.Equal(url, parsed.OriginalString);
    }

    [Theory]
    [InlineData("")]
    [InlineData("deploy.example.com")]
    [InlineData("/mcp")]
    [InlineData("//example.com/mcp")]
    [InlineData("http:example.com")]
    [InlineData("http:///mcp")]
    [InlineData("http://:80/mcp")]
    [InlineData("http:\\\\example.com\\mcp")]
    [InlineData("http://example.com\\@evil.example/")]
    [InlineData("http://user@example.com/")]
    [InlineData("http://user:pass@example.com/")]
    [InlineData("http://@example.com/")]
    [InlineData("http://example.com/#x")]
    [InlineData("http://example.com/#")]
    [InlineData(" http://example.com/")]
    [InlineData("http://example.com/ x")]
    [InlineData("http://exa\tmple.com/")]
    [InlineData("http://exämple.com/")]
    [InlineData("ftp://example.com/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("javascript:alert(1)")]
    [InlineData("http://example.com:99999/")]
    public void Anything_else_is_none(string url) => Assert.False(UpstreamUrl.TryParse(url, out _));

    [Fact]
    public void A_URL_of_more_than_2048_characters_is_none() => Assert.False(UpstreamUrl.TryParse("http://example.com/" + new string('a', 2048), out _));

    [Theory]
    [InlineData("Authorization", true)]
    [InlineData("X-Api-Key", true)]
    [InlineData("PRIVATE-TOKEN", true)]
    [InlineData("", false)]
    [InlineData("X Y", false)]
    [InlineData("X:Y", false)]
    [InlineData("X\r\nY", false)]
    [InlineData("Ünicode", false)]
    [InlineData("host", false)]
    [InlineData("COOKIE", false)]
    [InlineData("Content-Length", false)]
    [InlineData("content-type", false)]
    [InlineData("Transfer-Encoding", false)]
    [InlineData("Connection", false)]
    [InlineData("Upgrade", false)]
    [InlineData("TE", false)]
    [InlineData("Mcp-Session-Id", false)]
    [InlineData("mcp-protocol-version", false)]
    [InlineData("Accept", false)]
    [InlineData("X-Forwarded-For", false)]
    [InlineData("Forwarded", false)]
    [InlineData("Origin", false)]
    [InlineData("Proxy-Authorization", false)]
    public void A_secret_goes_into_a_header_that_does_not_frame_or_route(string header, bool allowed) => Assert.Equal(allowed, SecretHeader.IsAllowed(header));

    [Theory]
    [InlineData("1s", 1)]
    [InlineData("15m", 900)]
    [InlineData("8h", 28_800)]
    [InlineData("30d", 2_592_000)]
    [InlineData("3650d", 315_360_000)]
    public void A_duration_is_a_number_with_a_unit(string text, long seconds)
    {
        Assert.True(Durations.TryParse(text, out var parsed));
        Assert.Equal(seconds, parsed);
        Assert.True(Durations.TryParse(Durations.ToText(seconds), out var again));
        Assert.Equal(seconds, again);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("8")]
    [InlineData("h")]
    [InlineData("0h")]
    [InlineData("-1h")]
    [InlineData("+1h")]
    [InlineData("1.5h")]
    [InlineData("1 h")]
    [InlineData("1H")]
    [InlineData("1w")]
    [InlineData("1h30m")]
    [InlineData("3651d")]
    [InlineData("999999999d")]
    [InlineData("99999999999999999999d")]
    [InlineData("٣h")]
    public void Anything_else_is_no_duration(string? text) => Assert.False(Durations.TryParse(text, out _));
}
