using System.Text.Json.Nodes;

namespace Symbolon.UnitTests.Files;

/// <summary><c>spec.clientFeatures</c> of servers that are no Streamable HTTP servers.</summary>
[Trait("area", "files")]
public sealed class ClientFeatureFieldTests
{
    [Theory]
    [InlineData("""{"transport":"stdio","command":"/usr/bin/node","isolation":"session"}""")]
    [InlineData("""{"transport":"stdio","command":"/usr/bin/node","isolation":"session","era":"legacy"}""")]
    [InlineData("""{"transport":"stdio","command":"/usr/bin/node","era":"modern"}""")]
    [InlineData("""{"transport":"stdio","command":"/usr/bin/node","isolation":"caller","era":"modern"}""")]
    public void A_process_may_ask_where_it_is_known_whom(string upstream) => Assert.Empty(Documents.Read(With(upstream)).Errors);

    [Theory]
    [InlineData("""{"transport":"stdio","command":"/usr/bin/node"}""", "isolation: session")]
    [InlineData("""{"transport":"stdio","command":"/usr/bin/node","isolation":"shared","era":"legacy"}""", "isolation: session")]
    [InlineData("""{"transport":"stdio","command":"/usr/bin/node","isolation":"caller","era":"auto"}""", "era: modern")]
    [InlineData("""{"transport":"sse","url":"https://deploy.example.com/sse"}""", "transport sse")]
    public void A_server_that_several_sessions_share_may_ask_nobody_and_the_error_says_what_would_change_that(string upstream, string said)
    {
        var error = Assert.Single(Documents.Read(With(upstream)).Errors);
        Assert.Equal(("spec.clientFeatures", "bad_value"), (error.Path, error.Code));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    private static string With(string upstream)
    {
        var document = JsonNode.Parse(Documents.Server)!;
        document["spec"]!["upstream"] = JsonNode.Parse(upstream);
        document["spec"]!.AsObject().Remove("limits");
        document["spec"]!.AsObject().Remove("credential");
        return document.ToJsonString();
    }
}
