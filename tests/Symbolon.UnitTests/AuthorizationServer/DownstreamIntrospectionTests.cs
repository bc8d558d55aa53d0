using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Testing.OAuth;
using Symbolon.UnitTests.Admin;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>Who is told about tokens behind the gateway: RFC 7662.</summary>
[Trait("area", "credentials")]
public sealed class DownstreamIntrospectionTests
{
    private const string Inactive = """{"active":false}""";

    [Fact]
    [Trait("clause", "RFC 7662 §2.2")]
    public async Task The_api_that_a_token_is_for_is_told_all_that_is_in_it()
    {
        await using var rig = await ServerRig.StartAsync();
        using var key = Api(rig, "cluster", ServerRig.Api);
        var token = (await rig.ExchangeAsync(rig.CallToken())).Json.GetProperty("access_token").GetString()!;
        var answer = (await AskAsync(rig, key, "cluster", token)).Json;
        Assert.True(answer.GetProperty("active").GetBoolean());
        var claims = OAuthHost.PayloadOf(token);
        foreach (var same in new[] { "sub", "act", "aud", "iss", "jti", "client_id", "scope", "authorization_details", "cnf", "tool", "authorization_id", "origin_client_id", "exp", "iat" })
            Assert.Equal(claims.GetProperty(same).GetRawText(), answer.GetProperty(same).GetRawText());
    }

    [Fact]
    [Trait("clause", "RFC 7662 §4")]
    public async Task Nobody_else_is_told_that_it_is_one()
    {
        await using var rig = await ServerRig.StartAsync();
        using var other = Api(rig, "other", "https://other.example.com");
        using var cluster = Api(rig, "cluster", ServerRig.Api);
        var (call, exchanged) = (rig.CallToken(), (await rig.ExchangeAsync(rig.CallToken())).Json.GetProperty("access_token").GetString()!);
        Assert.Equal(Inactive, (await AskAsync(rig, other, "other", exchanged)).Text);
        Assert.Equal(Inactive, (await AskAsync(rig, cluster, "cluster", call)).Text);
        Assert.Equal(Inactive, (await rig.Host.PostAsync("/oauth/introspect", ("token", exchanged), ("client_assertion", rig.Host.Assertion()), ("client_assertion_type", OAuthHost.AssertionType))).Text);
        // The server itself is told of both.
        Assert.NotEqual(Inactive, (await AskAsync(rig, rig.Key, "server:deploy", call)).Text);
        Assert.NotEqual(Inactive, (await AskAsync(rig, rig.Key, "server:deploy", exchanged)).Text);
    }

    [Theory]
    [InlineData(RevocationLevel.User, "alice@example.com")]
    [InlineData(RevocationLevel.Agent, "bot")]
    [InlineData(RevocationLevel.Credential, "deploy")]
    [InlineData(RevocationLevel.Organisation, "default")]
    [Trait("clause", "DESIGN.md §1 Revocation")]
    public async Task What_was_revoked_is_inactive_and_so_is_all_of_a_stopped_server(RevocationLevel level, string target)
    {
        await using var rig = await ServerRig.StartAsync();
        using var key = Api(rig, "cluster", ServerRig.Api);
        var token = (await rig.ExchangeAsync(rig.CallToken())).Json.GetProperty("access_token").GetString()!;
        Assert.NotEqual(Inactive, (await AskAsync(rig, key, "cluster", token)).Text);
        rig.Put(ServerRig.ServerOf(Lifecycle.Suspended));
        Assert.Equal(Inactive, (await AskAsync(rig, key, "cluster", token)).Text);
        rig.Put(ServerRig.ServerOf());
        rig.Host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        rig.Host.Raise(level, target);
        Assert.Equal(Inactive, (await AskAsync(rig, key, "cluster", token)).Text);
    }

    private static ProofKey Api(ServerRig rig, string name, string audience)
    {
        var key = new ProofKey();
        rig.Host.Apply(new ClientObject { Name = name, Owner = "o@example.com", Keys = [key.Jwk], Audience = audience });
        return key;
    }

    private static Task<Answer> AskAsync(ServerRig rig, ProofKey key, string client, string token) => rig.Host.PostAsync("/oauth/introspect",
        ("token", token), ("client_assertion", key.Assert(rig.Host.Claims(client))), ("client_assertion_type", OAuthHost.AssertionType));
}
