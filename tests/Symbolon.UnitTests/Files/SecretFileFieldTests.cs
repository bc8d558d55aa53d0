using System.Text.Json;
using System.Text.Json.Nodes;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;

namespace Symbolon.UnitTests.Files;

[Trait("area", "files")]
public sealed class SecretFileFieldTests
{
    private const string Process = """{"transport":"stdio","command":"/usr/bin/node","env":{"TAKEN":"x"}}""";
    private const string Http = """{"transport":"http","url":"https://deploy.example.com/mcp"}""";

    [Theory]
    [InlineData("static")]
    [InlineData("shared")]
    public void A_secret_in_a_file_is_read_and_written_as_the_file_says(string mode)
    {
        var credential = $$"""{"mode":"{{mode}}","file":"API_KEY_FILE","secret":"deploy-api","expires":"2027-01-31"}""";
        var read = Assert.IsType<Document.Server>(Documents.Read(With(Process, credential)).Document);
        var stored = Assert.IsType<UpstreamCredential.Stored>(read.Manifest.Credential, exactMatch: false);
        Assert.Equal((null, null, "API_KEY_FILE", "deploy-api"), (stored.Header, stored.Env, stored.File, stored.Secret));
        using var written = JsonDocument.Parse(DocumentWriter.Write(read));
        Assert.Equal(credential, written.RootElement.GetProperty("spec").GetProperty("credential").GetRawText());
    }

    [Theory]
    [InlineData(Process, "\"file\":\"A\",\"env\":\"B\"", "spec.credential.env", "duplicate")]
    [InlineData(Process, "\"file\":\"TAKEN\"", "spec.credential.file", "duplicate")]
    [InlineData(Process, "\"file\":\"LD_PRELOAD\"", "spec.credential.file", "bad_name")]
    [InlineData(Process, "\"file\":\"A\",\"header\":\"X-Key\"", "spec.credential.header", "bad_value")]
    [InlineData(Http, "\"file\":\"A\",\"header\":\"X-Key\"", "spec.credential.file", "bad_value")]
    public void What_does_not_fit_is_refused_by_its_name(string upstream, string place, string path, string code)
    {
        var error = Assert.Single(Documents.Read(With(upstream, $$"""{"mode":"static",{{place}},"secret":"deploy-api","expires":"2027-01-31"}""")).Errors);
        Assert.Equal((path, code), (error.Path, error.Code));
    }

    [Fact]
    public void A_token_in_a_file_is_read_and_written_as_the_file_says()
    {
        const string Credential = """{"mode":"exchange","audience":"https://a.example.com","ttl":"30m","file":"TOKEN_FILE"}""";
        var read = Assert.IsType<Document.Server>(Documents.Read(With(Process, Credential)).Document);
        Assert.Equal(new UpstreamCredential.Exchange { Audience = "https://a.example.com", TtlSeconds = 1800, File = "TOKEN_FILE" }, read.Manifest.Credential);
        using var written = JsonDocument.Parse(DocumentWriter.Write(read));
        Assert.Equal(Credential, written.RootElement.GetProperty("spec").GetProperty("credential").GetRawText());
    }

    [Theory]
    [InlineData(Process, "\"ttl\":\"2h\",\"file\":\"TOKEN_FILE\"", "spec.credential.ttl", "bad_value")]
    [InlineData(Process, "\"file\":\"LD_PRELOAD\"", "spec.credential.file", "bad_name")]
    [InlineData(Process, "\"file\":\"TAKEN\"", "spec.credential.file", "duplicate")]
    [InlineData(Process, "\"file\":\"A\",\"federation\":[{\"issuer\":\"ci\",\"subject\":\"repo:acme/shop:*\"}]", "spec.credential.federation", "bad_value")]
    [InlineData(Process, "\"file\":\"A\",\"env\":\"B\"", "spec.credential.env", "bad_value")]
    [InlineData(Http, "\"file\":\"A\"", "spec.credential.file", "bad_value")]
    public void A_token_in_a_file_is_for_a_process_without_keys_and_for_an_hour(string upstream, string more, string path, string code)
    {
        var error = Assert.Single(Documents.Read(With(upstream, $$"""{"mode":"exchange","audience":"https://a.example.com",{{more}} }""")).Errors);
        Assert.Equal((path, code), (error.Path, error.Code));
    }

    private static string With(string upstream, string credential)
    {
        var document = JsonNode.Parse(Documents.Server)!;
        document["spec"]!["upstream"] = JsonNode.Parse(upstream);
        document["spec"]!["credential"] = JsonNode.Parse(credential);
        document["spec"]!.AsObject().Remove("limits");
        document["spec"]!.AsObject().Remove("clientFeatures");
        return document.ToJsonString();
    }
}
