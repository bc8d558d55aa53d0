using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Resources;
using Symbolon.Core.Tools;

namespace Symbolon.UnitTests.Files;

[Trait("area", "files")]
public sealed class DocumentReaderTests
{
    [Fact]
    public void A_server_with_every_field_of_today_is_read_as_it_says()
    {
        var server = Assert.IsType<Document.Server>(Read(Documents.Server));
        var manifest = server.Manifest;
        Assert.Equal(("deploy", "ops@example.com", "prod"), (server.Name.Value, manifest.Owner, manifest.Labels["env"]));
        Assert.Equal(("https://deploy.example.com/mcp", UpstreamEra.Auto, true), (manifest.Upstream.Shown, manifest.Upstream.Era, manifest.ConcealTools));
        Assert.Equal(new UpstreamCredential.Static { Header = "X-Api-Key", Secret = "deploy-api", Expires = new DateOnly(2027, 1, 31) }, manifest.Credential);
        Assert.Equal(new UpstreamLimits { AnswerBytes = 65536, ConnectSeconds = 2, SilenceSeconds = 300, CallSeconds = 3600 }, manifest.Limits);
        Assert.Equal(ClientFeatures.Sampling | ClientFeatures.Elicitation | ClientFeatures.Roots, manifest.ClientFeatures);
        Assert.Equal(2, manifest.Tools.Length);
        var tool = manifest.Tools[0];
        Assert.Equal(("rollout_status", "Rollout status", "Shows how far a rollout is.", Effect.Read), (tool.Name.Value, tool.Title, tool.Description, tool.Effect));
        Assert.Equal(ToolFlags.Sensitive | ToolFlags.Executes | ToolFlags.OpenWorld | ToolFlags.Financial, tool.Flags);
        Assert.Equal("{\"type\":\"object\",\"properties\":{\"n\":{\"const\":9007199254740993}}}", tool.InputSchema!.Value.GetRawText());
        Assert.Equal("{\"readOnlyHint\":true}", tool.Annotations!.Value.GetRawText());
        Assert.StartsWith("sha256:0123", tool.Digests.Legacy, StringComparison.Ordinal);
        Assert.StartsWith("sha256:fedc", tool.Digests.Modern, StringComparison.Ordinal);
        Assert.Equal((RecordedContent.Arguments, 0), (manifest.Content, tool.RecordedArguments.Length));
        Assert.Equal(["replicas", "namespace"], manifest.Tools[1].RecordedArguments);
        Assert.Contains("\"maximum\":10.0", manifest.Tools[1].Arguments!.Json.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(["read:cluster:prod/namespace:{namespace}/*", "scale:cluster:prod/namespace:{namespace}/*", "read:docs/**"], manifest.Tools[1].Needs.SelectMany(need => need.ToScopes()));
    }

    [Fact]
    public void A_grant_with_every_field_of_today_is_read_as_it_says()
    {
        var grant = Assert.IsType<Document.Grant>(Read(Documents.Grant)).Object;
        Assert.Equal(["alice@example.com", "*"], grant.To.Users);
        Assert.Equal(("release-bot", "nightly"), (grant.To.Agents[0].Value, grant.To.Workflows[0].Value));
        Assert.Equal([Effect.Read, Effect.Write, Effect.Irreversible], grant.Servers[0].Effects);
        Assert.Equal(["review code", "summary"], grant.Servers[0].Prompts);
        Assert.Equal(["file:///docs/**", "memo://one"], grant.Servers[0].Resources.Select(pattern => pattern.Text));
        Assert.Equal(["*"], grant.Servers[1].Prompts);
        Assert.True(Assert.Single(grant.Servers[1].Resources).IsAny);
        Assert.Equal((new DateOnly(2027, 3, 31), 8 * 3600L), (grant.Expires, grant.MaxTtlSeconds));
        Assert.Equal(new DateTimeOffset(2027, 4, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds() * 1000, grant.EndsAt);
    }

    [Fact]
    public void A_resource_with_every_field_is_read_as_it_says()
    {
        var resource = Assert.IsType<Document.Resource>(Read(Documents.Resource)).Object;
        Assert.Equal(("project-metadata", "project/*/metadata", Sensitivity.Internal), (resource.Name.Value, resource.Pattern.Text, resource.Sensitivity));
        Assert.Equal(["project/*/secrets", "vault/**"], resource.Reaches.Select(pattern => pattern.Text));
        Assert.Equal(["ci/*/pipeline"], resource.Triggers.Select(pattern => pattern.Text));
    }

    [Fact]
    public void An_issuer_with_every_field_is_read_as_it_says()
    {
        var issuer = Assert.IsType<Document.Issuer>(Read(Documents.Issuer)).Object;
        Assert.Equal(("ci", "https://ci.example.com", "prod.example.com", "https://symbolon.example.com", 900L), (issuer.Name.Value, issuer.Issuer, issuer.TrustDomain, issuer.Audience, issuer.MaxTtlSeconds));
        Assert.Equal(["spiffe://prod.example.com/ci/*", "spiffe://prod.example.com/job"], issuer.Subjects.Select(pattern => pattern.Text));
        Assert.Single(PublicKeys.Read(issuer.Keys));
        var agent = Assert.IsType<Document.Identity>(Read(Documents.Agent)).Object;
        Assert.Equal(["ci repo:acme/shop:*", "cluster system:serviceaccount:bots:release"], agent.Federation.Select(each => $"{each.Issuer} {each.Subject}"));
    }

    [Fact]
    public void An_issuer_says_where_its_keys_are_in_one_way()
    {
        var nowhere = Documents.With("Issuer", "spec", """{"trustDomain":"prod.example.com","audience":"a","subjects":["spiffe://prod.example.com/*"]}""");
        var error = Assert.Single(Documents.Read(nowhere).Errors);
        Assert.Equal(("spec.jwks", "missing"), (error.Path, error.Code));
        Assert.NotNull(Read(Documents.With("Issuer", "spec", """{"trustDomain":"prod.example.com","audience":"a","subjects":["spiffe://prod.example.com/*"],"jwksUri":"https://spire.example.com/keys?a=b"}""")));
        Assert.Equal("bad_value", Assert.Single(Documents.Read(Documents.With("Issuer", "spec", """{"issuer":"https://ci.example.com","audience":"a","subjects":["x"],"jwksUri":"http://ci.example.com/keys"}""")).Errors).Code);
    }

    [Theory]
    [InlineData("spec.pattern")]
    [InlineData("spec.reaches.0")]
    [InlineData("spec.triggers.0")]
    public void A_resource_belongs_to_no_call_and_so_names_no_argument(string path)
    {
        var error = Assert.Single(Documents.Read(Documents.With("Resource", path, "\"ns:{namespace}/*\"")).Errors);
        Assert.Equal((PathOf(path), "bad_value"), (error.Path, error.Code));
        Assert.Contains("argument {namespace}", error.Message, StringComparison.Ordinal);
        Assert.Contains("Write * in its place", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Document, member, its value: accepted.</summary>
    public static TheoryData<string, string, string?> Accepted => new()
    {
        { "Server", "spec.credential", null }, { "Server", "spec.credential", """{"mode":"none"}""" }, { "Server", "spec.concealTools", "false" }, { "Server", "spec.onDrift", "\"suspend-tool\"" }, { "Server", "spec.onDrift", null },
        { "Server", "spec.unlistedTools", null }, { "Server", "spec.tools", "[]" }, { "Server", "spec.tools", null }, { "Server", "metadata.labels", null },
        { "Server", "spec.upstream.era", "\"legacy\"" }, { "Server", "spec.upstream.era", "\"modern\"" }, { "Server", "spec.upstream.era", null },
        { "Server", "spec.tools.0.digests", null }, { "Server", "spec.tools.0.flags", "[]" }, { "Server", "spec.tools.0.effect", "\"irreversible\"" },
        { "Server", "metadata.owner", "\"Ops@Example.com\"" }, { "Agent", "spec", null }, { "Agent", "spec.keys", "[]" },
        { "Agent", "spec.keys", """[{"kty":"EC","crv":"P-256","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs","y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA","kid":"one"}]""" }, { "Agent", "metadata.labels", "{}" },
        { "Server", "spec.credential", """{"mode":"exchange","audience":"https://k8s.example.com/v1/"}""" }, { "Server", "spec.credential", """{"mode":"exchange","audience":"http://[::1]:7443","ttl":"4h"}""" },
        { "Grant", "spec.expires", null }, { "Grant", "spec.tokens", null }, { "Grant", "spec.tokens", "{}" }, { "Grant", "spec.servers", "[]" },
        { "Server", "spec.limits", null }, { "Server", "spec.limits", "{}" }, { "Server", "spec.limits.call", "\"1d\"" }, { "Server", "spec.limits.answer", "\"256MiB\"" },
        { "Server", "spec.tools.1.audit", null }, { "Server", "spec.tools.1.audit", "{}" }, { "Server", "spec.tools.1.audit.arguments", "[]" },
        { "Server", "spec.tools.1.arguments", null }, { "Server", "spec.tools.1.arguments", "{}" }, { "Server", "spec.tools.1.arguments", """{"additionalProperties":false,"properties":{"namespace":{"pattern":"^c"}}}""" },
        { "Server", "spec.tools.0.arguments", """{"properties":{"n":{"enum":[9007199254740993]}}}""" },
        { "Server", "spec.tools.0.needs", "[]" }, { "Server", "spec.tools.1.needs", null }, { "Server", "spec.tools.1.needs.0.resource", "\"replicas:{replicas}\"" },
        { "Server", "spec.clientFeatures", null }, { "Server", "spec.clientFeatures", "[]" }, { "Server", "spec.clientFeatures", "[\"roots\"]" },
        { "Grant", "spec.servers.0.prompts", null }, { "Grant", "spec.servers.0.prompts", "[]" }, { "Grant", "spec.servers.0.prompts.0", "\"a/b: c\"" }, { "Grant", "spec.servers.0.prompts.2", "\"*\"" },
        { "Grant", "spec.servers.0.resources", null }, { "Grant", "spec.servers.0.resources", "[]" }, { "Grant", "spec.servers.0.resources.0", "\"urn:isbn:*\"" }, { "Grant", "spec.servers.0.resources.0", "\"https://*/docs/re*\"" },
        { "Resource", "spec.reaches", null }, { "Resource", "spec.triggers", "[]" }, { "Resource", "spec.sensitivity", "\"secret\"" }, { "Resource", "spec.pattern", "\"**\"" },
        { "Agent", "spec.federation", "[]" }, { "Agent", "spec.federation", null }, { "Agent", "spec.federation.0.subject", "\"repo:acme/shop:environment:Production env\"" },
        { "Issuer", "spec.trustDomain", null }, { "Issuer", "spec.issuer", null }, { "Issuer", "spec.jwks", null }, { "Issuer", "spec.maxTtl", null }, { "Issuer", "spec.maxTtl", "\"24h\"" }, { "Issuer", "spec.maxTtl", "\"60s\"" },
        { "Issuer", "spec.issuer", "\"http://127.0.0.1:8080\"" }, { "Issuer", "spec.issuer", "\"http://localhost\"" }, { "Issuer", "spec.issuer", "\"https://tenant.example.com/\"" }, { "Issuer", "spec.audience", "\"symbolon\"" },
        { "Grant", "spec.to", """{"agents":["a"]}""" }, { "Grant", "spec.tokens.maxTtl", "\"60s\"" }, { "Grant", "spec.tokens.maxTtl", "\"15m\"" }, { "Grant", "spec.tokens.maxTtl", "\"30d\"" },
    };

    [Theory]
    [MemberData(nameof(Accepted))]
    public void What_is_built_is_accepted(string kind, string path, string? json) => Assert.NotNull(Read(Documents.With(kind, path, json)));

    [Fact]
    public void Arguments_to_record_are_accepted_without_a_schema() =>
        Assert.NotNull(Read(Documents.With("Server", "spec.tools.1", """{"name":"scale","effect":"write","audit":{"arguments":["replicas"]}}""")));

    /// <summary>Fields of the format that are not built yet: refused by name, whatever their value.</summary>
    public static TheoryData<string, string, string> NotYet => new()
    {
        { "Server", "spec.prompts", "[]" }, { "Server", "spec.resources", "[]" },
        { "Server", "spec.tools.0.approval", "{}" },
        { "Grant", "spec.to.groups", "[]" },
        { "Grant", "spec.tokens.binding", "\"mtls\"" }, { "Server", "spec.tokens.binding", "\"mtls\"" },
    };

    [Theory]
    [MemberData(nameof(NotYet))]
    public void What_is_not_built_yet_is_refused_by_name(string kind, string path, string json)
    {
        var error = Assert.Single(Documents.Read(Documents.With(kind, path, json)).Errors);
        Assert.Equal((PathOf(path), "not_supported_yet"), (error.Path, error.Code));
        Assert.Contains("not supported yet", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Document, member, its value, error code.</summary>
    public static TheoryData<string, string, string?, string> Refused => new()
    {
        { "Server", "spec.clientFeatures", "\"roots\"", "wrong_type" }, { "Server", "spec.clientFeatures.0", "1", "wrong_type" }, { "Server", "spec.clientFeatures.0", "\"Roots\"", "bad_value" }, { "Server", "spec.clientFeatures.0", "\"tools\"", "bad_value" },
        { "Server", "spec.clientFeatures.2", "\"sampling\"", "duplicate" }, { "Server", "spec.clientFeatures", "[\"a\",\"b\",\"c\",\"d\"]", "too_many" },
        { "Grant", "spec.servers.0.prompts", "\"*\"", "wrong_type" }, { "Grant", "spec.servers.0.prompts.0", "1", "wrong_type" }, { "Grant", "spec.servers.0.prompts.0", "\"\"", "bad_value" }, { "Grant", "spec.servers.0.prompts.0", "\"review_*\"", "bad_value" },
        { "Grant", "spec.servers.0.prompts.0", "\" a\"", "bad_value" }, { "Grant", "spec.servers.0.prompts.0", "\"a\\u202eb\"", "bad_value" }, { "Grant", "spec.servers.0.prompts.0", "\"a\\n\"", "bad_value" }, { "Grant", "spec.servers.0.prompts.0", $"\"{new string('x', 129)}\"", "bad_value" }, { "Grant", "spec.servers.0.prompts.1", "\"review code\"", "duplicate" },
        { "Grant", "spec.servers.0.resources", "\"*\"", "wrong_type" }, { "Grant", "spec.servers.0.resources.0", "{}", "wrong_type" }, { "Grant", "spec.servers.0.resources.0", "\"\"", "bad_value" }, { "Grant", "spec.servers.0.resources.0", "\"docs/*\"", "bad_value" },
        { "Grant", "spec.servers.0.resources.0", "\"file:///docs/{name}\"", "bad_value" }, { "Grant", "spec.servers.0.resources.0", "\"file:///../*\"", "bad_value" }, { "Grant", "spec.servers.0.resources", "[\"memo://one\",\"memo://one\"]", "duplicate" },
        { "Agent", "spec.federation", "{}", "wrong_type" }, { "Agent", "spec.federation.0", "\"ci\"", "wrong_type" }, { "Agent", "spec.federation.0.issuer", null, "missing" }, { "Agent", "spec.federation.0.subject", null, "missing" },
        { "Agent", "spec.federation.0.issuer", "\"https://ci.example.com\"", "bad_name" }, { "Agent", "spec.federation.0.subject", "\"*\"", "bad_value" }, { "Agent", "spec.federation.0.subject", "\"***\"", "bad_value" },
        { "Agent", "spec.federation.0.subject", "\"a\\u00e9\"", "bad_value" }, { "Agent", "spec.federation.0.subject", "\"a\\n\"", "bad_value" }, { "Agent", "spec.federation.0.audience", "\"x\"", "unknown_field" },
        { "Agent", "spec.federation.1", """{"issuer":"ci","subject":"repo:acme/shop:*"}""", "duplicate" }, { "Agent", "spec.federation.0.subject", $"\"{new string('x', 513)}\"", "too_long" },
        { "Issuer", "spec.audience", null, "missing" }, { "Issuer", "spec.audience", "\"\"", "missing" }, { "Issuer", "spec.audience", "\"a b\"", "bad_value" }, { "Issuer", "spec.audience", "[\"a\"]", "wrong_type" },
        { "Issuer", "spec.subjects", null, "missing" }, { "Issuer", "spec.subjects", "[]", "missing" }, { "Issuer", "spec.subjects", "[\"*\"]", "bad_value" }, { "Issuer", "spec.subjects", "\"a\"", "wrong_type" },
        { "Issuer", "spec.subjects.0", "\"spiffe://dev.example.com/x\"", "bad_value" }, { "Issuer", "spec.subjects.1", "\"spiffe://prod.example.com/ci/*\"", "duplicate" },
        { "Issuer", "spec.issuer", "\"http://ci.example.com\"", "bad_value" }, { "Issuer", "spec.issuer", "\"ftp://ci.example.com\"", "bad_value" }, { "Issuer", "spec.issuer", "\"https://ci.example.com?x\"", "bad_value" },
        { "Issuer", "spec.issuer", "\"https://ci.example.com#x\"", "bad_value" }, { "Issuer", "spec.issuer", "\"https://a@ci.example.com\"", "bad_value" }, { "Issuer", "spec.issuer", "\"ci\"", "bad_value" }, { "Issuer", "spec.issuer", "\"spiffe://prod.example.com\"", "bad_value" },
        { "Issuer", "spec.trustDomain", "\"spiffe://prod.example.com\"", "bad_value" }, { "Issuer", "spec.trustDomain", "\"Prod.example.com\"", "bad_value" }, { "Issuer", "spec.trustDomain", "\"\"", "bad_value" },
        { "Issuer", "spec.maxTtl", "\"59s\"", "bad_value" }, { "Issuer", "spec.maxTtl", "\"25h\"", "bad_value" }, { "Issuer", "spec.maxTtl", "3600", "wrong_type" },
        { "Issuer", "spec.jwks", """{"keys":[]}""", "missing" }, { "Issuer", "spec.jwks", "{}", "missing" }, { "Issuer", "spec.jwks", """{"keys":[{"kty":"oct","k":"AA"}]}""", "bad_value" },
        { "Issuer", "spec.jwks.keys.0", """{"kty":"RSA","n":"AQAB","e":"AQAB"}""", "bad_value" }, { "Issuer", "spec.jwks.keys.0", """{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""", "bad_value" },
        { "Issuer", "spec.jwks.keys.0", """{"kty":"EC","crv":"P-256","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs","y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA","d":"AA"}""", "bad_value" },
        { "Issuer", "spec.jwksUri", "\"https://ci.example.com/keys\"", "bad_value" }, { "Issuer", "spec.colour", "1", "unknown_field" }, { "Issuer", "metadata.owner", "\"ops@example.com\"", "unknown_field" },
        { "Server", "apiVersion", "\"symbolon/v2\"", "bad_value" }, { "Server", "apiVersion", null, "missing" }, { "Server", "kind", null, "missing" },
        { "Server", "kind", "\"server\"", "bad_value" }, { "Server", "kind", "7", "wrong_type" }, { "Server", "colour", "\"red\"", "unknown_field" },
        { "Server", "metadata", null, "missing" }, { "Server", "metadata", "[]", "wrong_type" }, { "Server", "spec", null, "missing" }, { "Server", "spec", "null", "wrong_type" },
        { "Server", "metadata.name", "\"Deploy\"", "bad_name" }, { "Server", "metadata.name", "\"9x\"", "bad_name" }, { "Server", "metadata.name", "\"\"", "missing" },
        { "Server", "metadata.name", "\"a_b\"", "bad_name" }, { "Server", "metadata.name", "\"abcdefghijklmnopqrstuvwxyz-012345\"", "bad_name" }, { "Server", "metadata.name", "\"../x\"", "bad_name" },
        { "Server", "metadata.owner", "\"ops\"", "bad_value" }, { "Server", "metadata.owner", null, "missing" }, { "Server", "metadata.owner", "\"a b@c\"", "bad_value" },
        { "Server", "metadata.labels", "[]", "wrong_type" }, { "Server", "metadata.labels.env", "1", "wrong_type" }, { "Server", "metadata.colour", "1", "unknown_field" },
        { "Server", "spec.Tools", "[]", "unknown_field" }, { "Server", "spec.upstream", null, "missing" }, { "Server", "spec.upstream.transport", null, "missing" },
        { "Server", "spec.upstream.transport", "\"tcp\"", "bad_value" }, { "Server", "spec.credential.env", "\"X\"", "bad_value" }, { "Server", "spec.upstream.url", null, "missing" }, { "Server", "spec.upstream.url", "\"ftp://x/\"", "bad_value" },
        { "Server", "spec.upstream.era", "\"ancient\"", "bad_value" }, { "Server", "spec.upstream.port", "80", "unknown_field" },
        { "Server", "spec.credential.mode", null, "missing" }, { "Server", "spec.credential.mode", "\"basic\"", "bad_value" },
        { "Server", "spec.credential.ttl", "\"1h\"", "bad_value" }, { "Server", "spec.credential.audience", "\"https://x\"", "bad_value" },
        { "Server", "spec.credential.header", null, "missing" }, { "Server", "spec.credential.header", "\"Host\"", "bad_value" }, { "Server", "spec.credential.header", "\"X Y\"", "bad_value" },
        { "Server", "spec.credential.secret", null, "missing" }, { "Server", "spec.credential.secret", "\"A secret value!\"", "bad_name" },
        { "Server", "spec.credential.expires", null, "missing" }, { "Server", "spec.credential.expires", "\"31.01.2027\"", "bad_value" }, { "Server", "spec.credential.expires", "\"2027-02-30\"", "bad_value" },
        { "Server", "spec.credential.value", "\"s3cret\"", "unknown_field" }, { "Server", "spec.concealTools", "\"yes\"", "wrong_type" }, { "Server", "spec.onDrift", "\"ignore\"", "bad_value" },
        { "Server", "spec.unlistedTools", "\"allow\"", "bad_value" }, { "Server", "spec.tools", "{}", "wrong_type" }, { "Server", "spec.tools.0", "\"x\"", "wrong_type" },
        { "Server", "spec.tools.0.name", "\"a*\"", "bad_name" }, { "Server", "spec.tools.0.name", "\"ä\"", "bad_name" }, { "Server", "spec.tools.0.name", null, "missing" },
        { "Server", "spec.tools.0.effect", null, "missing" }, { "Server", "spec.tools.0.effect", "\"Read\"", "bad_value" }, { "Server", "spec.tools.0.flags", "[\"dangerous\"]", "bad_value" },
        { "Server", "spec.tools.0.inputSchema", "[]", "wrong_type" }, { "Server", "spec.tools.0.digests.legacy", "\"sha256:xyz\"", "bad_value" },
        { "Server", "spec.tools.0.digests.legacy", "\"SHA256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"", "bad_value" },
        { "Server", "spec.tools.0.digests.future", "\"x\"", "unknown_field" }, { "Server", "spec.tools.0.title", "null", "wrong_type" },
        { "Server", "spec.limits", "[]", "wrong_type" }, { "Server", "spec.limits.body", "\"1MiB\"", "unknown_field" }, { "Server", "spec.limits.answer", "16", "wrong_type" },
        { "Server", "spec.limits.answer", "\"16\"", "bad_value" }, { "Server", "spec.limits.answer", "\"0KiB\"", "bad_value" }, { "Server", "spec.limits.answer", "\"257MiB\"", "bad_value" },
        { "Server", "spec.limits.answer", "\"99999999MiB\"", "bad_value" }, { "Server", "spec.limits.connect", "\"61s\"", "bad_value" }, { "Server", "spec.limits.connect", "\"0s\"", "bad_value" },
        { "Server", "spec.limits.silence", "\"2h\"", "bad_value" }, { "Server", "spec.limits.silence", "\"never\"", "bad_value" }, { "Server", "spec.limits.call", "\"2d\"", "bad_value" },
        { "Server", "spec.audit", "true", "wrong_type" }, { "Server", "spec.audit.content", null, "missing" }, { "Server", "spec.audit.content", "\"all\"", "bad_value" }, { "Server", "spec.audit.results", "true", "unknown_field" },
        { "Server", "spec.tools.1.audit", "[]", "wrong_type" }, { "Server", "spec.tools.1.audit.all", "true", "unknown_field" }, { "Server", "spec.tools.1.audit.arguments", "\"namespace\"", "wrong_type" },
        { "Server", "spec.tools.1.audit.arguments", "[\"\"]", "bad_value" }, { "Server", "spec.tools.1.audit.arguments", "[\"other\"]", "bad_value" }, { "Server", "spec.tools.1.audit.arguments", "[\"namespace\",\"namespace\"]", "duplicate" },
        { "Server", "spec.tools.1.audit.arguments", "[\"apiToken\"]", "bad_value" }, { "Server", "spec.tools.0.audit", """{"arguments":["n"]}""", "bad_value" },
        { "Server", "spec.tools.1.arguments", "[]", "wrong_type" }, { "Server", "spec.tools.1.arguments", "\"{}\"", "wrong_type" }, { "Server", "spec.tools.1.arguments", """{"format":"email"}""", "bad_value" },
        { "Server", "spec.tools.1.needs", "{}", "wrong_type" }, { "Server", "spec.tools.1.needs.0", "\"read:docs\"", "wrong_type" }, { "Server", "spec.tools.1.needs.0.scope", "\"x\"", "unknown_field" },
        { "Server", "spec.tools.1.needs.0.actions", null, "missing" }, { "Server", "spec.tools.1.needs.0.actions", "[]", "missing" }, { "Server", "spec.tools.1.needs.0.actions", "[\"Read\"]", "bad_value" },
        { "Server", "spec.tools.1.needs.0.actions", "[\"*\"]", "bad_value" }, { "Server", "spec.tools.1.needs.0.actions", "[\"read\",\"read\"]", "duplicate" },
        { "Server", "spec.tools.1.needs.0.resource", null, "missing" }, { "Server", "spec.tools.1.needs.0.resource", "\"\"", "missing" }, { "Server", "spec.tools.1.needs.0.resource", "\"a//b\"", "bad_value" },
        { "Server", "spec.tools.1.needs.0.resource", "\"docs/**/a\"", "bad_value" }, { "Server", "spec.tools.1.needs.0.resource", "\"docs/../a\"", "bad_value" },
        { "Server", "spec.tools.1.needs.0.resource", "\"{nobody}\"", "bad_value" }, { "Server", "spec.tools.0.needs", """[{"actions":["read"],"resource":"{n}"}]""", "bad_value" },
        { "Server", "spec.tools.1.needs", """[{"actions":["read"],"resource":"a"},{"actions":["write"],"resource":"a"}]""", "duplicate" },
        { "Agent", "metadata.name", "\"-x\"", "bad_name" }, { "Agent", "spec.colour", "1", "unknown_field" }, { "Agent", "spec", "[]", "wrong_type" },
        { "Grant", "metadata.owner", "\"a@b.c\"", "unknown_field" }, { "Grant", "spec.to", null, "missing" }, { "Grant", "spec.to", "{}", "missing" },
        { "Grant", "spec.to.users", "[\"alice\"]", "bad_value" }, { "Grant", "spec.to.users", "[\"*@example.com\"]", "bad_value" }, { "Grant", "spec.to.agents", "[\"*\"]", "bad_value" },
        { "Grant", "spec.to.agents", "[\"a\",\"a\"]", "duplicate" }, { "Grant", "spec.servers", null, "missing" }, { "Grant", "spec.servers.0.name", "\"*\"", "bad_name" },
        { "Grant", "spec.servers.0.tools", "[\"*\"]", "bad_value" }, { "Grant", "spec.servers.0.tools", "[\"roll*\"]", "bad_value" }, { "Grant", "spec.servers.0.effects", "[\"all\"]", "bad_value" },
        { "Grant", "spec.servers.0.all", "true", "unknown_field" }, { "Grant", "spec.expires", "\"tomorrow\"", "bad_value" }, { "Grant", "spec.expires", "20270331", "wrong_type" },
        { "Grant", "spec.tokens.maxTtl", "\"8\"", "bad_value" }, { "Grant", "spec.tokens.maxTtl", "\"30s\"", "bad_value" }, { "Grant", "spec.tokens.maxTtl", "\"9999d\"", "bad_value" },
        { "Grant", "spec.tokens.maxTtl", "\"-8h\"", "bad_value" }, { "Grant", "spec.tokens.binding", "\"none\"", "bad_value" }, { "Grant", "spec.tokens.effects", "[]", "unknown_field" },
        { "Server", "spec.tokens", "[]", "wrong_type" }, { "Server", "spec.tokens.binding", "\"DPoP\"", "bad_value" }, { "Server", "spec.tokens.binding", "true", "wrong_type" },
        { "Server", "spec.tokens.effects", "[\"delete\"]", "bad_value" }, { "Server", "spec.tokens.effects", "[\"write\",\"write\"]", "duplicate" },
        { "Server", "spec.tokens.maxTtl", "\"8h\"", "unknown_field" },
        { "Resource", "metadata.owner", "\"a@b.c\"", "unknown_field" }, { "Resource", "metadata.name", "\"A\"", "bad_name" }, { "Resource", "spec", null, "missing" }, { "Resource", "spec.colour", "1", "unknown_field" },
        { "Resource", "spec.pattern", null, "missing" }, { "Resource", "spec.pattern", "[]", "wrong_type" }, { "Resource", "spec.pattern", "\"a//b\"", "bad_value" }, { "Resource", "spec.pattern", "\"a/../b\"", "bad_value" },
        { "Resource", "spec.reaches", "\"a\"", "wrong_type" }, { "Resource", "spec.reaches.0", "7", "wrong_type" }, { "Resource", "spec.reaches.0", "\"\"", "bad_value" }, { "Resource", "spec.reaches", "[\"a\",\"a\"]", "duplicate" },
        { "Resource", "spec.triggers.0", "\"**/a\"", "bad_value" }, { "Resource", "spec.triggers.0", "\"ci/\u00e9\"", "bad_value" },
        { "Resource", "spec.sensitivity", null, "missing" }, { "Resource", "spec.sensitivity", "\"Secret\"", "bad_value" }, { "Resource", "spec.sensitivity", "3", "wrong_type" },
    };

    [Fact]
    public void Classes_without_a_demand_are_refused() =>
        Assert.Equal("spec.tokens.effects", Assert.Single(Documents.Read(Documents.With("Server", "spec.tokens.binding", "\"any\"")).Errors).Path);

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_wrong_is_refused_with_its_place(string kind, string path, string? json, string code)
    {
        var reading = Documents.Read(Documents.With(kind, path, json));
        Assert.Null(reading.Document);
        var error = Assert.Single(reading.Errors);
        Assert.Equal(code, error.Code);
        Assert.StartsWith(PathOf(path), error.Path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Server", "spec.tools.2", """{"name":"rollout_status","effect":"write"}""", "spec.tools")]
    [InlineData("Grant", "spec.servers.2", """{"name":"deploy"}""", "spec.servers")]
    public void What_is_named_twice_is_refused(string kind, string path, string json, string at)
    {
        var error = Assert.Single(Documents.Read(Documents.With(kind, path, json)).Errors);
        Assert.Equal((at, "duplicate"), (error.Path, error.Code));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("""{"content":"none"}""")]
    public void Arguments_to_record_are_refused_while_the_server_records_none(string? audit)
    {
        var error = Assert.Single(Documents.Read(Documents.With("Server", "spec.audit", audit)).Errors);
        Assert.Equal(("spec.tools[1].audit.arguments", "bad_value"), (error.Path, error.Code));
        Assert.Contains("spec.audit.content", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_given_twice_is_refused_at_any_depth()
    {
        var reading = Documents.Read("""{"apiVersion":"symbolon/v1","kind":"Agent","metadata":{"name":"x","owner":"a@b.c","labels":{"k":"1","k":"2"}}}""");
        Assert.Equal(("metadata.labels.k", "duplicate"), Assert.Single(reading.Errors) switch { var error => (error.Path, error.Code) });
    }

    [Fact]
    public void All_errors_are_told_at_once()
    {
        var reading = Documents.Read("""{"apiVersion":"x","kind":"Server","metadata":{"name":"X"},"spec":{"needs":1,"tools":[{"effect":"no"}]},"more":1}""");
        Assert.Equal(["more", "apiVersion", "metadata.name", "metadata.owner", "spec.needs", "spec.upstream", "spec.tools[0].name", "spec.tools[0].effect"],
            reading.Errors.Select(error => error.Path));
    }

    [Theory]
    [InlineData("\\u0000")]
    [InlineData("\\ud800")]
    [InlineData("\\udc00x")]
    public void What_no_database_or_UTF8_can_hold_is_refused_wherever_it_is(string escape)
    {
        foreach (var json in new[]
        {
            $$$"""{"apiVersion":"symbolon/v1","kind":"Agent","metadata":{"name":"x","owner":"a@b.c","labels":{"k":"{{{escape}}}"} } }""",
            $$$"""{"apiVersion":"symbolon/v1","kind":"Agent","metadata":{"name":"x","owner":"a@b.c","labels":{"{{{escape}}}":"v"} } }""",
            Documents.Server.Replace("\"const\":9007199254740993", $"\"const\":\"{escape}\"", StringComparison.Ordinal),
        })
            Assert.Equal("bad_character", Assert.Single(Documents.Read(json).Errors).Code);
    }

    [Theory]
    [InlineData("spec.tools.0.title", DocumentLimits.Title)]
    [InlineData("spec.tools.0.description", DocumentLimits.Description)]
    public void A_text_over_its_limit_is_refused_and_names_it(string path, int limit)
    {
        Assert.NotNull(Read(Documents.With("Server", path, $"\"{new string('x', limit)}\"")));
        var error = Assert.Single(Documents.Read(Documents.With("Server", path, $"\"{new string('x', limit + 1)}\"")).Errors);
        Assert.Equal("too_long", error.Code);
        Assert.Contains(limit.ToString(System.Globalization.CultureInfo.InvariantCulture), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_thousand_tools_are_the_limit()
    {
        static string Tools(int count) => "[" + string.Join(",", Enumerable.Range(0, count).Select(i => $$"""{"name":"t{{i}}","effect":"read"}""")) + "]";
        Assert.NotNull(Read(Documents.With("Server", "spec.tools", Tools(10_000))));
        Assert.Equal("too_many", Assert.Single(Documents.Read(Documents.With("Server", "spec.tools", Tools(10_001))).Errors).Code);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("\"x\"")]
    public void What_is_no_object_is_refused(string json) => Assert.Equal("wrong_type", Assert.Single(Documents.Read(json).Errors).Code);

    [Fact]
    public void A_hostile_document_makes_no_huge_answer()
    {
        var many = "{" + string.Join(",", Enumerable.Range(0, 5_000).Select(i => $"\"{new string('x', 500)}{i}\":0")) + "}";
        var errors = Documents.Read(many).Errors;
        Assert.Equal(100, errors.Length);
        Assert.All(errors, error => Assert.True(error.Path.Length + error.Message.Length < 400));
    }

    private static Document Read(string json)
    {
        var reading = Documents.Read(json);
        Assert.Empty(reading.Errors);
        return Assert.IsType<Document>(reading.Document, exactMatch: false);
    }

    private static string PathOf(string path) => System.Text.RegularExpressions.Regex.Replace(path, @"\.(\d+)", "[$1]");
}
