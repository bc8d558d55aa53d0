using System.Text.Json;
using System.Text.Json.Nodes;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;

namespace Symbolon.UnitTests.Files;

/// <summary><c>credential.at</c>: a server under another authorization server.</summary>
[Trait("area", "files")]
public sealed class ForeignCredentialTests
{
    private const string Whole =
        """{"mode":"exchange","audience":"https://api.example.com","at":{"tokenEndpoint":"https://login.example.com/oauth2/token","issuer":"https://login.example.com","client":"symbolon-orders","style":"on-behalf-of","scope":"orders.read orders.write","secret":"orders-idp","expires":"2027-01-31"}}""";

    private const string Least = """{"mode":"exchange","audience":"https://api.example.com","at":{"tokenEndpoint":"https://login.example.com/oauth2/token","client":"symbolon-orders"}}""";

    public static TheoryData<string, string, string, string> Wrong => new()
    {
        { "tokenEndpoint", "null", "spec.credential.at.tokenEndpoint", "wrong_type" },
        { "tokenEndpoint", "\"http://login.example.com/token\"", "spec.credential.at.tokenEndpoint", "bad_value" },
        { "tokenEndpoint", "\"https://u:p@login.example.com/token\"", "spec.credential.at.tokenEndpoint", "bad_value" },
        { "tokenEndpoint", "\"https://login.example.com/token#a\"", "spec.credential.at.tokenEndpoint", "bad_value" },
        { "tokenEndpoint", "\"https://LOGIN.example.com/token\"", "spec.credential.at.tokenEndpoint", "bad_value" },
        { "tokenEndpoint", "\"https://login.example.com:443/token\"", "spec.credential.at.tokenEndpoint", "bad_value" },
        { "tokenEndpoint", "\"https://login.example.com/a/../token\"", "spec.credential.at.tokenEndpoint", "bad_value" },
        { "tokenEndpoint", "\"login.example.com/token\"", "spec.credential.at.tokenEndpoint", "bad_value" },
        { "tokenEndpoint", $"\"https://login.example.com/{new string('a', 500)}\"", "spec.credential.at.tokenEndpoint", "too_long" },
        { "issuer", "\"http://login.example.com\"", "spec.credential.at.issuer", "bad_value" },
        { "issuer", "\"https://login.example.com?a\"", "spec.credential.at.issuer", "bad_value" },
        { "issuer", $"\"https://login.example.com/{new string('a', 500)}\"", "spec.credential.at.issuer", "too_long" },
        { "client", "\"\"", "spec.credential.at.client", "missing" },
        { "client", "\"caf\u00e9\"", "spec.credential.at.client", "bad_value" },
        { "client", "\"a\\nb\"", "spec.credential.at.client", "bad_value" },
        { "client", $"\"{new string('a', 257)}\"", "spec.credential.at.client", "too_long" },
        { "style", "\"saml\"", "spec.credential.at.style", "bad_value" },
        { "scope", "\"\"", "spec.credential.at.scope", "bad_value" },
        { "scope", "\"a  b\"", "spec.credential.at.scope", "bad_value" },
        { "scope", "\"a\\\"b\"", "spec.credential.at.scope", "bad_value" },
        { "scope", "\"caf\u00e9\"", "spec.credential.at.scope", "bad_value" },
        { "scope", $"\"{new string('a', 1025)}\"", "spec.credential.at.scope", "too_long" },
        { "secret", "\"No Name\"", "spec.credential.at.secret", "bad_name" },
        { "expires", "\"soon\"", "spec.credential.at.expires", "bad_value" },
        { "password", "\"x\"", "spec.credential.at", "unknown_field" },
    };

    [Fact]
    [Trait("clause", "DESIGN.md §4 Files")]
    public void It_is_read_and_written_as_the_file_says()
    {
        var read = Assert.IsType<Document.Server>(Documents.Read(With(Whole)).Document);
        Assert.Equal(new UpstreamCredential.Foreign
        {
            Audience = "https://api.example.com", TokenEndpoint = "https://login.example.com/oauth2/token", Issuer = "https://login.example.com", Client = "symbolon-orders", Style = ForeignStyle.OnBehalfOf,
            Scope = "orders.read orders.write", Secret = "orders-idp", Expires = new DateOnly(2027, 1, 31),
        }, read.Manifest.Credential);
        Assert.Equal(Whole, Written(read));
        var least = Assert.IsType<Document.Server>(Documents.Read(With(Least)).Document);
        Assert.Equal(
            new UpstreamCredential.Foreign { Audience = "https://api.example.com", TokenEndpoint = "https://login.example.com/oauth2/token", Client = "symbolon-orders" }, least.Manifest.Credential);
        Assert.Equal(Least, Written(least));
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_field_that_does_not_fit_is_refused_by_its_name(string field, string value, string path, string code)
    {
        var credential = JsonNode.Parse(Whole)!;
        credential["at"]![field] = JsonNode.Parse(value);
        var error = Assert.Single(Documents.Read(With(credential.ToJsonString())).Errors);
        Assert.Equal(code, error.Code);
        Assert.StartsWith(path, error.Path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://login.example.com", null)]
    [InlineData("https://login.example.com/token?tenant=a", null)]
    [InlineData("http://127.0.0.1:8080/token", null)]
    [InlineData("http://localhost/token", null)]
    [InlineData("https://login.example.com:8443/token", null)]
    [InlineData("HTTPS://login.example.com/token", "https://login.example.com/token")]
    [InlineData("https://login.example.com:443", "https://login.example.com")]
    public void Endpoints_have_one_spelling(string endpoint, string? right)
    {
        Assert.Equal(right is null, TokenEndpointUrl.IsAcceptable(endpoint, out var why));
        if (right is not null) Assert.EndsWith($"write it as {right}", why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ttl", "\"1h\"")]
    [InlineData("rotation", "\"30d\"")]
    [InlineData("federation", """[{"issuer":"cluster","subject":"a:b"}]""")]
    [InlineData("file", "\"TOKEN_FILE\"")]
    public void What_is_about_keys_and_tokens_of_ours_does_not_go_with_it(string field, string value)
    {
        var credential = JsonNode.Parse(Least)!;
        credential[field] = JsonNode.Parse(value);
        var error = Assert.Single(Documents.Read(With(credential.ToJsonString())).Errors);
        Assert.Equal(($"spec.credential.{field}", "bad_value"), (error.Path, error.Code));
        Assert.Contains("spec.credential.at", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_has_a_day_on_which_it_ends_and_nothing_else_has_one()
    {
        var credential = JsonNode.Parse(Whole)!;
        credential["at"]!.AsObject().Remove("expires");
        Assert.Equal(("spec.credential.at.expires", "missing"), Only(credential));
        credential = JsonNode.Parse(Whole)!;
        credential["at"]!.AsObject().Remove("secret");
        Assert.Equal(("spec.credential.at.expires", "bad_value"), Only(credential));
        var read = Assert.IsType<Document.Server>(Documents.Read(With(Whole)).Document);
        Assert.Equal("documents[0].spec.credential.at.expires", Assert.Single(ExpiredDays.In(read, new DateOnly(2027, 2, 1), "documents[0].")).Path);
        Assert.Empty(ExpiredDays.In(read, new DateOnly(2027, 1, 31), ""));

        static (string, string) Only(JsonNode credential) => Assert.Single(Documents.Read(With(credential.ToJsonString())).Errors) is var error ? (error.Path, error.Code) : default;
    }

    [Fact]
    public void On_behalf_of_says_what_the_token_is_for_by_its_scope()
    {
        var credential = JsonNode.Parse(Whole)!;
        credential["at"]!.AsObject().Remove("scope");
        var error = Assert.Single(Documents.Read(With(credential.ToJsonString())).Errors);
        Assert.Equal(("spec.credential.at.scope", "missing"), (error.Path, error.Code));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("static")]
    public void Other_modes_have_none(string mode)
    {
        var credential = JsonNode.Parse(Least)!;
        credential["mode"] = mode;
        Assert.Contains(Documents.Read(With(credential.ToJsonString())).Errors, error => error is { Path: "spec.credential.at", Code: "bad_value" });
    }

    [Theory]
    [InlineData("""{"transport":"sse","url":"https://deploy.example.com/sse"}""", "not_supported_yet")]
    [InlineData("""{"transport":"stdio","command":"/usr/bin/node"}""", "bad_value")]
    public void It_needs_an_http_upstream(string upstream, string code)
    {
        var text = JsonNode.Parse(With(Least))!;
        text["spec"]!["upstream"] = JsonNode.Parse(upstream);
        Assert.Equal(code, Assert.Single(Documents.Read(text.ToJsonString()).Errors, error => error.Path == "spec.credential.at").Code);
    }

    private static string With(string credential) => Documents.With("Server", "spec.credential", credential);

    private static string Written(Document.Server read)
    {
        using var written = JsonDocument.Parse(DocumentWriter.Write(read));
        return written.RootElement.GetProperty("spec").GetProperty("credential").GetRawText();
    }
}
