using System.Text.Json.Nodes;
using Symbolon.Core;
using Symbolon.Core.AccessTokens;
using Symbolon.Core.Identity;
using Symbolon.Core.Keys;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;
using Symbolon.Core.Resources;
using Symbolon.Core.Revocation;
using Symbolon.Jose;
using Symbolon.Jose.Signatures;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>What the gateway shows to servers, and who takes it. DESIGN.md section 4, Identities on the way.</summary>
[Trait("area", "credentials")]
public sealed class CallTokenTests
{
    private const string Upstream = "http://127.0.0.1:7001/mcp";

    private static readonly Sha256Value Node = Sha256Value.Of("the gateway's key"u8);
    private static readonly ServerName Shop = new("shop");
    private static readonly Holder AliceByBot = new() { User = UserEmail.Parse("alice@example.com"), Agent = new AgentName("bot") };

    [Fact]
    [Trait("clause", "RFC 8693 §4.1")]
    public async Task It_keeps_the_chain_the_tool_and_what_the_call_needs()
    {
        await using var host = await OAuthHost.StartAsync();
        var caller = Caller(host, AliceByBot, new OAuthBinding(new ClientId("cursor"), AuthorizationId.Create(), "kid", 5));
        var text = Issue(host, Order(caller) with { Tool = new ToolName("look"), Needs = Needs("read", "docs/readme") });
        var claims = OAuthHost.PayloadOf(text);
        Assert.Equal("""{"sub":"server:shop"}""", claims.GetProperty("may_act").GetRawText());
        Assert.Equal("""{"sub":"agent:bot"}""", claims.GetProperty("act").GetRawText());
        Assert.Equal(Upstream, claims.GetProperty("aud").GetString());
        Assert.Equal(host.Now + 300, claims.GetProperty("exp").GetInt64());

        var read = Read(host, text)!;
        Assert.Equal((DownstreamKind.Call, "mcp:shop:look", "read:docs/readme", caller.Id, "cursor"), (read.Kind, read.Scope, read.Details!.ToString(), read.Origin!.Value, read.Client.Value));
        Assert.Equal((caller.OAuth!.Authorization, 5L, Node, AliceByBot), (read.Authorization!.Value, read.AuthorizedAt!.Value, read.Key, read.Holder!));
        Assert.Equal(["alice@example.com", "agent:bot"], read.Chain);
    }

    [Fact]
    public async Task It_ends_with_the_callers_token_and_with_a_pasted_one_the_client_is_the_gateway()
    {
        await using var host = await OAuthHost.StartAsync();
        var text = Issue(host, Order(Caller(host, AliceByBot) with { ExpiresAt = UnixTime.FromSeconds(host.Now + 20) }));
        var claims = OAuthHost.PayloadOf(text);
        Assert.Equal(1, claims.GetProperty("auth_us").GetInt64());
        Assert.Equal((host.Now + 20, "symbolon:gateway"), (claims.GetProperty("exp").GetInt64(), claims.GetProperty("client_id").GetString()));
        Assert.False(claims.TryGetProperty("scope", out _) || claims.TryGetProperty("authorization_details", out _) || claims.TryGetProperty("authorization_id", out _));
        Assert.NotNull(Read(host, text));
        host.Clock.Advance(TimeSpan.FromSeconds(25));
        Assert.Null(Read(host, text));
    }

    [Fact]
    public async Task What_the_gateway_asks_for_itself_names_nobody_and_no_tool()
    {
        await using var host = await OAuthHost.StartAsync();
        var text = Issue(host, Order(null) with { Tool = new ToolName("look"), Needs = Needs("read", "docs/*") });
        var read = Read(host, text)!;
        Assert.Equal((DownstreamKind.Call, null, null, null), (read.Kind, read.Holder, read.Scope, read.Details));
        Assert.Equal(["symbolon:gateway"], read.Chain);
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §5-10")]
    public async Task The_reader_of_our_own_tokens_takes_none_of_these_wherever_the_server_says_to_be()
    {
        await using var host = await OAuthHost.StartAsync();
        using var key = Forge(host);
        // A server whose URL is our own address of itself: everything else in its call token is as in a caller's.
        var caller = Caller(host, AliceByBot, new OAuthBinding(new ClientId("cursor"), AuthorizationId.Create(), "kid", 5));
        var text = Issue(host, Order(caller) with { Audience = OAuthHost.Shop, Tool = new ToolName("look") });
        Assert.NotNull(Read(host, text));
        Assert.IsType<AccessTokenReading.Refused>(host.Read(text));
        foreach (var (name, kind) in Kinds)
        {
            var own = Sign(Claims(host, kind), key);
            Assert.True(Read(host, own) is not null, name);
            Assert.IsType<AccessTokenReading.Refused>(host.Read(own));
        }
        Assert.Null(Read(host, await host.AccessTokenAsync()));
    }

    /// <summary>One of each kind, as the reader must take it.</summary>
    private static readonly (string Name, string Json)[] Kinds =
    [
        ("call", """{"sub":"alice@example.com","act":{"sub":"agent:bot"},"aud":"https://symbolon.example.com/mcp/shop","client_id":"agent:bot","scope":"mcp:shop:look","may_act":{"sub":"server:shop"},"origin_jti":"tok_0123456789012345678901"}"""),
        ("credential", """{"sub":"server:shop","aud":"https://symbolon.example.com/mcp/shop","client_id":"server:shop","scope":"mcp:shop:look","authorization_details":[{"type":"symbolon_resource","actions":["mcp"],"resource":"shop:look"}]}"""),
        ("exchanged", """{"sub":"alice@example.com","act":{"sub":"server:shop","act":{"sub":"agent:bot"}},"aud":"https://symbolon.example.com/mcp/shop","client_id":"server:shop","scope":"read:docs/*","authorization_details":[{"type":"symbolon_resource","actions":["read"],"resource":"docs/*"}],"tool":"mcp:shop:look","origin_jti":"tok_0123456789012345678901","authorization_id":"aut_0123456789012345678901","auth_us":1}"""),
    ];

    public static TheoryData<int, string> Hostile => new()
    {
        { 0, """{"cnf":null}""" }, { 0, """{"cnf":{}}""" }, { 0, """{"cnf":{"jkt":"short"}}""" }, { 0, """{"iss":"https://evil.example.com"}""" }, { 0, """{"iss":null}""" },
        { 0, """{"aud":["https://symbolon.example.com/mcp/shop"]}""" }, { 0, """{"aud":null}""" }, { 0, """{"jti":"x"}""" }, { 0, """{"iat_us":null}""" }, { 0, """{"iat_us":7}""" }, { 0, """{"exp":null}""" },
        { 0, """{"exp":0}""" }, { 0, """{"nbf":1}""" }, { 0, """{"client_id":null}""" }, { 0, """{"colour":"red"}""" }, { 0, """{"may_act":{"sub":"agent:bot"}}""" }, { 0, """{"may_act":{}}""" },
        { 0, """{"may_act":"server:shop"}""" }, { 0, """{"may_act":{"sub":"server:shop","iss":"x"}}""" }, { 0, """{"may_act":{"sub":"server:other"}}""" }, { 0, """{"scope":"mcp:shop:@read"}""" },
        { 0, """{"scope":"mcp:shop:@granted"}""" }, { 0, """{"scope":"mcp:shop:look mcp:shop:find"}""" }, { 0, """{"scope":"read:docs/*"}""" }, { 0, """{"scope":""}""" }, { 0, """{"origin_jti":null}""" }, { 0, """{"origin_jti":"tok_x"}""" },
        { 0, """{"tool":"mcp:shop:look"}""" }, { 0, """{"sub":"bot"}""" }, { 0, """{"sub":"symbolon:gateway"}""" }, { 0, """{"sub":"symbolon:gateway","act":null}""" }, { 0, """{"sub":"server:shop","act":null}""" }, { 0, """{"act":"agent:bot"}""" },
        { 0, """{"act":{"sub":"agent:bot","iss":"x"}}""" }, { 0, """{"act":{"sub":"bob@example.com"}}""" }, { 0, """{"act":{"sub":"workflow:ci","act":{"sub":"agent:bot"}}}""" }, { 0, """{"auth_us":9999999999999999}""" }, { 0, """{"authorization_id":"x"}""" },
        { 0, """{"scope":null,"authorization_details":[{"type":"symbolon_resource","actions":["read"],"resource":"docs/*"}]}""" }, { 0, """{"authorization_details":[]}""" },
        { 0, """{"origin_client_id":"cursor"}""" }, { 1, """{"origin_client_id":"cursor"}""" }, { 2, """{"origin_client_id":""}""" },
        { 1, """{"scope":"mcp:shop:find"}""" }, { 1, """{"scope":null}""" }, { 1, """{"authorization_details":null}""" }, { 1, """{"client_id":"server:other"}""" }, { 1, """{"client_id":"agent:bot"}""" }, { 1, """{"act":{"sub":"agent:bot"}}""" },
        { 1, """{"origin_jti":"tok_0123456789012345678901"}""" }, { 1, """{"tool":"mcp:shop:look"}""" }, { 1, """{"authorization_id":"aut_0123456789012345678901"}""" },
        { 2, """{"cnf":null}""" }, { 1, """{"cnf":{}}""" }, { 2, """{"tool":null}""" }, { 2, """{"tool":"mcp:other:look"}""" }, { 2, """{"client_id":"server:other"}""" }, { 2, """{"act":{"sub":"agent:bot"}}""" }, { 2, """{"act":null}""" }, { 2, """{"origin_jti":null}""" },
        { 2, """{"act":{"sub":"agent:bot","act":{"sub":"server:shop"}}}""" }, { 2, """{"act":{"sub":"server:shop","act":{"sub":"server:shop","act":{"sub":"agent:bot"}}}}""" },
        { 2, """{"act":{"sub":"server:shop","act":{"sub":"server:b","act":{"sub":"server:c","act":{"sub":"agent:bot","act":{"sub":"workflow:ci"}}}}}}""" }, { 2, """{"scope":"read:docs/**"}""" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    [Trait("clause", "RFC 8693 §4.1")]
    public async Task What_is_not_exactly_as_we_write_it_is_refused(int kind, string change)
    {
        await using var host = await OAuthHost.StartAsync();
        using var key = Forge(host);
        Assert.NotNull(Read(host, Sign(Claims(host, Kinds[kind].Json), key)));
        Assert.Null(Read(host, Sign(Claims(host, Kinds[kind].Json, change), key)));
    }

    [Fact]
    public async Task Another_key_another_type_and_a_revoked_key_of_ours_sign_nothing()
    {
        await using var host = await OAuthHost.StartAsync();
        using var key = Forge(host);
        using var strangers = Es256SigningKey.Generate();
        var claims = Claims(host, Kinds[1].Json);
        Assert.Null(Read(host, Sign(claims, strangers)));
        Assert.Null(Read(host, OAuthHost.Sign(claims, key, "JWT")));
        Assert.Null(Read(host, Sign(claims, key)[..^4]));
        Forge(host, key, revokedAt: 1);
        Assert.Null(Read(host, Sign(claims, key)));
    }

    /// <summary>Level, target, whether it ends the kinds of <see cref="Kinds"/> in their order.</summary>
    public static TheoryData<RevocationLevel, string, bool, bool, bool> Ends => new()
    {
        { RevocationLevel.Organisation, "default", true, true, true }, { RevocationLevel.User, "alice@example.com", true, false, true }, { RevocationLevel.Agent, "bot", true, false, true },
        { RevocationLevel.Server, "shop", true, false, true }, { RevocationLevel.Credential, "shop", false, true, true }, { RevocationLevel.Credential, "other", false, false, false },
        { RevocationLevel.Token, "tok_0123456789012345678901", true, false, true }, { RevocationLevel.Client, "server:shop", false, true, true }, { RevocationLevel.Client, "agent:bot", true, false, false },
        { RevocationLevel.Authorization, "aut_0123456789012345678901", false, false, true }, { RevocationLevel.Key, "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I", true, true, true },
        { RevocationLevel.Workflow, "ci", false, false, false }, { RevocationLevel.Grant, "bot-shop", false, false, false },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    [Trait("clause", "DESIGN.md §1 Revocation")]
    public async Task Each_level_ends_what_hangs_on_it(RevocationLevel level, string target, bool call, bool credential, bool exchanged)
    {
        await using var host = await OAuthHost.StartAsync();
        using var key = Forge(host);
        host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var tokens = Kinds.Select(kind => Read(host, Sign(Claims(host, kind.Json), key))!).ToList();
        host.Raise(level, target);
        Assert.Equal([call, credential, exchanged], tokens.Select(host.Configuration.Epochs.IsRevoked));
    }

    private static string Issue(OAuthHost host, CallTokenOrder order) => host.Get<ICallTokens>().Issue(order)!;

    private static CallTokenOrder Order(TokenRecord? caller) => new(OrganisationId.Default, OAuthHost.Issuer, Shop, Upstream, Node) { Caller = caller };

    private static TokenRecord Caller(OAuthHost host, Holder holder, OAuthBinding? binding = null) => new()
    {
        Id = TokenId.New(), Organisation = OrganisationId.Default, Kind = holder.TokenKind, Holder = holder, Servers = [new ServerAccess { Server = Shop, Granted = true }],
        IssuedAt = 1, ExpiresAt = UnixTime.FromSeconds(host.Now + 3600), IssuedBy = "test", OAuth = binding,
    };

    private static ResourceSet Needs(string action, string resource) => ResourceSet.Of([new ResourceNeed([action], ResourcePattern.Parse(resource, out _)!)]);

    private static DownstreamToken? Read(OAuthHost host, string text) => host.Get<DownstreamTokenReader>().Read(text, UnixTime.Microseconds(host.Clock));

    /// <summary>A key that the server takes for its own, to sign with what it would not.</summary>
    private static Es256SigningKey Forge(OAuthHost host, Es256SigningKey? known = null, long? revokedAt = null)
    {
        var key = known ?? Es256SigningKey.Generate();
        var jwk = key.PublicKey;
        var entry = new SigningKey { Id = jwk.Thumbprint.ToString(), Jwk = jwk.ToJson(), CreatedAt = 0, ActiveFrom = long.MaxValue, RevokedAt = revokedAt };
        host.Apply(new SigningKeyRing { Keys = [.. host.Configuration.SigningKeys(OrganisationId.Default).Keys.Where(each => each.Id != entry.Id), entry] });
        return key;
    }

    private static string Sign(JsonObject claims, Es256SigningKey key) => OAuthHost.Sign(claims, key, "at+jwt");

    private static JsonObject Claims(OAuthHost host, params string[] parts)
    {
        var claims = new JsonObject
        {
            ["iss"] = OAuthHost.Issuer, ["jti"] = TokenId.New().Value, ["iat"] = host.Now, ["iat_us"] = UnixTime.Microseconds(host.Clock), ["exp"] = host.Now + 60,
            ["cnf"] = new JsonObject { ["jkt"] = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" },
        };
        foreach (var member in parts.SelectMany(part => JsonNode.Parse(part)!.AsObject()))
            if (member.Value is null) claims.Remove(member.Key);
            else claims[member.Key] = member.Value.DeepClone();
        return claims;
    }
}
