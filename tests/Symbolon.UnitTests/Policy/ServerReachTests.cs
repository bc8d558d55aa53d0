using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;

namespace Symbolon.UnitTests.Policy;

/// <summary>Every call decides token ∩ live grant. DESIGN.md section 4, Scopes and Refusals.</summary>
[Trait("area", "policy")]
public sealed class ServerReachTests
{
    private static readonly long Now = UnixTime.ToMicroseconds(new DateTimeOffset(2027, 1, 15, 12, 0, 0, TimeSpan.Zero));

    /// <summary>Token, grants (one a word), and for look (read), change (write), drop (irreversible), peek (read, sensitive): the scope, or the code.</summary>
    [Theory]
    [InlineData("look", "look", "mcp:shop:look not_granted not_granted not_granted")]
    [InlineData("look", "look,change", "mcp:shop:look insufficient_scope not_granted not_granted")]
    [InlineData("look,change", "look", "mcp:shop:look not_granted not_granted not_granted")]
    [InlineData("look", "change", "not_granted insufficient_scope not_granted not_granted")]
    [InlineData("look,change", "look change", "mcp:shop:look mcp:shop:change not_granted not_granted")]
    [InlineData("@read", "@read", "mcp:shop:@read not_granted not_granted not_granted")]
    [InlineData("@read", "look", "mcp:shop:@read not_granted not_granted not_granted")]
    [InlineData("look", "@read", "mcp:shop:look not_granted not_granted not_granted")]
    [InlineData("@write", "@read,@write,@irreversible", "insufficient_scope mcp:shop:@write insufficient_scope not_granted")]
    [InlineData("@irreversible", "@read,@write,@irreversible", "insufficient_scope insufficient_scope mcp:shop:@irreversible not_granted")]
    [InlineData("@read", "@read,peek", "mcp:shop:@read not_granted not_granted insufficient_scope")]
    [InlineData("@read,peek", "@read,peek", "mcp:shop:@read not_granted not_granted mcp:shop:peek")]
    [InlineData("peek", "@read", "insufficient_scope not_granted not_granted not_granted")]
    [InlineData("@granted", "look,drop", "mcp:shop:@granted not_granted mcp:shop:@granted not_granted")]
    [InlineData("@granted", "@read", "mcp:shop:@granted not_granted not_granted not_granted")]
    [InlineData("@granted", "@read,peek", "mcp:shop:@granted not_granted not_granted mcp:shop:@granted")]
    [InlineData("look,@read,@granted", "look", "mcp:shop:look not_granted not_granted not_granted")]
    [InlineData("", "@read", "insufficient_scope not_granted not_granted not_granted")]
    public void A_tool_is_reached_when_token_and_grant_both_cover_it(string token, string grants, string expected)
    {
        var reach = ServerReach.Of(Token(token), Server(), Grants(grants), BindingRule.None, Now);
        Assert.NotNull(reach);
        Assert.Equal(expected, string.Join(' ', Tools.Select(tool => TextOf(reach[tool].Decision))));
        Assert.Equal(expected, string.Join(' ', Tools.Select(tool => TextOf(reach.Find(System.Text.Encoding.UTF8.GetBytes(tool)).Decision))));
    }

    [Theory]
    [InlineData("nosuch")]
    [InlineData("LOOK")]
    [InlineData("look ")]
    [InlineData("")]
    public void A_tool_that_no_manifest_names_is_unknown(string tool)
    {
        var reach = ServerReach.Of(Token("@granted"), Server(), Grants("@read"), BindingRule.None, Now)!;
        Assert.Same(ToolReach.Unknown, reach[tool]);
        Assert.Same(ToolReach.Unknown, reach.Find(System.Text.Encoding.UTF8.GetBytes(tool)));
        Assert.Same(ToolReach.Unknown, reach.Find(new byte[200]));
    }

    [Fact]
    public void A_server_that_conceals_answers_for_tools_out_of_reach_as_for_unknown_ones()
    {
        var reach = ServerReach.Of(Token("look"), Server(conceals: true), Grants("look,change"), BindingRule.None, Now)!;
        Assert.Equal("mcp:shop:look unknown_tool unknown_tool unknown_tool", string.Join(' ', Tools.Select(tool => TextOf(reach[tool].Decision))));
    }

    [Fact]
    public void Without_any_live_grant_the_server_does_not_exist()
    {
        Assert.Null(ServerReach.Of(Token("look"), Server(), [], BindingRule.None, Now));
        Assert.Null(ServerReach.Of(Token("look"), Server(), [Grant("look") with { To = new GrantSubjects { Users = ["bob@example.com"] } }], BindingRule.None, Now));
        Assert.Null(ServerReach.Of(Token("look"), Server(), [Grant("look") with { Expires = new DateOnly(2027, 1, 14) }], BindingRule.None, Now));
        Assert.Null(ServerReach.Of(Token("look"), Server(), [Grant("look") with { RetiredAt = Now }], BindingRule.None, Now));
    }

    [Fact]
    public void Outside_the_token_or_before_the_first_approval_the_server_does_not_exist()
    {
        var other = Token("look") with { Servers = [new ServerAccess { Server = new ServerName("other"), Granted = true }] };
        Assert.Null(ServerReach.Of(other, Server(), Grants("look"), BindingRule.None, Now));
        Assert.Null(ServerReach.Of(Token("look"), Server() with { Approved = null, Pending = Server().Approved, State = Lifecycle.Pending }, Grants("look"), BindingRule.None, Now));
    }

    [Fact]
    public void A_grant_holds_until_the_end_of_its_day_and_the_answer_no_longer()
    {
        var grant = Grant("look") with { Expires = new DateOnly(2027, 1, 15) };
        var midnight = UnixTime.ToMicroseconds(new DateTimeOffset(2027, 1, 16, 0, 0, 0, TimeSpan.Zero));
        Assert.Equal(midnight, ServerReach.Of(Token("look"), Server(), [grant, Grant("look")], BindingRule.None, Now)!.ValidUntil);
        Assert.NotNull(ServerReach.Of(Token("look"), Server(), [grant], BindingRule.None, midnight - 1));
        Assert.Null(ServerReach.Of(Token("look"), Server(), [grant], BindingRule.None, midnight));
    }

    /// <summary>Who demands; the grants; what a bearer token comes to, and whether it lacks a key for everything.</summary>
    [Theory]
    [InlineData("", "look,change,drop", "@granted @granted @granted not_granted", false)]
    [InlineData("organisation", "look,change,drop", "proof_required proof_required proof_required not_granted", true)]
    [InlineData("organisation:irreversible", "look,change,drop", "@granted @granted proof_required not_granted", false)]
    [InlineData("server", "look,change,drop", "proof_required proof_required proof_required not_granted", true)]
    [InlineData("server:write,irreversible", "look,change,drop", "@granted proof_required proof_required not_granted", false)]
    [InlineData("", "dpop:look,change,drop", "proof_required proof_required proof_required not_granted", true)]
    [InlineData("", "dpop:look,change look", "@granted proof_required not_granted not_granted", false)]
    [InlineData("server:read", "dpop:look,change look", "proof_required proof_required not_granted not_granted", false)]
    [Trait("clause", "DESIGN.md §4 Files binding")]
    public void What_is_given_to_a_key_alone_is_refused_to_a_bearer_token_and_to_no_bound_one(string demand, string grants, string expected, bool lacksKey)
    {
        var rule = new BindingRule
        {
            Binding = demand.Length == 0 ? TokenBinding.Any : TokenBinding.Dpop,
            Effects = [.. demand.Split(':').Skip(1).SelectMany(list => list.Split(',')).Select(text => Effects.TryParse(text, out var effect) ? effect : throw new FormatException(text))],
        };
        var ofOrganisation = demand.StartsWith("organisation", StringComparison.Ordinal) ? rule : BindingRule.None;
        var server = demand.StartsWith("server", StringComparison.Ordinal) ? Server(binding: rule) : Server();
        var all = grants.Split(' ').Select(text => Grant(text.Replace("dpop:", "", StringComparison.Ordinal)) with { Binding = text.StartsWith("dpop", StringComparison.Ordinal) ? TokenBinding.Dpop : TokenBinding.Any }).ToList();

        var bearer = ServerReach.Of(Token("@granted"), server, all, ofOrganisation, Now)!;
        Assert.Equal((expected, lacksKey), (string.Join(' ', Tools.Select(tool => TextOf(bearer[tool].Decision).Replace("mcp:shop:", "", StringComparison.Ordinal))), bearer.LacksKey));

        var key = Symbolon.Jose.Sha256Value.Of("key"u8);
        var bound = ServerReach.Of(Token("@granted") with { OAuth = new OAuthBinding(new ClientId("c"), AuthorizationId.Create(), "k") { Key = key } }, server, all, ofOrganisation, Now)!;
        Assert.False(bound.LacksKey);
        Assert.Equal(
            expected.Replace("proof_required", "@granted", StringComparison.Ordinal),
            string.Join(' ', Tools.Select(tool => TextOf(bound[tool].Decision).Replace("mcp:shop:", "", StringComparison.Ordinal))));
    }

    private static readonly string[] Tools = ["look", "change", "drop", "peek"];

    private static string TextOf(Decision decision) => decision switch
    {
        Decision.Allow allow => allow.Scope,
        Decision.Deny deny => deny.Code.ToText(),
        _ => throw new InvalidOperationException(),
    };

    private static IEnumerable<GrantObject> Grants(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Grant);

    private static GrantObject Grant(string access) => new()
    {
        Name = new GrantName("g"),
        To = new GrantSubjects { Users = ["alice@example.com"] },
        Servers = [Access(access)],
    };

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
        var parts = text.Split(',', StringSplitOptions.RemoveEmptyEntries);
        return new ServerAccess
        {
            Server = new ServerName("shop"),
            Tools = [.. parts.Where(part => part[0] != '@').Select(part => new ToolName(part))],
            Effects = [.. parts.Where(part => part[0] == '@' && part != "@granted").Select(part => Effects.TryParse(part[1..], out var effect) ? effect : throw new FormatException(part))],
            Granted = parts.Contains("@granted"),
        };
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
                Tools =
                [
                    new ManifestTool { Name = new ToolName("look"), Effect = Effect.Read },
                    new ManifestTool { Name = new ToolName("change"), Effect = Effect.Write },
                    new ManifestTool { Name = new ToolName("drop"), Effect = Effect.Irreversible },
                    new ManifestTool { Name = new ToolName("peek"), Effect = Effect.Read, Flags = ToolFlags.Sensitive },
                ],
            },
        },
    };
}
