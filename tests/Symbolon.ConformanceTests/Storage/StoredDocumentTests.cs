using System.Text.Json.Nodes;
using Symbolon.Core.Registry;
using Symbolon.Storage.Documents;

namespace Symbolon.ConformanceTests.Storage;

/// <summary>What an earlier version stored.</summary>
[Trait("area", "storage")]
public sealed class StoredDocumentTests
{
    [Fact]
    public void A_server_stored_by_an_earlier_version_keeps_no_arguments_is_held_to_no_place_and_can_be_stored_again()
    {
        var document = JsonNode.Parse(StoredDocument.Write(Samples.Server("deploy")))!;
        var manifest = document["approved"]!["manifest"]!;
        Assert.True(manifest.AsObject().Remove("content"));
        Assert.True(document["approved"]!.AsObject().Remove("place"));
        Assert.True(manifest["tools"]![0]!.AsObject().Remove("recordedArguments"));
        Assert.True(manifest["tools"]![0]!.AsObject().Remove("needs"));

        var server = Assert.IsType<ServerObject>(StoredDocument.Read("Server", document.ToJsonString()));

        Assert.Equal(RecordedContent.None, server.Approved!.Manifest.Content);
        Assert.Null(server.Approved.Place);
        Assert.Empty(server.Approved.Manifest.Tools[0].RecordedArguments);
        Assert.Empty(server.Approved.Manifest.Tools[0].Needs);
        Assert.Contains("recordedArguments", StoredDocument.Write(server), StringComparison.Ordinal);
    }

    [Fact]
    public void A_grant_stored_before_there_were_prompts_and_resources_gives_none_and_one_with_them_is_kept()
    {
        const string Before = """{"name":"g","to":{"users":["a@example.com"],"agents":[],"workflows":[]},"servers":[{"server":"deploy","tools":["look"],"effects":["Read"],"granted":false}]}""";
        var grant = Assert.IsType<GrantObject>(StoredDocument.Read("Grant", Before));
        Assert.Equal((0, 0, false, false), (grant.Servers[0].Prompts.Length, grant.Servers[0].Resources.Length, grant.Servers[0].AllPrompts, grant.Servers[0].AllResources));
        var pattern = Symbolon.Core.Resources.UriPattern.Parse("file:///docs/*", out _)!;
        var written = StoredDocument.Write(grant with { Servers = [grant.Servers[0] with { Prompts = ["review"], Resources = [pattern] }] });
        Assert.Contains("\"prompts\":[\"review\"],\"resources\":[\"file:///docs/*\"]", written, StringComparison.Ordinal);
        Assert.DoesNotContain("all", written, StringComparison.OrdinalIgnoreCase);
        Assert.Equal([pattern], Assert.IsType<GrantObject>(StoredDocument.Read("Grant", written)).Servers[0].Resources);
        Assert.Throws<System.Text.Json.JsonException>(() => StoredDocument.Read("Grant", written.Replace("docs/*", "../*", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_a_server_may_ask_of_clients_is_stored_by_name_and_nothing_is_not()
    {
        var document = JsonNode.Parse(Earlier)!;
        document["pending"]!["manifest"]!["clientFeatures"] = "Sampling, Roots";
        var server = Assert.IsType<ServerObject>(StoredDocument.Read("Server", document.ToJsonString()));
        Assert.Equal(ClientFeatures.Sampling | ClientFeatures.Roots, server.Pending!.Manifest.ClientFeatures);
        Assert.Contains("\"clientFeatures\":\"Sampling, Roots\"", StoredDocument.Write(server), StringComparison.Ordinal);
    }

    /// <summary>As the program wrote it before there was any upstream but Streamable HTTP, and with what a tool needs and what drifted.</summary>
    private const string Earlier = """
        {"name":"deploy","state":"Pending","pending":{"number":1,"appliedBy":"admin-token","appliedAt":1795253328383684,"selfApproved":false,"manifest":{"owner":"ops@example.com","labels":{"env":"prod"},"upstream":{"url":"https://10.1.2.3/mcp","era":"Legacy"},"credential":{"mode":"static","header":"X-Api-Key","secret":"deploy-api","expires":"2027-01-31"},"concealTools":false,"content":"None","tools":[{"name":"scale","digests":{},"effect":"Write","flags":"None","needs":[{"actions":["read"],"resource":"docs/{name}"}],"recordedArguments":[]}]}},"drifted":[],"turnedDown":[]}
        """;

    /// <summary>With what servers have since: tools that a turned down definition keeps their rights from.</summary>
    private static string Today(string stored) => stored[..^1] + ",\"withheld\":[]}";

    [Fact]
    public void A_server_stored_before_there_were_processes_is_read_and_written_as_it_was()
    {
        var server = Assert.IsType<ServerObject>(StoredDocument.Read("Server", Earlier));
        Assert.Equal(new UpstreamAddress.Http { Url = new Uri("https://10.1.2.3/mcp"), Era = UpstreamEra.Legacy }, server.Pending!.Manifest.Upstream);
        Assert.Equal(new UpstreamCredential.Static { Header = "X-Api-Key", Secret = "deploy-api", Expires = new DateOnly(2027, 1, 31) }, server.Pending.Manifest.Credential);
        Assert.Equal(Today(Earlier), StoredDocument.Write(server));
    }

    [Fact]
    public void A_shared_secret_is_stored_as_such()
    {
        var shared = Earlier.Replace("\"mode\":\"static\"", "\"mode\":\"shared\"", StringComparison.Ordinal);
        var server = Assert.IsType<ServerObject>(StoredDocument.Read("Server", shared));
        Assert.Equal(new UpstreamCredential.Shared { Header = "X-Api-Key", Secret = "deploy-api", Expires = new DateOnly(2027, 1, 31) }, server.Pending!.Manifest.Credential);
        Assert.Equal(Today(shared), StoredDocument.Write(server));
    }

    [Fact]
    public void A_credential_of_another_authorization_server_is_stored_under_its_own_name()
    {
        var document = JsonNode.Parse(Earlier)!;
        document["pending"]!["manifest"]!["credential"] = JsonNode.Parse(
            """{"mode":"foreign","audience":"https://api.example.com","tokenEndpoint":"https://login.example.com/token","client":"symbolon","style":"OnBehalfOf","scope":"a b","secret":"idp","expires":"2027-01-31"}""");
        var server = Assert.IsType<ServerObject>(StoredDocument.Read("Server", document.ToJsonString()));
        Assert.Equal(new UpstreamCredential.Foreign
        {
            Audience = "https://api.example.com", TokenEndpoint = "https://login.example.com/token", Client = "symbolon", Style = ForeignStyle.OnBehalfOf, Scope = "a b", Secret = "idp", Expires = new DateOnly(2027, 1, 31),
        }, server.Pending!.Manifest.Credential);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Today(document.ToJsonString())), JsonNode.Parse(StoredDocument.Write(server))), StoredDocument.Write(server));
    }

    [Fact]
    public void A_pattern_that_nobody_could_have_applied_is_not_read() =>
        Assert.Throws<System.Text.Json.JsonException>(() => StoredDocument.Read("Server", Earlier.Replace("docs/{name}", "docs/../{name}", StringComparison.Ordinal)));

    public static TheoryData<string> Upstreams => new(
        """{"stdio":{"command":"/usr/bin/node","args":["/srv/server.js","$(id);"],"env":{"A":"b"},"cwd":"/srv","isolation":"Caller","digests":[{"path":"/usr/bin/node","target":"/opt/node","digest":"sha256:00"}],"era":"Modern"}}""",
        """{"sse":{"url":"https://10.1.2.3/sse","era":"Legacy"}}""");

    [Theory]
    [MemberData(nameof(Upstreams))]
    public void A_process_and_an_old_endpoint_are_stored_under_their_own_names(string upstream)
    {
        var document = JsonNode.Parse(Earlier)!;
        document["pending"]!["manifest"]!["upstream"] = JsonNode.Parse(upstream);
        var server = Assert.IsType<ServerObject>(StoredDocument.Read("Server", document.ToJsonString()));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Today(document.ToJsonString())), JsonNode.Parse(StoredDocument.Write(server))), StoredDocument.Write(server));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"era":"Auto"}""")]
    [InlineData("""{"url":"https://10.1.2.3/mcp","sse":{"url":"https://10.1.2.3/sse"}}""")]
    [InlineData("""{"websocket":"https://10.1.2.3/"}""")]
    public void An_upstream_of_no_known_kind_is_not_read_as_another(string upstream)
    {
        var document = JsonNode.Parse(Earlier)!;
        document["pending"]!["manifest"]!["upstream"] = JsonNode.Parse(upstream);
        Assert.Throws<System.Text.Json.JsonException>(() => StoredDocument.Read("Server", document.ToJsonString()));
    }
}
