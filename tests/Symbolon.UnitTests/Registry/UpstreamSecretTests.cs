using System.Text;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Sealing;
using Symbolon.Registry.Secrets;

namespace Symbolon.UnitTests.Registry;

[Trait("area", "registry")]
public sealed class UpstreamSecretTests
{
    private readonly RegistryDesk desk = new();

    [Fact]
    public async Task A_value_is_sealed_for_its_place_and_told_nowhere()
    {
        var first = await DoneAsync("shop-key", "Bearer s3cret-value");
        Assert.Equal(("shop-key", 1L, true), (first.Name, first.Version, first.Changed));
        var second = await DoneAsync("shop-key", "another");
        Assert.Equal(2L, second.Version);

        var stored = desk.Configuration.Secret(OrganisationId.Default, UpstreamSecrets.Kind, "shop-key")!;
        Assert.Equal("another", Encoding.ASCII.GetString(desk.Box.Open(new SecretPlace(OrganisationId.Default, "upstream", "shop-key", 2), stored.Sealed)!));
        Assert.All(desk.Store.Committed, record => Assert.Equal(("put secret", "Secret/shop-key"), (record.Action, record.Target)));
        Assert.DoesNotContain("s3cret", string.Join('|', desk.Store.Committed.Select(record => $"{record.Action}{record.Target}{record.Reason}")) + first, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_value_again_is_unchanged()
    {
        await DoneAsync("shop-key", "s3cret");
        Assert.Equal((1L, false), await DoneAsync("shop-key", "s3cret") switch { var stored => (stored.Version, stored.Changed) });
        Assert.Single(desk.Store.Committed);
    }

    [Fact]
    public async Task A_value_that_serves_one_server_is_refused_for_another()
    {
        await DoneAsync("shop-key", "s3cret");
        var refusal = await RefusedAsync("other-key", "s3cret");
        Assert.Equal((ChangeErrorKind.Conflict, "secret_in_use"), (refusal.Kind, refusal.Code));
        Assert.DoesNotContain("s3cret", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_by_name_serves_one_server()
    {
        await desk.ApplyAsync(RegistryDesk.Server("shop", credential: RegistryDesk.Credential("key")));
        Assert.Equal("secret_in_use", Assert.Single((await desk.RefusedAsync(RegistryDesk.Server("other", credential: RegistryDesk.Credential("key")))).Errors).Code);
        Assert.Equal("documents[1].spec.credential.secret", Assert.Single((await desk.RefusedAsync(
            RegistryDesk.Server("one", credential: RegistryDesk.Credential("new")), RegistryDesk.Server("two", credential: RegistryDesk.Credential("new")))).Errors).Path);
        Assert.Equal(["shop"], (await DoneAsync("key", "s3cret")).UsedBy.Select(server => server.Value));
        await desk.Servers.RetireAsync(RegistryDesk.Ann, new ServerName("shop"), null, null, CancellationToken.None);
        await desk.ApplyAsync(RegistryDesk.Server("other", credential: RegistryDesk.Credential("key")));
    }

    [Fact]
    public async Task A_retired_server_takes_every_secret_with_it_that_any_of_its_approved_versions_named_and_no_other_server_uses()
    {
        foreach (var name in new[] { "first", "second", "turned-down", "taken-over", "spare" }) await DoneAsync(name, "value of " + name);
        var number = 0;
        foreach (var (secret, serves) in new[] { ("first", true), ("taken-over", true), ("gone", false), ("turned-down", false), ("second", true) })
        {
            await desk.ApplyAsync(RegistryDesk.Server("shop", credential: RegistryDesk.Credential(secret)));
            if (serves) await desk.ApproveAsync("shop", ++number);
            else await desk.Manifests.RejectAsync(RegistryDesk.Ben, new ServerName("shop"), ++number, null, CancellationToken.None);
        }
        await desk.ApplyAsync(RegistryDesk.Server("other", credential: RegistryDesk.Credential("taken-over")));

        await desk.Servers.RetireAsync(RegistryDesk.Ann, new ServerName("shop"), "moved", null, CancellationToken.None);

        Assert.Equal(["spare", "taken-over", "turned-down"], desk.Configuration.Secrets(OrganisationId.Default, UpstreamSecrets.Kind).Select(secret => secret.Id).Order(StringComparer.Ordinal));
        Assert.Equal(["retire Server/shop", "destroy secret Secret/first", "destroy secret Secret/second"],
            desk.Store.Committed.TakeLast(3).Select(record => $"{record.Action} {record.Target}"));
        Assert.All(desk.Store.Committed.TakeLast(3), record => Assert.Equal(("ann", "shop", "moved"), (record.By, record.Server, record.Reason)));
    }

    [Fact]
    public async Task A_server_that_was_never_approved_takes_no_secret_with_it()
    {
        await DoneAsync("key", "value");
        await desk.ApplyAsync(RegistryDesk.Server("shop", credential: RegistryDesk.Credential("key")));
        await desk.Servers.RetireAsync(RegistryDesk.Ann, new ServerName("shop"), null, null, CancellationToken.None);
        Assert.NotNull(desk.Configuration.Secret(OrganisationId.Default, UpstreamSecrets.Kind, "key"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" x")]
    [InlineData("x ")]
    [InlineData("a\r\nX-Evil: 1")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("ä")]
    [InlineData("\u007f")]
    public async Task A_value_that_is_no_header_value_is_refused_without_being_repeated(string value)
    {
        var refusal = await RefusedAsync("key", value);
        Assert.Equal(("value", ChangeErrorKind.Invalid), (Assert.Single(refusal.Errors).Path, refusal.Kind));
        Assert.Empty(desk.Store.Committed);
    }

    [Fact]
    public async Task A_value_has_at_most_8192_characters()
    {
        await DoneAsync("key", new string('x', 8192));
        Assert.Equal(ChangeErrorKind.Invalid, (await RefusedAsync("key", new string('x', 8193))).Kind);
    }

    [Fact]
    public async Task A_version_that_is_not_the_present_one_and_a_broken_store_change_nothing()
    {
        await DoneAsync("key", "one");
        Assert.Equal(ChangeErrorKind.PreconditionFailed, Assert.IsType<Result<StoredSecret>.Refused>(await desk.Secrets.PutAsync(RegistryDesk.Ann, "key", "two", null, 7, CancellationToken.None)).Why.Kind);
        desk.Store.IsBroken = true;
        Assert.Equal(ChangeErrorKind.NotDurable, (await RefusedAsync("key", "two")).Kind);
    }

    private async Task<StoredSecret> DoneAsync(string name, string value) =>
        Assert.IsType<Result<StoredSecret>.Done>(await desk.Secrets.PutAsync(RegistryDesk.Ann, name, value, null, null, CancellationToken.None)).Value;

    private async Task<ChangeError> RefusedAsync(string name, string value) =>
        Assert.IsType<Result<StoredSecret>.Refused>(await desk.Secrets.PutAsync(RegistryDesk.Ann, name, value, null, null, CancellationToken.None)).Why;
}
