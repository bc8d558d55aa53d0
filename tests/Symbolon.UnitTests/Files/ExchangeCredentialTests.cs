using System.Text.Json;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;

namespace Symbolon.UnitTests.Files;

[Trait("area", "files")]
public sealed class ExchangeCredentialTests
{
    private static string With(string credential) => Documents.With("Server", "spec.credential", credential);

    [Fact]
    [Trait("clause", "DESIGN.md §4 Files")]
    public void An_exchange_credential_is_read_and_written_as_the_file_says()
    {
        var read = Assert.IsType<Document.Server>(Documents.Read(With("""{"mode":"exchange","audience":"https://k8s.example.com:6443/api","ttl":"15m"}""")).Document);
        Assert.Equal(new UpstreamCredential.Exchange { Audience = "https://k8s.example.com:6443/api", TtlSeconds = 900 }, read.Manifest.Credential);
        using var written = JsonDocument.Parse(DocumentWriter.Write(read));
        Assert.Equal("""{"mode":"exchange","audience":"https://k8s.example.com:6443/api","ttl":"15m"}""", written.RootElement.GetProperty("spec").GetProperty("credential").GetRawText());
        Assert.Equal(3600, Assert.IsType<UpstreamCredential.Exchange>(
            Assert.IsType<Document.Server>(Documents.Read(With("""{"mode":"exchange","audience":"https://k8s.example.com"}""")).Document).Manifest.Credential).TtlSeconds);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Files")]
    public void How_old_keys_may_get_is_read_and_written_as_the_file_says()
    {
        var read = Assert.IsType<Document.Server>(Documents.Read(With("""{"mode":"exchange","audience":"https://k8s.example.com","rotation":"30d"}""")).Document);
        Assert.Equal(new UpstreamCredential.Exchange { Audience = "https://k8s.example.com", RotationSeconds = 30 * 86_400 }, read.Manifest.Credential);
        using var written = JsonDocument.Parse(DocumentWriter.Write(read));
        Assert.Equal("30d", written.RootElement.GetProperty("spec").GetProperty("credential").GetProperty("rotation").GetString());
    }

    [Theory]
    [InlineData("https://K8s.example.com", "https://k8s.example.com")]
    [InlineData("HTTPS://k8s.example.com", "https://k8s.example.com")]
    [InlineData("https://k8s.example.com:443/", "https://k8s.example.com/")]
    [InlineData("https://k8s.example.com/a/../b", "https://k8s.example.com/b")]
    [InlineData("http://LOCALHOST:80", "http://localhost")]
    public void An_audience_in_another_spelling_is_refused_with_the_right_one(string audience, string right)
    {
        var error = Assert.Single(Documents.Read(With($$"""{"mode":"exchange","audience":"{{audience}}"}""")).Errors);
        Assert.Equal(("spec.credential.audience", "bad_value"), (error.Path, error.Code));
        Assert.EndsWith($"write it as {right}.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("k8s.example.com")]
    [InlineData("http://k8s.example.com")]
    [InlineData("https://user@k8s.example.com")]
    [InlineData("https://k8s.example.com/?a=b")]
    [InlineData("https://k8s.example.com/?")]
    [InlineData("https://k8s.example.com/#a")]
    [InlineData("https://k8s.example.com/a b")]
    [InlineData("https://k8s.example.com\\\\@evil.example.com/")]
    [InlineData("ftp://k8s.example.com")]
    [InlineData("https:///x")]
    public void What_names_no_api_is_refused(string audience)
    {
        var error = Assert.Single(Documents.Read(With($$"""{"mode":"exchange","audience":"{{audience}}"}""")).Errors);
        Assert.Equal(("spec.credential.audience", "bad_value"), (error.Path, error.Code));
    }

    [Theory]
    [InlineData("""{"mode":"exchange"}""", "spec.credential.audience", "missing")]
    [InlineData("""{"mode":"exchange","audience":"https://a.example.com","ttl":"4m"}""", "spec.credential.ttl", "bad_value")]
    [InlineData("""{"mode":"exchange","audience":"https://a.example.com","ttl":"5h"}""", "spec.credential.ttl", "bad_value")]
    [InlineData("""{"mode":"exchange","audience":"https://a.example.com","ttl":"soon"}""", "spec.credential.ttl", "bad_value")]
    [InlineData("""{"mode":"exchange","audience":"https://a.example.com","rotation":"59m"}""", "spec.credential.rotation", "bad_value")]
    [InlineData("""{"mode":"exchange","audience":"https://a.example.com","rotation":"366d"}""", "spec.credential.rotation", "bad_value")]
    [InlineData("""{"mode":"none","rotation":"30d"}""", "spec.credential.rotation", "bad_value")]
    [InlineData("""{"mode":"exchange","audience":"https://a.example.com","secret":"s"}""", "spec.credential.secret", "bad_value")]
    [InlineData("""{"mode":"none","audience":"https://a.example.com"}""", "spec.credential.audience", "bad_value")]
    public void A_field_that_does_not_fit_is_refused_by_its_name(string credential, string path, string code)
    {
        var error = Assert.Single(Documents.Read(With(credential)).Errors);
        Assert.Equal((path, code), (error.Path, error.Code));
    }

    [Theory]
    [InlineData("""{"transport":"sse","url":"https://deploy.example.com/sse"}""", "sse")]
    [InlineData("""{"transport":"stdio","command":"/usr/bin/node"}""", "stdio")]
    public void It_needs_an_http_upstream_for_now(string upstream, string transport)
    {
        var text = System.Text.Json.Nodes.JsonNode.Parse(With("""{"mode":"exchange","audience":"https://a.example.com"}"""))!;
        text["spec"]!["upstream"] = System.Text.Json.Nodes.JsonNode.Parse(upstream);
        var error = Assert.Single(Documents.Read(text.ToJsonString()).Errors, error => error.Path == "spec.credential.mode");
        Assert.Equal("not_supported_yet", error.Code);
        Assert.Contains($"transport {transport}", error.Message, StringComparison.Ordinal);
    }
}
