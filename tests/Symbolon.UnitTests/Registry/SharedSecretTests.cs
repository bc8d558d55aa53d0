using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Registry.Secrets;

namespace Symbolon.UnitTests.Registry;

[Trait("area", "registry")]
public sealed class SharedSecretTests
{
    private readonly RegistryDesk desk = new();

    [Fact]
    public async Task A_secret_serves_several_servers_where_each_says_that_it_is_shared()
    {
        await PutAsync("key", "one-value-for-all");
        await desk.ApplyAsync(Server("one", "shared"), Server("two", "shared"));
        await desk.ApplyAsync(Server("three", "shared"));
        foreach (var name in new[] { "one", "two", "three" }) Assert.Equal(Lifecycle.Active, (await desk.ApproveAsync(name, 1)).State);
        Assert.Equal(["one", "three", "two"], desk.Use.UsersOf(OrganisationId.Default, "key").Select(server => server.Value));
    }

    [Theory]
    [InlineData("static", "static")]
    [InlineData("static", "shared")]
    [InlineData("shared", "static")]
    public async Task One_that_does_not_say_so_keeps_it_from_the_other(string first, string second)
    {
        await desk.ApplyAsync(Server("one", first));
        var error = Assert.Single((await desk.RefusedAsync(Server("two", second))).Errors);
        Assert.Equal(("documents[0].spec.credential.secret", "secret_in_use"), (error.Path, error.Code));
        Assert.Contains("already serves one", error.Message, StringComparison.Ordinal);
        Assert.Equal("documents[1].spec.credential.secret", Assert.Single((await desk.RefusedAsync(Server("three", first).Replace("\"key\"", "\"new\"", StringComparison.Ordinal),
            Server("four", second).Replace("\"key\"", "\"new\"", StringComparison.Ordinal))).Errors).Path);
    }

    [Fact]
    public async Task To_share_what_was_a_servers_own_waits_for_review()
    {
        await PutAsync("key", "one-value-for-all");
        await desk.ApplyAsync(Server("one", "static"));
        await desk.ApproveAsync("one", 1);
        await desk.ApplyAsync(Server("one", "shared"));
        Assert.IsType<UpstreamCredential.Static>(desk.Find("one").Approved!.Manifest.Credential);
        Assert.IsType<UpstreamCredential.Shared>(desk.Find("one").Pending!.Manifest.Credential);
        // Until then it is that server's alone.
        Assert.Equal("secret_in_use", Assert.Single((await desk.RefusedAsync(Server("two", "shared"))).Errors).Code);
        await desk.ApproveAsync("one", 2);
        await desk.ApplyAsync(Server("two", "shared"));
    }

    [Theory]
    [InlineData("Bearer the-same-value")]
    [InlineData("token the-same-value")]
    [InlineData("the-same-value")]
    public async Task The_word_of_a_scheme_makes_no_other_secret(string again)
    {
        await PutAsync("key", "Bearer the-same-value");
        await desk.ApplyAsync(Server("one", "static"));
        var refused = Assert.IsType<Result<StoredSecret>.Refused>(await desk.Secrets.PutAsync(RegistryDesk.Ann, "other", again, null, null, CancellationToken.None)).Why;
        Assert.Equal((ChangeErrorKind.Conflict, "secret_in_use"), (refused.Kind, refused.Code));
        Assert.Contains("stored as key and serves one", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("the-same-value", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Phrases_that_end_alike_are_two_secrets()
    {
        await PutAsync("key", "correct horse battery-staple");
        await PutAsync("other", "wrong horse battery-staple");
        await PutAsync("short", "user short");
        await PutAsync("shorter", "pass short");
    }

    [Fact]
    public async Task Of_a_value_from_before_the_scheme_was_left_out_the_same_text_is_found()
    {
        var value = "Bearer stored-long-ago"u8.ToArray();
        var sealedValue = desk.Box.Seal(new(OrganisationId.Default, UpstreamSecrets.Kind, "old", 1), value);
        var put = new Core.Snapshot.Change.PutSecret(UpstreamSecrets.Kind, "old", 0, sealedValue, desk.Box.Fingerprint(OrganisationId.Default, value));
        await new ChangeDesk(desk.Store, desk.Audit, desk.Clock).CommitAsync(RegistryDesk.Ann, new ChangeNote("put secret", "Secret/old"), [put], CancellationToken.None);
        Assert.IsType<Result<StoredSecret>.Refused>(await desk.Secrets.PutAsync(RegistryDesk.Ann, "new", "Bearer stored-long-ago", null, null, CancellationToken.None));
        // Set again it has the other fingerprint.
        await PutAsync("old", "Bearer stored-long-ago");
        Assert.IsType<Result<StoredSecret>.Refused>(await desk.Secrets.PutAsync(RegistryDesk.Ann, "new", "stored-long-ago", null, null, CancellationToken.None));
    }

    private static string Server(string name, string mode) => RegistryDesk.Server(name, credential: RegistryDesk.Credential("key", mode));

    private async Task PutAsync(string name, string value) =>
        Assert.IsType<Result<StoredSecret>.Done>(await desk.Secrets.PutAsync(RegistryDesk.Ann, name, value, null, null, CancellationToken.None));
}
