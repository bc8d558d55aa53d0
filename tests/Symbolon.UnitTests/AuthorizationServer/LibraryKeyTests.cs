using System.Net;
using Symbolon.Client;
using Symbolon.Client.Credentials;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Testing.OAuth;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>How our library keeps an instance's key, against the endpoints themselves: with a code, by the word of its platform, and beside another process.</summary>
[Trait("area", "credentials")]
public sealed class LibraryKeyTests : IAsyncLifetime
{
    private const string Subject = "system:serviceaccount:servers:deploy";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("symbolon-keys-");
    private readonly PlatformKey platform = new();
    private ServerRig rig = null!;
    private OAuthHostHandler handler = null!;
    private HttpClient http = null!;
    private int asked;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string KeyFile => Path.Combine(folder.FullName, "key");

    public async ValueTask InitializeAsync()
    {
        rig = await ServerRig.StartAsync(enrols: false);
        handler = new OAuthHostHandler(rig.Host);
        http = new HttpClient(handler);
        rig.Host.Apply(new IssuerObject { Name = new IssuerName("cluster"), Issuer = WorkloadRig.Cluster, Audience = OAuthHost.Issuer, Subjects = [new("system:serviceaccount:*")], Keys = [platform.Jwk] });
        var server = ServerRig.ServerOf();
        var manifest = server.Approved!.Manifest;
        rig.Put(server with { Approved = server.Approved with { Manifest = manifest with { Credential = new UpstreamCredential.Exchange { Audience = ServerRig.Api, Federation = [WorkloadRig.Of("cluster", Subject)] } } } });
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await rig.DisposeAsync();
        platform.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Of_two_processes_with_one_key_file_one_replaces_the_key_and_the_other_takes_what_it_finds()
    {
        using var one = await OpenByCodeAsync();
        using var other = await OpenByCodeAsync();
        rig.Host.Clock.Advance(TimeSpan.FromSeconds(5));
        await Task.WhenAll(one.RotateKeyAsync(Cancellation), other.RotateKeyAsync(Cancellation));
        Assert.Equal(one.KeyThumbprint, other.KeyThumbprint);
        Assert.Equal(2, Instances().Length);
        Assert.Empty(rig.Host.Store.Announced);
        // And much later, when the one has not looked for hours.
        rig.Host.Clock.Advance(TimeSpan.FromMinutes(10));
        await one.RotateKeyAsync(Cancellation);
        rig.Host.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.NotEqual(one.KeyThumbprint, other.KeyThumbprint);
        await other.OwnAsync(Cancellation);
        Assert.Equal(one.KeyThumbprint, other.KeyThumbprint);
        Assert.Empty(rig.Host.Store.Announced);
    }

    [Fact]
    public async Task Where_a_node_has_not_heard_of_the_new_key_yet_the_one_before_speaks()
    {
        using var credential = await OpenByCodeAsync();
        rig.Host.Clock.Advance(TimeSpan.FromSeconds(5));
        var first = credential.KeyThumbprint;
        await credential.RotateKeyAsync(Cancellation);
        handler.Instead = (request, body) => request.RequestUri!.AbsolutePath == "/oauth/token" && KeyOf(body) == credential.KeyThumbprint ? Refused() : null;
        var token = await credential.OwnAsync(Cancellation);
        Assert.Equal(first, OAuthHost.PayloadOf(token.Text).GetProperty("cnf").GetProperty("jkt").GetString());
        Assert.Equal(first, credential.KeyOf(token.Text).Thumbprint);
        Assert.Equal(2, Instances().Length);
    }

    [Fact]
    public async Task An_instance_that_its_platform_vouches_for_needs_no_code_and_stays()
    {
        using var credential = await OpenByPlatformAsync("blue");
        Assert.Equal(("server:deploy", "blue"), (credential.ClientId, Instances().Single().Name));
        for (var hour = 0; hour < 6; hour++)
        {
            await credential.OwnAsync(Cancellation);
            rig.Host.Clock.Advance(TimeSpan.FromMinutes(31));
            var before = asked;
            await credential.TokenAsync(null, null, Cancellation);
            await credential.Work;
            Assert.Equal((before + 1, At(TimeSpan.FromHours(1))), (asked, Instances().Single().Until));
        }
        Assert.Equal(credential.KeyThumbprint, Instances().Single().Thumbprint);
    }

    [Fact]
    public async Task An_instance_that_was_idle_for_a_day_makes_another_key_by_itself()
    {
        using var credential = await OpenByPlatformAsync("blue");
        var first = credential.KeyThumbprint;
        rig.Host.Clock.Advance(TimeSpan.FromDays(1));
        Assert.NotNull(await credential.OwnAsync(Cancellation));
        Assert.NotEqual(first, credential.KeyThumbprint);
        Assert.Equal("blue", Instances().Single(each => each.ReplacedAt is null && each.Thumbprint == credential.KeyThumbprint).Name);

        // It is the one that a restart finds, and nothing is asked of the old one.
        using var again = await OpenByPlatformAsync("blue");
        Assert.Equal(credential.KeyThumbprint, again.KeyThumbprint);
    }

    [Fact]
    public async Task A_key_that_its_platform_vouches_for_is_replaced_by_the_platforms_word_when_an_administrator_orders_it()
    {
        using var credential = await OpenByPlatformAsync("blue");
        var first = credential.KeyThumbprint;
        rig.Host.Clock.Advance(TimeSpan.FromSeconds(5));
        await rig.Host.Get<Symbolon.Registry.Credentials.EnrolmentDesk>().RotateAsync(ServerRig.Admin, ServerRig.Deploy, null, null, Cancellation);
        rig.Host.Clock.Advance(TimeSpan.FromHours(1));
        Assert.NotNull(await credential.OwnAsync(Cancellation));
        Assert.NotEqual(first, credential.KeyThumbprint);
    }

    [Fact]
    public async Task A_key_that_was_revoked_stays_so_and_the_platform_may_vouch_for_another()
    {
        using (var credential = await OpenByPlatformAsync("blue"))
            await rig.Host.Get<Symbolon.Registry.Credentials.EnrolmentDesk>().RevokeAsync(ServerRig.Admin, ServerRig.Deploy, credential.KeyThumbprint, null, Cancellation);
        var opening = OpenByPlatformAsync("blue");
        // The refusal may pass within a second, as far as the library knows.
        while (!opening.IsCompleted)
        {
            rig.Host.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        using var again = await opening;
        Assert.NotNull(await again.OwnAsync(Cancellation));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData(null)]
    public async Task Without_a_token_of_the_platform_nothing_is_asked(string? token)
    {
        var asking = false;
        handler.Instead = (_, _) => { asking = true; return null; };
        var why = await Assert.ThrowsAsync<SymbolonException>(() => ServerCredential.OpenAsync(Options(_ => token is null ? throw new IOException("no such file") : new(token)), http, rig.Host.Clock, Cancellation));
        Assert.Equal("no_platform_token", why.Code);
        Assert.False(asking);
    }

    [Fact]
    public async Task Options_that_do_not_go_together_are_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => ServerCredential.OpenAsync(Options(Vouch) with { EnrolmentCode = "sym_enr_x" }, http, rig.Host.Clock, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => ServerCredential.OpenAsync(Options(Vouch) with { Server = null }, http, rig.Host.Clock, Cancellation));
    }

    private async Task<ServerCredential> OpenByCodeAsync() => await ServerCredential.OpenAsync(
        new ServerCredentialOptions { Symbolon = new Uri(OAuthHost.Issuer), KeyFile = KeyFile, EnrolmentCode = File.Exists(KeyFile) ? null : await rig.CodeAsync() }, http, rig.Host.Clock, Cancellation);

    private Task<ServerCredential> OpenByPlatformAsync(string instance) => ServerCredential.OpenAsync(Options(Vouch) with { Instance = instance }, http, rig.Host.Clock, Cancellation);

    private ServerCredentialOptions Options(Func<CancellationToken, ValueTask<string>> token) => new() { Symbolon = new Uri(OAuthHost.Issuer), KeyFile = KeyFile, Server = "deploy", PlatformToken = token };

    private ValueTask<string> Vouch(CancellationToken cancellation)
    {
        Interlocked.Increment(ref asked);
        return new(platform.Sign(new System.Text.Json.Nodes.JsonObject
        {
            ["aud"] = new System.Text.Json.Nodes.JsonArray(OAuthHost.Issuer), ["iss"] = WorkloadRig.Cluster, ["sub"] = Subject, ["jti"] = Guid.NewGuid().ToString(),
            ["iat"] = rig.Host.Now, ["nbf"] = rig.Host.Now, ["exp"] = rig.Host.Now + 600,
        }) + "\n");
    }

    private long At(TimeSpan ahead) => Symbolon.Core.UnixTime.ToMicroseconds(rig.Host.Clock.GetUtcNow() + ahead);

    private System.Collections.Immutable.ImmutableArray<ServerInstance> Instances() => rig.Host.Configuration.ServerKeys(OrganisationId.Default, ServerRig.Deploy)!.Instances;

    private static HttpResponseMessage Refused() => new(HttpStatusCode.Unauthorized) { Content = new StringContent("""{"error":"invalid_client","error_description":"no such key here yet"}""") };

    /// <summary>The <c>kid</c> of a form's assertion.</summary>
    private static string KeyOf(string form)
    {
        var assertion = System.Web.HttpUtility.ParseQueryString(form)["client_assertion"]!;
        return System.Text.Json.JsonDocument.Parse(Symbolon.Jose.Base64Url.Decode(System.Text.Encoding.ASCII.GetBytes(assertion.Split('.')[0]))!).RootElement.GetProperty("kid").GetString()!;
    }
}
