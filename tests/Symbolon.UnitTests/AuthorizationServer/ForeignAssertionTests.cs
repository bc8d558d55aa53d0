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

/// <summary>What a foreign token endpoint is shown: who calls, and who asks.</summary>
[Trait("area", "credentials")]
public sealed class ForeignAssertionTests
{
    private const string Endpoint = "https://login.example.com/oauth2/token?tenant=a";
    private static readonly Holder AliceByBot = new() { User = UserEmail.Parse("alice@example.com"), Agent = new AgentName("bot") };

    [Fact]
    [Trait("clause", "RFC 7523 §3")]
    public async Task Of_a_caller_it_says_who_through_whom_for_a_minute_at_one_address_and_nothing_else()
    {
        await using var host = await OAuthHost.StartAsync();
        var text = OfCaller(host, Endpoint);
        var claims = OAuthHost.PayloadOf(text);
        Assert.Equal(["act", "aud", "exp", "iat", "iss", "jti", "sub"], claims.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            ("alice@example.com", """{"sub":"agent:bot"}""", Endpoint, OAuthHost.Issuer, host.Now, host.Now + 60),
            (claims.GetProperty("sub").GetString(), claims.GetProperty("act").GetRawText(), claims.GetProperty("aud").GetString(),
                claims.GetProperty("iss").GetString(), claims.GetProperty("iat").GetInt64(), claims.GetProperty("exp").GetInt64()));
        Assert.NotEqual(claims.GetProperty("jti").GetString(), OAuthHost.PayloadOf(OfCaller(host, Endpoint)).GetProperty("jti").GetString());
        Assert.Equal(("authorization-grant+jwt", "ES256"), HeaderOf(text));
        Assert.Equal(host.Now + 20, OAuthHost.PayloadOf(OfCaller(host, Endpoint, seconds: 20)).GetProperty("exp").GetInt64());
    }

    [Fact]
    [Trait("clause", "RFC 7523 §2.2")]
    public async Task Of_the_client_it_says_the_client_alone()
    {
        await using var host = await OAuthHost.StartAsync();
        var text = host.Get<IForeignAssertions>().OfClient(Order(Endpoint), "symbolon-orders")!;
        var claims = OAuthHost.PayloadOf(text);
        Assert.Equal(["aud", "exp", "iat", "iss", "jti", "sub"], claims.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.Equal(("symbolon-orders", "symbolon-orders", Endpoint, host.Now + 60), (
            claims.GetProperty("iss").GetString(), claims.GetProperty("sub").GetString(), claims.GetProperty("aud").GetString(), claims.GetProperty("exp").GetInt64()));
        Assert.Equal(("client-authentication+jwt", "ES256"), HeaderOf(text));
    }

    [Fact]
    [Trait("clause", "RFC 8725 §3.11")]
    public async Task Nothing_of_ours_takes_either_for_a_token_whatever_address_the_file_says()
    {
        await using var host = await OAuthHost.StartAsync();
        var ofCaller = OfCaller(host, OAuthHost.Shop);
        var ofClient = host.Get<IForeignAssertions>().OfClient(Order(OAuthHost.Shop), "symbolon-orders")!;
        foreach (var text in new[] { ofCaller, ofClient })
        {
            Assert.IsType<AccessTokenReading.Refused>(host.Read(text));
            Assert.Null(host.Get<DownstreamTokenReader>().Read(text, UnixTime.Microseconds(host.Clock)));
            foreach (var profile in new[] { TokenProfiles.AccessToken, TokenProfiles.Identity, TokenProfiles.PlatformToken, TokenProfiles.DPoPProof })
                Assert.Equal(JoseError.WrongType, Jws.Read(Encoding.ASCII.GetBytes(text), profile, new byte[text.Length], out _));
        }
        Assert.Equal(JoseError.WrongType, Jws.Read(Encoding.ASCII.GetBytes(ofCaller), TokenProfiles.ClientAssertion, new byte[ofCaller.Length], out _));
    }

    private static string OfCaller(OAuthHost host, string endpoint, long seconds = 3600) => host.Get<IForeignAssertions>().OfCaller(Order(endpoint), new TokenRecord
    {
        Id = TokenId.New(), Organisation = OrganisationId.Default, Kind = TokenKind.Agent, Holder = AliceByBot, Servers = [], IssuedAt = 1, ExpiresAt = UnixTime.FromSeconds(host.Now + seconds), IssuedBy = "admin",
    })!;

    private static ForeignAssertionOrder Order(string endpoint) => new(OrganisationId.Default, OAuthHost.Issuer, endpoint);

    private static (string?, string?) HeaderOf(string text)
    {
        using var header = JsonDocument.Parse(Base64Url.Decode(Encoding.ASCII.GetBytes(text.Split('.')[0]))!);
        return (header.RootElement.GetProperty("typ").GetString(), header.RootElement.GetProperty("alg").GetString());
    }
}
