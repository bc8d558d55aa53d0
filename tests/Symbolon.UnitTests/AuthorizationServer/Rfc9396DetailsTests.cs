using System.Text.Json;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Resources;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary><c>authorization_details</c> (RFC 9396): a token that is limited to resources behind the server.</summary>
[Trait("area", "oauth")]
public sealed class Rfc9396DetailsTests
{
    [Fact]
    [Trait("clause", "RFC 9396 §7")]
    public async Task A_token_is_limited_to_what_was_asked_and_a_tool_needs_and_says_so_wherever_it_is_asked()
    {
        await using var host = await StartAsync();
        var answer = await host.TokenAsync(("authorization_details", """[{"type":"symbolon_resource","actions":["read","write","delete"],"resource":"docs/team/**"}]"""));
        Assert.True(answer.Status == 200, answer.Text);
        // look and change need docs/{folder}/{page}; nobody deletes, and nothing deeper is needed.
        const string granted = """[{"type":"symbolon_resource","actions":["read","write"],"resource":"docs/team/*"}]""";
        Assert.Equal(granted, Details(answer.Json));
        var token = answer.Json.GetProperty("access_token").GetString()!;
        Assert.Equal(granted, Details(OAuthHost.PayloadOf(token)));
        var introspected = await host.PostAsync("/oauth/introspect", ("token", token), ("client_assertion", host.Assertion()), ("client_assertion_type", OAuthHost.AssertionType));
        Assert.Equal(granted, Details(introspected.Json));
        Assert.Equal("mcp:shop:@granted read:docs/team/* write:docs/team/*", host.Proofs.Records.Last(record => record.Kind == AuditKind.TokenIssued).Scope);
    }

    [Fact]
    [Trait("clause", "RFC 9396 §7")]
    public async Task Who_asks_for_no_limit_is_told_of_none()
    {
        await using var host = await StartAsync();
        Assert.False((await host.TokenAsync()).Json.TryGetProperty("authorization_details", out _));
    }

    [Theory]
    [InlineData("mcp:shop:look", """["read","write"]""", "docs/team/*", "read:docs/team/*")]
    [InlineData("mcp:shop:look mcp:shop:change", """["read","write"]""", "docs/*/*", "read:docs/*/* write:docs/*/*")]
    [InlineData("mcp:shop:look", """["read"]""", "**", "read:docs/*/*")]
    [InlineData("mcp:shop:find", """["read"]""", "docs/index/*", "read:docs/index/*")]
    [Trait("clause", "DESIGN.md §4 Scopes")]
    public async Task Only_the_needs_of_tools_that_the_token_names_count(string scope, string actions, string resource, string granted)
    {
        await using var host = await StartAsync();
        var token = await host.AccessTokenAsync(("scope", scope), ("authorization_details", $$"""[{"type":"symbolon_resource","actions":{{actions}},"resource":"{{resource}}"}]"""));
        Assert.Equal(granted, Assert.IsType<Core.AccessTokens.AccessTokenReading.Valid>(host.Read(token)).Token.OAuth!.Limits!.ToString());
    }

    /// <summary>What is sent, and the words of the error behind the parameter's name.</summary>
    public static TheoryData<string, string> Hostile => new()
    {
        { "nonsense", " is no JSON, or names a member twice." }, { "[", " is no JSON, or names a member twice." },
        { "{}", " must be a list." }, { "null", " must be a list." }, { "\"read:docs/*\"", " must be a list." }, { "[]", " must have at least one detail; leave it out to be limited to no resources." },
        { "[7]", "[0] must be an object." }, { "[[]]", "[0] must be an object." }, { "[{}]", "[0].type must be symbolon_resource, the only type that is supported." },
        { """[{"type":"payment_initiation","actions":["read"],"resource":"docs/a/b"}]""", "[0].type must be symbolon_resource, the only type that is supported." },
        { """[{"type":"Symbolon_Resource","actions":["read"],"resource":"docs/a/b"}]""", "[0].type must be symbolon_resource, the only type that is supported." },
        { """[{"type":["symbolon_resource"],"actions":["read"],"resource":"docs/a/b"}]""", "[0].type must be symbolon_resource, the only type that is supported." },
        { """[{"type":"symbolon_resource","resource":"docs/a/b"}]""", "[0].actions must name at least one action." },
        { """[{"type":"symbolon_resource","actions":[],"resource":"docs/a/b"}]""", "[0].actions must name at least one action." },
        { """[{"type":"symbolon_resource","actions":"read","resource":"docs/a/b"}]""", "[0].actions must be a list." },
        { """[{"type":"symbolon_resource","actions":["read",1],"resource":"docs/a/b"}]""", "[0].actions[1] must be a lower-case letter, then at most 31 lower-case letters, digits, _ and -." },
        { """[{"type":"symbolon_resource","actions":["*"],"resource":"docs/a/b"}]""", "[0].actions[0] must be a lower-case letter, then at most 31 lower-case letters, digits, _ and -." },
        { """[{"type":"symbolon_resource","actions":["READ"],"resource":"docs/a/b"}]""", "[0].actions[0] must be a lower-case letter, then at most 31 lower-case letters, digits, _ and -." },
        { """[{"type":"symbolon_resource","actions":["read"]}]""", "[0].resource is missing." },
        { """[{"type":"symbolon_resource","actions":["read"],"resource":["docs/a/b"]}]""", "[0].resource must be a text." },
        { """[{"type":"symbolon_resource","actions":["read"],"resource":"docs/{folder}/b"}]""", "[0].resource has an argument in braces, which only what a tool needs can have." },
        { """[{"type":"symbolon_resource","actions":["read"],"resource":"docs/../b"}]""", "[0].resource has a segment that is . or has .. in it (segment 2)." },
        { """[{"type":"symbolon_resource","actions":["read"],"resource":"docs/**/b"}]""", "[0].resource has ** elsewhere than at its end (segment 2)." },
        { """[{"type":"symbolon_resource","actions":["read"],"resource":"docs/a b"}]""", "[0].resource has a character that is not printable ASCII without blanks, quotation marks and backslashes (character 7)." },
        { """[{"type":"symbolon_resource","actions":["read"],"resource":"docs/a/b"},{"type":"symbolon_resource","actions":["read"],"resource":""}]""", "[1].resource is empty." },
        { """[{"type":"symbolon_resource","actions":["read"],"resource":"docs/a/b","locations":["https://shop.example.com"]}]""", "[0] has a member other than type, actions and resource." },
        { """[{"type":"symbolon_resource","actions":["read"],"resource":"docs/a/b","Resource":"**"}]""", " is no JSON, or names a member twice." },
        { """[{"type":"symbolon_resource","actions":["read"],"resource":"docs/a/b","resource":"**"}]""", " is no JSON, or names a member twice." },
        { """[{"type":"symbolon_resource","actions":[["read"]],"resource":"docs/a/b"}]""", "[0].actions[0] must be a lower-case letter, then at most 31 lower-case letters, digits, _ and -." },
        { $"[{string.Join(',', Enumerable.Range(0, 17).Select(i => $$"""{"type":"symbolon_resource","actions":["read"],"resource":"docs/a/f{{i}}"}"""))}]", " has more than 16 details." },
        { $$"""[{"type":"symbolon_resource","actions":["read"{{string.Concat(Enumerable.Range(0, 16).Select(i => $",\"a{i}\""))}}],"resource":"docs/a/b"}]""", "[0].actions has more than 16 items." },
        { $$"""[{"type":"symbolon_resource","actions":["read"],"resource":"{{new string('a', 513)}}"}]""", "[0].resource has more than 512 characters." },
        { $"[{new string(' ', 16_384)}]", " has more than 16384 bytes." },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    [Trait("clause", "RFC 9396 §5")]
    [Trait("hostile", "authorization details")]
    public async Task What_is_not_of_the_one_type_in_its_one_form_is_refused_with_its_place(string details, string words)
    {
        await using var host = await StartAsync();
        var answer = await host.TokenAsync(("authorization_details", details));
        Assert.Equal(
            (400, "invalid_authorization_details", "authorization_details" + words),
            (answer.Status, answer.Json.GetProperty("error").GetString(), answer.Json.GetProperty("error_description").GetString()));
    }

    [Theory]
    [InlineData("mcp:shop:look", "read", "other/team/*")]
    [InlineData("mcp:shop:look", "write", "docs/team/*")]
    [InlineData("mcp:shop:look", "read", "docs/team/plan/old")]
    [InlineData("mcp:shop:change", "write", "docs/team/*")]
    [InlineData("mcp:shop:bare", "read", "**")]
    [Trait("clause", "DESIGN.md §4 Scopes")]
    [Trait("hostile", "authorization details")]
    public async Task Details_with_which_no_tool_could_be_called_are_refused(string scope, string action, string resource)
    {
        await using var host = await StartAsync();
        var answer = await host.TokenAsync(("scope", scope), ("authorization_details", $$"""[{"type":"symbolon_resource","actions":["{{action}}"],"resource":"{{resource}}"}]"""));
        Assert.Equal((400, "invalid_authorization_details"), (answer.Status, CodeFlow.Error(answer)));
        Assert.Contains("names nothing", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Scopes")]
    [Trait("hostile", "authorization details")]
    public async Task What_comes_to_more_than_sixteen_resources_or_eight_kilobytes_is_refused()
    {
        await using var host = await StartAsync();
        var many = Enumerable.Range(0, 17).Select(i => Tool("t" + i, Need($"place{i}/" + new string('x', 400) + "/*", "read"))).ToArray();
        host.Apply(With(OAuthHost.ServerOf("shop"), many), OAuthHost.Grant("bot-shop", "bot", "shop", [.. many.Select(tool => tool.Name)], [], null));
        var all = await host.TokenAsync(("authorization_details", """[{"type":"symbolon_resource","actions":["read"],"resource":"**"}]"""));
        Assert.Equal("invalid_authorization_details", CodeFlow.Error(all));
        Assert.Contains("more than 16", all.Text, StringComparison.Ordinal);
        var long16 = await host.TokenAsync(("scope", string.Join(' ', many.Take(16).Select(tool => $"mcp:shop:{tool.Name}"))), ("authorization_details", """[{"type":"symbolon_resource","actions":["read"],"resource":"**"}]"""));
        Assert.Equal("invalid_scope", CodeFlow.Error(long16));
        Assert.Contains("8 KiB", long16.Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("clause", "RFC 9396 §10")]
    public async Task The_type_is_in_the_metadata_of_the_server_and_of_the_resource()
    {
        await using var host = await StartAsync();
        foreach (var path in new[] { "/.well-known/oauth-authorization-server", "/.well-known/openid-configuration", "/.well-known/oauth-protected-resource/mcp/shop" })
            Assert.Equal("""["symbolon_resource"]""", (await host.GetAsync(path)).Json.GetProperty("authorization_details_types_supported").GetRawText());
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Scopes")]
    public async Task A_token_that_is_limited_behind_the_server_has_none_of_its_prompts_and_resources()
    {
        await using var host = await StartAsync();
        host.Apply(FeatureScopeTests.Of("bot-features", new GrantSubjects { Agents = [new("bot")] }));
        Assert.Equal("mcp:shop:look mcp:shop:@prompts mcp:shop:@resources", (await host.TokenAsync(("scope", "mcp:shop:look mcp:shop:@prompts mcp:shop:@resources"))).Json.GetProperty("scope").GetString());
        var limited = await host.TokenAsync(("scope", "mcp:shop:look mcp:shop:@prompts mcp:shop:@resources"), ("authorization_details", """[{"type":"symbolon_resource","actions":["read"],"resource":"docs/**"}]"""));
        Assert.True(limited.Status == 200, limited.Text);
        Assert.Equal("mcp:shop:look", limited.Json.GetProperty("scope").GetString());
        var nothing = await host.TokenAsync(("scope", "mcp:shop:@prompts"), ("authorization_details", """[{"type":"symbolon_resource","actions":["read"],"resource":"docs/**"}]"""));
        Assert.Equal(400, nothing.Status);
    }

    internal static async Task<OAuthHost> StartAsync() => Prepared(await OAuthHost.StartAsync());

    /// <summary>look and change are for any page of docs, find for the index, and bare does not say.</summary>
    internal static OAuthHost Prepared(OAuthHost host, string look = "docs/{folder}/{page}")
    {
        host.Apply(
            With(OAuthHost.ServerOf("shop"), [Tool("look", Need(look, "read")), Tool("find", Need("docs/index/*", "read")), Tool("change", Need("docs/{folder}/{page}", "read", "write")), Tool("bare")]),
            OAuthHost.Grant("bot-shop", "bot", "shop", [new("look"), new("find"), new("change"), new("bare")], [], null));
        return host;
    }

    internal static string? Details(JsonElement json) => json.TryGetProperty("authorization_details", out var details) ? details.GetRawText() : null;

    internal static string DetailsOf(Core.OAuth.Authorizations.Authorization authorization)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) Core.OAuth.AuthorizationDetails.Write(json, authorization.Limits!);
        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static ServerObject With(ServerObject server, ManifestTool[] tools) =>
        server with { Approved = server.Approved! with { Manifest = server.Approved.Manifest with { Tools = [.. tools] } } };

    private static ResourceNeed Need(string resource, params string[] actions) => new([.. actions], ResourcePattern.Parse(resource, out _)!);

    private static ManifestTool Tool(string name, params ResourceNeed[] needs) => new()
    {
        Name = new ToolName(name), Effect = name == "change" ? Core.Tools.Effect.Write : Core.Tools.Effect.Read, Needs = [.. needs],
        InputSchema = JsonDocument.Parse("""{"properties":{"folder":{"type":"string"},"page":{"type":"string"}},"required":["folder","page"]}""").RootElement,
    };
}
