using Symbolon.Admin.Servers;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Registry.Credentials;
using Symbolon.Registry.Secrets;
using Symbolon.Registry.Servers;

namespace Symbolon.UnitTests.Registry;

/// <summary>A server that is under another authorization server (<c>credential.at</c>), in the registry.</summary>
[Trait("area", "registry")]
public sealed class ForeignServerTests
{
    private const string Signed = "\"tokenEndpoint\":\"https://login.example.com/token\",\"client\":\"symbolon\"";
    private const string WithSecret = Signed + ",\"secret\":\"idp\",\"expires\":\"2027-12-31\"";

    private readonly RegistryDesk desk = new();

    [Theory]
    [InlineData("\"tokenEndpoint\":\"https://evil.example.com/token\",\"client\":\"symbolon\"")]
    [InlineData("\"tokenEndpoint\":\"https://login.example.com/token\",\"client\":\"other\"")]
    [InlineData(Signed + ",\"style\":\"on-behalf-of\",\"scope\":\"a\"")]
    [InlineData(Signed + ",\"scope\":\"everything\"")]
    [InlineData(WithSecret)]
    public async Task Each_change_of_where_and_how_tokens_are_had_waits_for_a_review(string changed)
    {
        await ApprovedAsync(Foreign("shop", Signed));
        await desk.ApplyAsync(Foreign("shop", changed));
        var server = desk.Find("shop");
        Assert.Equal(("https://login.example.com/token", "symbolon", ForeignStyle.TokenExchange, null, null),
            Assert.IsType<UpstreamCredential.Foreign>(server.Approved!.Manifest.Credential) is var at ? (at.TokenEndpoint, at.Client, at.Style, at.Scope, at.Secret) : default);
        Assert.NotNull(server.Pending);
        Assert.NotEqual(server.Approved.Manifest.Credential, server.Pending.Manifest.Credential);
    }

    [Fact]
    public async Task Neither_dropping_nor_adding_another_authorization_server_is_harmless()
    {
        await ApprovedAsync(Foreign("shop", Signed));
        await desk.ApplyAsync(Own("shop"));
        Assert.IsType<UpstreamCredential.Foreign>(desk.Find("shop").Approved!.Manifest.Credential);
        await ApprovedAsync(Own("other"));
        await desk.ApplyAsync(Foreign("other", Signed.Replace("symbolon", "symbolon-other", StringComparison.Ordinal)));
        Assert.IsType<UpstreamCredential.Exchange>(desk.Find("other").Approved!.Manifest.Credential);
    }

    [Fact]
    public async Task With_another_authorization_server_what_was_issued_here_before_is_over()
    {
        await ApprovedAsync(Own("shop"));
        Assert.Null(desk.Configuration.Epochs.Find(OrganisationId.Default, RevocationLevel.Credential, "shop"));
        await desk.ApplyAsync(Foreign("shop", Signed));
        await desk.ApproveAsync("shop", 2);
        Assert.NotNull(desk.Configuration.Epochs.Find(OrganisationId.Default, RevocationLevel.Credential, "shop"));
    }

    [Fact]
    [Trait("hostile", "borrowed credential")]
    public async Task A_client_of_one_server_serves_no_other()
    {
        await ApprovedAsync(Foreign("shop", Signed));
        var error = Assert.Single((await desk.RefusedAsync(Foreign("notes", Signed))).Errors);
        Assert.Equal(("documents[0].spec.credential.at.client", "secret_in_use"), (error.Path, error.Code));
        Assert.Contains("already serves shop", error.Message, StringComparison.Ordinal);
        var another = Signed.Replace("symbolon", "one", StringComparison.Ordinal);
        Assert.Equal("documents[1].spec.credential.at.client", Assert.Single((await desk.RefusedAsync(Foreign("a", another), Foreign("b", another))).Errors).Path);
        // The same name at another endpoint is another client, and a retired server has none.
        await desk.ApplyAsync(Foreign("notes", "\"tokenEndpoint\":\"https://other.example.com/token\",\"client\":\"symbolon\""));
        await desk.Servers.RetireAsync(RegistryDesk.Ann, new ServerName("shop"), null, null, CancellationToken.None);
        await desk.ApplyAsync(Foreign("third", Signed));
    }

    [Fact]
    public async Task Its_clients_secret_has_to_be_there_and_is_nobody_elses()
    {
        await desk.ApplyAsync(Foreign("shop", WithSecret));
        Assert.Equal("secret_missing", Assert.IsType<Result<VersionedServer>.Refused>(
            await desk.Manifests.ApproveAsync(RegistryDesk.Ben, new ServerName("shop"), 1, inside: false, null, null, CancellationToken.None)).Why.Code);
        await PutAsync("idp", "the-secret-of-the-client");
        await desk.ApproveAsync("shop", 1);
        Assert.Equal(["shop"], desk.Use.UsersOf(OrganisationId.Default, "idp").Select(server => server.Value));
        Assert.Equal(new DateOnly(2027, 12, 31), desk.Use.Find(OrganisationId.Default, "idp")!.Expires);
        foreach (var (other, path) in new[] { (Foreign("two", WithSecret), "spec.credential.at.secret"), (RegistryDesk.Server("two", credential: RegistryDesk.Credential("idp", "shared")), "spec.credential.secret") })
        {
            var error = Assert.Single((await desk.RefusedAsync(other)).Errors);
            Assert.Equal(($"documents[0].{path}", "secret_in_use"), (error.Path, error.Code));
        }
    }

    [Fact]
    public async Task Its_clients_secret_is_destroyed_with_it()
    {
        await PutAsync("idp", "the-secret-of-the-client");
        await ApprovedAsync(Foreign("shop", WithSecret));
        Assert.IsType<Result<VersionedServer>.Done>(await desk.Servers.RetireAsync(RegistryDesk.Ann, new ServerName("shop"), null, null, CancellationToken.None));
        Assert.Null(desk.Configuration.Secret(OrganisationId.Default, UpstreamSecrets.Kind, "idp"));
    }

    [Fact]
    public async Task It_has_no_keys_to_enrol()
    {
        await ApprovedAsync(Foreign("shop", Signed));
        var refused = Assert.IsType<Result<NewEnrolment>.Refused>(await desk.Enrolments.CreateAsync(RegistryDesk.Ann, new ServerName("shop"), null, null, CancellationToken.None)).Why;
        Assert.Equal("wrong_mode", refused.Code);
        Assert.Contains("another authorization server", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_there_is_a_finding_with_its_day_and_a_signature_is_none()
    {
        await desk.ApplyAsync(Foreign("shop", WithSecret), Foreign("two", Signed.Replace("symbolon", "symbolon-two", StringComparison.Ordinal)));
        var finding = Assert.Single(FindingResponse.Of(desk.Find("shop").Pending!.Manifest.Credential));
        Assert.Equal(("static_credential", "credential: static at login.example.com, ends 2027-12-31"), (finding.Code, finding.Text));
        Assert.Empty(FindingResponse.Of(desk.Find("two").Pending!.Manifest.Credential));
    }

    private async Task ApprovedAsync(string document)
    {
        await desk.ApplyAsync(document);
        await desk.ApproveAsync(document.Contains("\"name\":\"other\"", StringComparison.Ordinal) ? "other" : "shop", 1);
    }

    private async Task PutAsync(string name, string value) =>
        Assert.IsType<Result<StoredSecret>.Done>(await desk.Secrets.PutAsync(RegistryDesk.Ann, name, value, null, null, CancellationToken.None));

    private static string Foreign(string name, string at) =>
        RegistryDesk.Server(name, credential: "\"credential\":{\"mode\":\"exchange\",\"audience\":\"https://api.example.com\",\"at\":{" + at + "}},");

    private static string Own(string name) => RegistryDesk.Server(name, credential: "\"credential\":{\"mode\":\"exchange\",\"audience\":\"https://api.example.com\"},");
}
