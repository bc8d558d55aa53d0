using Symbolon.Cli.Output;
using Symbolon.Cli.Sidecar;
using Symbolon.Client;

namespace Symbolon.UnitTests.Cli.Sidecar;

/// <summary>Where the sidecar listens, and where its requests go.</summary>
[Trait("area", "cli")]
public sealed class SidecarAddressTests
{
    [Theory]
    [InlineData("unix:/run/releases/sidecar.sock", "unix:/run/releases/sidecar.sock")]
    [InlineData("127.0.0.1:7004", "http://127.0.0.1:7004")]
    [InlineData("[::1]:7004", "http://[::1]:7004")]
    public void It_listens_on_a_socket_or_on_loopback(string text, string shown) => Assert.Equal(shown, ListenAddress.Parse(text).ToString());

    [Theory]
    [InlineData("0.0.0.0:7004")]
    [InlineData("[::]:7004")]
    [InlineData("192.0.2.1:7004")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:0")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("localhost:7004")]
    [InlineData("unix:")]
    [InlineData("")]
    public void It_listens_nowhere_else(string text) => Assert.Equal(ExitCode.Usage, Assert.Throws<CommandException>(() => ListenAddress.Parse(text)).ExitCode);

    [Fact]
    public void A_path_that_no_socket_can_have_is_refused_with_the_limit() =>
        Assert.Contains("107", Assert.Throws<CommandException>(() => ListenAddress.Parse("unix:/" + new string('x', 107))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("https://api.example/base")]
    [InlineData("https://api.example/base/")]
    [InlineData("https://API.example:443/base/releases/web%20app?x=../y")]
    [InlineData("https://api.example/base/a..b/%2e%2ehidden")]
    public void A_request_at_the_api_or_below_is_made(string target) => Assert.Equal("api.example", Target().Check(target).Host);

    [Theory]
    [InlineData("https://api.example/")]
    [InlineData("https://api.example/based")]
    [InlineData("https://api.example/BASE/x")]
    [InlineData("http://api.example/base/x")]
    [InlineData("https://api.example:8443/base/x")]
    [InlineData("https://other.example/base/x")]
    [InlineData("https://api.example.evil.example/base/x")]
    [InlineData("https://api.example@evil.example/base/x")]
    [InlineData("https://user:pass@api.example/base/x")]
    [InlineData("https://api.example/base/../admin")]
    [InlineData("https://api.example/base/%2e%2e/admin")]
    [InlineData("https://api.example/base/%2E./admin")]
    [InlineData("https://api.example/base/..%2fadmin")]
    [InlineData("https://api.example/base/x%2f..%2f..%2fadmin")]
    [InlineData("https://api.example/base/%252e%252e/admin")]
    [InlineData("https://api.example/base/..;/admin")]
    [InlineData("https://api.example/base\\..\\admin")]
    [InlineData("https://api.example/base/%5c..%5cadmin")]
    [InlineData("https://api.example/base/x%00")]
    [InlineData("https://api.example/base/x#fragment")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/base/x")]
    [InlineData("base/x")]
    [InlineData("")]
    public void A_request_elsewhere_is_not_made(string target) => Assert.Equal("wrong_target", Assert.Throws<SymbolonException>(() => Target().Check(target)).Code);

    [Theory]
    [InlineData("https://other.example/")]
    [InlineData("http://api.example/")]
    [InlineData("https://api.example/?x=1")]
    [InlineData("https://api.example/a/../b")]
    public void The_api_is_no_other_than_the_credentials(string api) => Assert.Throws<ArgumentException>(() => ApiTarget.Of(new Uri(api), new Uri("https://api.example")));

    [Fact]
    public void Without_a_narrower_address_it_is_all_of_the_audience() => Assert.Equal("/x", ApiTarget.Of(null, new Uri("https://api.example")).Check("https://api.example/x").AbsolutePath);

    private static ApiTarget Target() => ApiTarget.Of(new Uri("https://api.example/base"), new Uri("https://api.example"));
}
