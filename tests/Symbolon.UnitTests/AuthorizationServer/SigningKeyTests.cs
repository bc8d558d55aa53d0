using Symbolon.AuthorizationServer;
using Symbolon.AuthorizationServer.Keys;
using Symbolon.Core.AccessTokens;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Keys;
using Symbolon.Core.Policy;
using Symbolon.Testing.Processes;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>Lives of signing keys. IDENTITY.md section 2, rule (a); DESIGN.md section 6, "Signing key rotates".</summary>
[Trait("area", "oauth")]
public sealed class SigningKeyTests
{
    private static readonly Requester Admin = new(OrganisationId.Default, "admin");

    [Fact]
    [Trait("clause", "RFC 7517 §5")]
    public async Task The_key_set_has_public_keys_alone_and_may_be_kept_for_its_max_age()
    {
        await using var host = await OAuthHost.StartAsync(new AuthorizationServerOptions { JwksMaxAge = TimeSpan.FromSeconds(2) });
        var answer = await host.GetAsync("/oauth/jwks");
        var key = Assert.Single(answer.Json.GetProperty("keys").EnumerateArray());

        Assert.Equal(("public, max-age=2", "application/jwk-set+json"), (answer.Headers["Cache-Control"], answer.Headers["Content-Type"]));
        Assert.Equal(["alg", "crv", "kid", "kty", "use", "x", "y"], key.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.Equal(("EC", "P-256", "sig", "ES256"), (key.GetProperty("kty").GetString(), key.GetProperty("crv").GetString(), key.GetProperty("use").GetString(), key.GetProperty("alg").GetString()));
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §2 (a)")]
    public async Task A_new_key_is_published_a_cache_life_before_it_signs_and_the_old_one_until_its_last_token_has_ended()
    {
        var options = new AuthorizationServerOptions { JwksMaxAge = TimeSpan.FromMinutes(5), Propagation = TimeSpan.FromSeconds(5) };
        await using var host = await OAuthHost.StartAsync(options);
        var old = Kid(await host.AccessTokenAsync());
        var next = Done(await host.Get<SigningKeyDesk>().RotateAsync(Admin, "planned", CancellationToken.None));

        Assert.Equal([old, next.Id], await PublishedAsync(host));
        host.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(old, Kid(await host.AccessTokenAsync()));
        host.Clock.Advance(TimeSpan.FromSeconds(4));
        var last = await host.AccessTokenAsync();
        Assert.Equal(old, Kid(last));
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(next.Id, Kid(await host.AccessTokenAsync()));
        Assert.Equal([old, next.Id], await PublishedAsync(host));
        Assert.IsType<AccessTokenReading.Valid>(host.Read(last));

        host.Clock.Advance(TimeSpan.FromHours(4));
        Assert.Equal([old, next.Id], await PublishedAsync(host));
        host.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal([next.Id], await PublishedAsync(host));
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §2 (a)")]
    public async Task One_key_is_prepared_at_a_time()
    {
        await using var host = await OAuthHost.StartAsync();
        Done(await host.Get<SigningKeyDesk>().RotateAsync(Admin, null, CancellationToken.None));
        var refused = Assert.IsType<Result<SigningKey>.Refused>(await host.Get<SigningKeyDesk>().RotateAsync(Admin, null, CancellationToken.None));
        Assert.Equal("rotation_under_way", refused.Why.Code);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §6")]
    public async Task A_key_that_is_old_is_followed_by_the_next_without_anybody()
    {
        await using var host = await OAuthHost.StartAsync(new AuthorizationServerOptions { KeyRotation = TimeSpan.FromDays(1) });
        await Deadline.ForAsync("the rotation to wait", () => host.Clock.Sleepers > 0);
        Assert.Single(await PublishedAsync(host));
        host.Clock.Advance(TimeSpan.FromHours(23));
        Assert.Single(await PublishedAsync(host));
        host.Clock.Advance(TimeSpan.FromHours(2));
        await Deadline.ForAsync("the next key", async () => (await PublishedAsync(host)).Count == 2 ? "it is there" : null);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Command line: keys")]
    public async Task A_lost_key_signs_nothing_more_and_what_it_signed_is_refused()
    {
        await using var host = await OAuthHost.StartAsync();
        var token = await host.AccessTokenAsync();
        var lost = Kid(token);
        Done(await host.Get<SigningKeyDesk>().RevokeAsync(Admin, lost, "stolen", CancellationToken.None));

        var epoch = host.Configuration.Epochs.Find(OrganisationId.Default, Core.Revocation.RevocationLevel.Key, lost)!;
        Assert.Equal(9999, Core.UnixTime.FromMicroseconds(epoch.NotBefore).Year);
        Assert.DoesNotContain(lost, await PublishedAsync(host));
        Assert.Equal(ReasonCode.Unauthenticated, Assert.IsType<AccessTokenReading.Refused>(host.Read(token)).Code);
        var fresh = await host.AccessTokenAsync();
        Assert.NotEqual(lost, Kid(fresh));
        Assert.IsType<AccessTokenReading.Valid>(host.Read(fresh));
        Assert.IsType<Result<SigningKey>.Refused>(await host.Get<SigningKeyDesk>().RevokeAsync(Admin, lost, null, CancellationToken.None));
        Assert.IsType<Result<SigningKey>.Refused>(await host.Get<SigningKeyDesk>().RevokeAsync(Admin, "nothing", null, CancellationToken.None));
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Command line: keys")]
    public async Task A_prepared_key_that_is_lost_never_signs()
    {
        await using var host = await OAuthHost.StartAsync();
        var active = Kid(await host.AccessTokenAsync());
        var next = Done(await host.Get<SigningKeyDesk>().RotateAsync(Admin, null, CancellationToken.None));
        Done(await host.Get<SigningKeyDesk>().RevokeAsync(Admin, next.Id, null, CancellationToken.None));
        host.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(active, Kid(await host.AccessTokenAsync()));
    }

    [Fact]
    [Trait("clause", "DESIGN.md §5 no. 4")]
    public async Task The_private_key_rests_sealed_and_every_change_is_a_record()
    {
        await using var host = await OAuthHost.StartAsync();
        var id = Kid(await host.AccessTokenAsync());
        var secret = host.Configuration.Secret(OrganisationId.Default, "signing-key", id)!;

        Assert.ThrowsAny<System.Security.Cryptography.CryptographicException>(() => Symbolon.Jose.Signatures.Es256SigningKey.FromPkcs8(secret.Sealed));
        var record = Assert.Single(host.Store.Committed);
        Assert.Equal(("system", "prepare", $"SigningKey/{id}", true), (record.By, record.Action, record.Target, record.Allowed));
    }

    [Fact]
    [Trait("clause", "DESIGN.md §3 Storage")]
    public async Task Of_two_nodes_that_rotate_at_once_one_yields()
    {
        await using var host = await OAuthHost.StartAsync();
        var desk = host.Get<SigningKeyDesk>();
        host.Store.BeforeCommit = () => Done(desk.RotateAsync(Admin, null, CancellationToken.None).GetAwaiter().GetResult());
        var late = Assert.IsType<Result<SigningKey>.Refused>(await desk.RotateAsync(Admin, null, CancellationToken.None));
        Assert.Equal("conflict", late.Why.Code);
        Assert.Equal(2, (await PublishedAsync(host)).Count);
    }

    private static async Task<List<string>> PublishedAsync(OAuthHost host) =>
        [.. (await host.GetAsync("/oauth/jwks")).Json.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString()!)];

    private static string Kid(string token) => System.Text.Json.JsonDocument.Parse(Symbolon.Jose.Base64Url.Decode(System.Text.Encoding.ASCII.GetBytes(token.Split('.')[0]))!)
        .RootElement.GetProperty("kid").GetString()!;

    private static SigningKey Done(Result<SigningKey> result) => Assert.IsType<Result<SigningKey>.Done>(result).Value;
}
