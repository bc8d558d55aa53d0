using System.Text;
using System.Text.Json;
using Symbolon.Core;
using Symbolon.Core.AccessTokens;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Jose;
using Symbolon.Jose.Signatures;
using Symbolon.Jose.Tokens;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>The token that says who asks and gives nothing.</summary>
[Trait("area", "credentials")]
public sealed class IdentityTokenTests
{
    private const string Upstream = "http://127.0.0.1:7001/mcp";
    private static readonly ServerName Shop = new("shop");
    private static readonly Holder AliceByBot = new() { User = UserEmail.Parse("alice@example.com"), Agent = new AgentName("bot") };

    [Fact]
    [Trait("clause", "RFC 8693 §4.1")]
    public async Task It_says_who_through_whom_for_which_tool_and_nothing_else()
    {
        await using var host = await OAuthHost.StartAsync();
        var text = Issue(host, AliceByBot, new ToolName("look"));
        var claims = OAuthHost.PayloadOf(text);
        Assert.Equal(["act", "aud", "exp", "iat", "iss", "jti", "sub", "tool"], claims.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            ("alice@example.com", """{"sub":"agent:bot"}""", Upstream, "mcp:shop:look", OAuthHost.Issuer, host.Now, host.Now + 60),
            (claims.GetProperty("sub").GetString(), claims.GetProperty("act").GetRawText(), claims.GetProperty("aud").GetString(), claims.GetProperty("tool").GetString(),
                claims.GetProperty("iss").GetString(), claims.GetProperty("iat").GetInt64(), claims.GetProperty("exp").GetInt64()));
        Assert.NotEqual(claims.GetProperty("jti").GetString(), OAuthHost.PayloadOf(Issue(host, AliceByBot, null)).GetProperty("jti").GetString());
        using var header = JsonDocument.Parse(Base64Url.Decode(Encoding.ASCII.GetBytes(text.Split('.')[0]))!);
        Assert.Equal(("symbolon-identity+jwt", "ES256"), (header.RootElement.GetProperty("typ").GetString(), header.RootElement.GetProperty("alg").GetString()));
    }

    [Fact]
    public async Task It_ends_with_the_callers_token_and_names_no_tool_outside_of_a_call()
    {
        await using var host = await OAuthHost.StartAsync();
        var claims = OAuthHost.PayloadOf(Issue(host, AliceByBot, null, seconds: 20));
        Assert.Equal(host.Now + 20, claims.GetProperty("exp").GetInt64());
        Assert.False(claims.TryGetProperty("tool", out _));
        var own = OAuthHost.PayloadOf(host.Get<IIdentityTokens>().Issue(new IdentityOrder(OrganisationId.Default, OAuthHost.Issuer, Shop, Upstream) { Tool = new ToolName("look") })!);
        Assert.Equal("symbolon:gateway", own.GetProperty("sub").GetString());
        Assert.False(own.TryGetProperty("act", out _) || own.TryGetProperty("tool", out _));
    }

    [Fact]
    [Trait("clause", "RFC 8725 §3.11")]
    public async Task Nothing_of_ours_takes_it_for_a_token_wherever_the_server_says_to_be()
    {
        await using var host = await OAuthHost.StartAsync();
        var text = host.Get<IIdentityTokens>().Issue(new IdentityOrder(OrganisationId.Default, OAuthHost.Issuer, Shop, OAuthHost.Shop) { Caller = Caller(host, AliceByBot, 3600), Tool = new ToolName("look") })!;
        Assert.IsType<AccessTokenReading.Refused>(host.Read(text));
        Assert.Null(host.Get<DownstreamTokenReader>().Read(text, UnixTime.Microseconds(host.Clock)));
        foreach (var profile in new[] { TokenProfiles.AccessToken, TokenProfiles.ClientAssertion, TokenProfiles.PlatformToken, TokenProfiles.DPoPProof })
            Assert.Equal(JoseError.WrongType, Jws.Read(Encoding.ASCII.GetBytes(text), profile, new byte[text.Length], out _));
    }

    private static string Issue(OAuthHost host, Holder holder, ToolName? tool, long seconds = 3600) => host.Get<IIdentityTokens>().Issue(
        new IdentityOrder(OrganisationId.Default, OAuthHost.Issuer, Shop, Upstream) { Caller = Caller(host, holder, seconds), Tool = tool })!;

    private static TokenRecord Caller(OAuthHost host, Holder holder, long seconds) => new()
    {
        Id = TokenId.New(), Organisation = OrganisationId.Default, Kind = TokenKind.Agent, Holder = holder, Servers = [], IssuedAt = 1, ExpiresAt = UnixTime.FromSeconds(host.Now + seconds), IssuedBy = "admin",
    };
}
