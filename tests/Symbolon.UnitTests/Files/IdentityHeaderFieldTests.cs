using System.Text.Json;
using System.Text.Json.Nodes;
using Symbolon.Core.Registry.Files;

namespace Symbolon.UnitTests.Files;

[Trait("area", "files")]
public sealed class IdentityHeaderFieldTests
{
    private const string Http = """{"transport":"http","url":"https://deploy.example.com/mcp","identity":{"header":"Symbolon-Identity"}}""";
    private const string Sse = """{"transport":"sse","url":"https://deploy.example.com/sse","identity":{"header":"Symbolon-Identity"}}""";

    [Theory]
    [InlineData(Http)]
    [InlineData(Sse)]
    public void It_is_read_and_written_as_the_file_says(string upstream)
    {
        var read = Assert.IsType<Document.Server>(Documents.Read(With(upstream)).Document);
        Assert.Equal("Symbolon-Identity", read.Manifest.IdentityHeader);
        using var written = JsonDocument.Parse(DocumentWriter.Write(read));
        Assert.Equal(upstream, written.RootElement.GetProperty("spec").GetProperty("upstream").GetRawText());
    }

    [Theory]
    [InlineData("Authorization", "bad_value")]
    [InlineData("dpop", "bad_value")]
    [InlineData("Cookie", "bad_value")]
    [InlineData("Mcp-Session-Id", "bad_value")]
    [InlineData("X-Forwarded-User", "bad_value")]
    [InlineData("Content-Type", "bad_value")]
    [InlineData("Host", "bad_value")]
    [InlineData("traceparent", "bad_value")]
    [InlineData("Two Words", "bad_value")]
    [InlineData("", "missing")]
    [InlineData("x-api-key", "duplicate")]
    public void A_header_that_is_somebody_elses_is_refused(string header, string code)
    {
        var error = Assert.Single(Documents.Read(With($$$"""{"transport":"http","url":"https://deploy.example.com/mcp","identity":{"header":"{{{header}}}"}}""")).Errors);
        Assert.Equal(("spec.upstream.identity.header", code), (error.Path, error.Code));
    }

    [Theory]
    [InlineData("""{"transport":"http","url":"https://deploy.example.com/mcp","identity":{}}""", "spec.upstream.identity.header", "missing")]
    [InlineData("""{"transport":"http","url":"https://deploy.example.com/mcp","identity":"yes"}""", "spec.upstream.identity", "wrong_type")]
    [InlineData("""{"transport":"http","url":"https://deploy.example.com/mcp","identity":{"header":"X-Who","sign":false}}""", "spec.upstream.identity.sign", "unknown_field")]
    [InlineData("""{"transport":"stdio","command":"/usr/bin/node","identity":{"header":"X-Who"}}""", "spec.upstream.identity", "bad_value")]
    public void What_does_not_fit_is_refused_by_its_name(string upstream, string path, string code) =>
        Assert.Equal([(path, code)], Documents.Read(With(upstream, "null")).Errors.Where(error => error.Path.StartsWith("spec.upstream", StringComparison.Ordinal)).Select(error => (error.Path, error.Code)));

    [Fact]
    public void It_does_not_go_with_mode_exchange_whose_token_says_who_calls()
    {
        var error = Assert.Single(Documents.Read(With(Http, """{"mode":"exchange","audience":"https://a.example.com"}""")).Errors);
        Assert.Equal(("spec.upstream.identity", "bad_value"), (error.Path, error.Code));
        Assert.Contains("exchange", error.Message, StringComparison.Ordinal);
    }

    private static string With(string upstream, string? credential = null)
    {
        var document = JsonNode.Parse(Documents.Server)!;
        document["spec"]!["upstream"] = JsonNode.Parse(upstream);
        document["spec"]!.AsObject().Remove("limits");
        document["spec"]!.AsObject().Remove("clientFeatures");
        if (credential == "null") document["spec"]!.AsObject().Remove("credential");
        else if (credential is not null) document["spec"]!["credential"] = JsonNode.Parse(credential);
        return document.ToJsonString();
    }
}
