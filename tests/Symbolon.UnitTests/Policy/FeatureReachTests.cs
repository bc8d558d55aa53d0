using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Resources;
using Symbolon.Core.Tools;

namespace Symbolon.UnitTests.Policy;

/// <summary>Every prompt and resource is decided as a tool is: token ∩ live grant. DESIGN.md section 4, Scopes and Refusals.</summary>
[Trait("area", "policy")]
public sealed class FeatureReachTests
{
    private static readonly long Now = UnixTime.ToMicroseconds(new DateTimeOffset(2027, 1, 15, 12, 0, 0, TimeSpan.Zero));

    /// <summary>Token; grants, one a word, prompts and resources apart by commas; what comes for the prompts review and other, and for file:///docs/a and file:///etc/a.</summary>
    [Theory]
    [InlineData("@prompts", "p:review", "mcp:shop:@prompts/g1 not_granted not_granted not_granted")]
    [InlineData("@prompts", "p:*", "mcp:shop:@prompts/g1 mcp:shop:@prompts/g1 not_granted not_granted")]
    [InlineData("@prompts", "p:other p:review p:*", "mcp:shop:@prompts/g2 mcp:shop:@prompts/g1 not_granted not_granted")]
    [InlineData("@prompts", "p:review,r:file:///docs/*", "mcp:shop:@prompts/g1 not_granted insufficient_scope not_granted")]
    [InlineData("@resources", "p:review,r:file:///docs/*", "insufficient_scope not_granted mcp:shop:@resources/g1 not_granted")]
    [InlineData("@resources", "r:file:///docs/* r:*", "not_granted not_granted mcp:shop:@resources/g1 mcp:shop:@resources/g2")]
    [InlineData("@resources", "r:file:///docs/b,r:file:///docs/a", "not_granted not_granted mcp:shop:@resources/g1 not_granted")]
    [InlineData("@prompts,@resources", "p:review r:**", "mcp:shop:@prompts/g1 not_granted not_granted not_granted")]
    [InlineData("@granted", "p:review,r:file:///docs/*", "mcp:shop:@granted/g1 not_granted mcp:shop:@granted/g1 not_granted")]
    [InlineData("@granted,@prompts", "p:review,r:file:///docs/*", "mcp:shop:@prompts/g1 not_granted mcp:shop:@granted/g1 not_granted")]
    [InlineData("@read", "p:*,r:*", "insufficient_scope insufficient_scope insufficient_scope insufficient_scope")]
    [InlineData("@granted", "t:look", "not_granted not_granted not_granted not_granted")]
    [InlineData("@prompts,@resources", "t:look", "not_granted not_granted not_granted not_granted")]
    public void A_prompt_or_resource_is_reached_when_token_and_grant_both_cover_it(string token, string grants, string expected)
    {
        var reach = Reach(Token(token), Server(), Grants(grants))!;
        Assert.Equal(expected, All(reach));
        Assert.Equal(expected.Split(' ')[..2].Any(text => text.Contains('/', StringComparison.Ordinal)), reach.HasPrompts);
        Assert.Equal(expected.Split(' ')[2..].Any(text => text.Contains('/', StringComparison.Ordinal)), reach.HasResources);
    }

    [Fact]
    public void What_a_token_would_need_is_told_with_the_refusal()
    {
        var reach = Reach(Token("@read"), Server(), Grants("p:*,r:*"))!;
        Assert.Equal("mcp:shop:@prompts", Assert.IsType<Decision.Deny>(reach.Prompt("review").Decision).Needs);
        Assert.Equal("mcp:shop:@resources", Assert.IsType<Decision.Deny>(reach.Resource("file:///docs/a").Decision).Needs);
        Assert.Equal("mcp:shop:@resources", Assert.IsType<Decision.Deny>(reach.Template("file:///docs/{a}").Decision).Needs);
    }

    [Fact]
    public void A_server_that_conceals_tells_nothing_of_what_is_out_of_reach()
    {
        var reach = Reach(Token("@read"), Server(conceals: true), Grants("p:*,r:*"))!;
        Assert.Equal("not_granted not_granted not_granted not_granted", All(reach));
        Assert.Null(Assert.IsType<Decision.Deny>(reach.Prompt("review").Decision).Needs);
    }

    [Theory]
    [InlineData("r:*", "file:///docs/../etc/a")]
    [InlineData("r:file:///docs/**", "file:///docs/%2e%2e/etc/a")]
    public void A_hostile_URI_is_not_granted_by_a_wildcard(string grants, string uri) =>
        Assert.Equal("not_granted", TextOf(Reach(Token("@resources"), Server(), Grants(grants))!.Resource(uri).Decision));

    [Fact]
    public void A_template_is_completed_where_one_pattern_covers_it_and_listed_where_one_may_reach_it()
    {
        var reach = Reach(Token("@resources"), Server(), Grants("r:file:///docs/* r:memo://one"))!;
        Assert.True(reach.Template("file:///docs/{name}").IsAllowed);
        Assert.False(reach.Template("file:///{folder}/{name}").IsAllowed);
        Assert.True(reach.MayReachTemplate("file:///{folder}/{name}"));
        Assert.True(reach.MayReachTemplate("memo://{name}"));
        Assert.False(reach.MayReachTemplate("file:///etc/{name}"));
        var without = Reach(Token("@prompts"), Server(), Grants("r:*"))!;
        Assert.False(without.MayReachTemplate("file:///docs/{name}"));
        Assert.Equal("insufficient_scope", TextOf(without.Template("file:///docs/{name}").Decision));
    }

    /// <summary>Who demands a key; grants; what a bearer token comes to.</summary>
    [Theory]
    [InlineData("organisation", "p:*,r:*", "proof_required proof_required proof_required proof_required")]
    [InlineData("organisation:read", "p:*,r:*", "proof_required proof_required proof_required proof_required")]
    [InlineData("organisation:write", "p:*,r:*", "mcp:shop:@granted/g1 mcp:shop:@granted/g1 mcp:shop:@granted/g1 mcp:shop:@granted/g1")]
    [InlineData("server:read", "p:review,r:file:///docs/*", "proof_required not_granted proof_required not_granted")]
    [InlineData("", "dpop:p:review,r:file:///docs/* p:*,r:*", "mcp:shop:@granted/g2 mcp:shop:@granted/g2 mcp:shop:@granted/g2 mcp:shop:@granted/g2")]
    [InlineData("", "dpop:p:*,r:file:///docs/a r:file:///docs/*", "proof_required proof_required mcp:shop:@granted/g2 not_granted")]
    [InlineData("", "dpop:r:* r:file:///docs/*", "not_granted not_granted mcp:shop:@granted/g2 proof_required")]
    [Trait("clause", "DESIGN.md §4 Files binding")]
    public void Prompts_and_resources_that_are_for_a_key_alone_are_refused_to_a_bearer_token(string demand, string grants, string expected)
    {
        var rule = new BindingRule
        {
            Binding = demand.Length == 0 ? TokenBinding.Any : TokenBinding.Dpop,
            Effects = [.. demand.Split(':').Skip(1).Select(text => Effects.TryParse(text, out var effect) ? effect : throw new FormatException(text))],
        };
        var ofOrganisation = demand.StartsWith("organisation", StringComparison.Ordinal) ? rule : BindingRule.None;
        var server = demand.StartsWith("server", StringComparison.Ordinal) ? Server(binding: rule) : Server();
        Assert.Equal(expected, All(ServerReach.Of(Token("@granted"), server, Grants(grants), ofOrganisation, Now)!));
        var bound = Token("@granted") with { OAuth = Binding(key: true) };
        Assert.DoesNotContain("proof_required", All(ServerReach.Of(bound, server, Grants(grants), ofOrganisation, Now)!), StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_that_is_limited_to_resources_behind_the_server_has_no_prompt_and_no_resource_of_it()
    {
        var need = new ResourceNeed(["read"], ResourcePattern.Parse("docs/**", out _)!);
        var reach = Reach(Token("@granted") with { OAuth = Binding(key: false) with { Limits = ResourceSet.Of([need]) } }, Server(), Grants("p:*,r:*"))!;
        Assert.Equal("insufficient_scope insufficient_scope insufficient_scope insufficient_scope", All(reach));
        Assert.False(reach.HasPrompts || reach.HasResources);
    }

    [Theory]
    [InlineData("@prompts,@resources", "dpop:p:*,r:* t:look", "mcp:shop:@prompts mcp:shop:@resources")]
    [InlineData("@prompts,@resources", "dpop:p:*,r:* p:review", "mcp:shop:@resources")]
    [InlineData("@prompts", "p:review", "")]
    [InlineData("@granted", "dpop:p:* t:look", "")]
    [InlineData("@granted", "dpop:p:* t:none", "mcp:shop:@granted")]
    public void What_only_a_bound_token_could_have_is_told_at_issue(string token, string grants, string expected) =>
        Assert.Equal(expected, string.Join(' ', Reach(Token(token), Server(), Grants(grants))!.OnlyWithKey(Access(token))));

    [Fact]
    public void A_decision_costs_no_memory()
    {
        var reach = Reach(Token("@granted"), Server(), Grants("p:review,r:file:///docs/* r:memo://one r:file:///**"))!;
        string[] uris = ["file:///docs/a", "memo://one", "file:///docs/%2e%2e/a", "http://other"];
        Look();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Look();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Look()
        {
            foreach (var uri in uris) _ = reach.Resource(uri);
            _ = reach.Prompt("review");
            _ = reach.Prompt("none");
        }
    }

    private static string All(ServerReach reach) => string.Join(' ',
        TextOf(reach.Prompt("review").Decision), TextOf(reach.Prompt("other").Decision), TextOf(reach.Resource("file:///docs/a").Decision), TextOf(reach.Resource("file:///etc/a").Decision));

    private static string TextOf(Decision decision) => decision switch
    {
        Decision.Allow allow => $"{allow.Scope}/{allow.Grant}",
        Decision.Deny deny => deny.Code.ToText(),
        _ => throw new InvalidOperationException(),
    };

    private static ServerReach? Reach(TokenRecord token, ServerObject server, IEnumerable<GrantObject> grants) => ServerReach.Of(token, server, grants, BindingRule.None, Now);

    private static OAuthBinding Binding(bool key) => new(new ClientId("c"), AuthorizationId.Create(), "k") { Key = key ? Symbolon.Jose.Sha256Value.Of("key"u8) : null };

    private static List<GrantObject> Grants(string text) => [.. text.Split(' ').Select((word, i) => new GrantObject
    {
        Name = new GrantName($"g{i + 1}"),
        To = new GrantSubjects { Users = ["alice@example.com"] },
        Servers = [Access(word.Replace("dpop:", "", StringComparison.Ordinal))],
        Binding = word.StartsWith("dpop:", StringComparison.Ordinal) ? TokenBinding.Dpop : TokenBinding.Any,
    })];

    private static TokenRecord Token(string access) => new()
    {
        Id = new TokenId("tok_1"),
        Organisation = OrganisationId.Default,
        Kind = TokenKind.User,
        Holder = new Holder { User = UserEmail.Parse("alice@example.com") },
        Servers = [Access(access)],
        IssuedAt = Now,
        ExpiresAt = long.MaxValue,
        IssuedBy = "test",
    };

    private static ServerAccess Access(string text)
    {
        var parts = text.Split(',');
        return new ServerAccess
        {
            Server = new ServerName("shop"),
            Tools = [.. Of("t:").Select(tool => new ToolName(tool))],
            Effects = parts.Contains("@read") ? [Effect.Read] : [],
            Prompts = [.. Of("p:")],
            Resources = [.. Of("r:").Select(pattern => UriPattern.Parse(pattern, out _)).OfType<UriPattern>()],
            AllPrompts = parts.Contains("@prompts"),
            AllResources = parts.Contains("@resources"),
            Granted = parts.Contains("@granted"),
        };

        IEnumerable<string> Of(string kind) => parts.Where(part => part.StartsWith(kind, StringComparison.Ordinal)).Select(part => part[kind.Length..]);
    }

    private static ServerObject Server(bool conceals = false, BindingRule? binding = null) => new()
    {
        Name = new ServerName("shop"),
        State = Lifecycle.Active,
        Approved = new ManifestVersion
        {
            Number = 1,
            AppliedBy = "test",
            AppliedAt = Now,
            Manifest = new ServerManifest
            {
                Owner = "ops@example.com",
                Upstream = new UpstreamAddress.Http { Url = new Uri("http://127.0.0.1:1/") },
                ConcealTools = conceals,
                Binding = binding,
                Tools = [new ManifestTool { Name = new ToolName("look"), Effect = Effect.Read }],
            },
        },
    };
}
