using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Reviews;
using Symbolon.Core.Revocation;
using Symbolon.Core.Tools;
using Symbolon.Registry.Credentials;
using Symbolon.Registry.Servers;
using Symbolon.UnitTests.AuthorizationServer;

namespace Symbolon.UnitTests.Registry;

/// <summary>What ends the tokens that a server has got, in the same commit. DESIGN.md section 4, Drift.</summary>
[Trait("area", "credentials")]
public sealed class CredentialEpochTests
{
    private static readonly ServerName Shop = new("shop");

    private readonly RegistryDesk desk = new();

    private long? Epoch => desk.Configuration.Epochs.Find(OrganisationId.Default, RevocationLevel.Credential, "shop")?.NotBefore;

    [Fact]
    public async Task What_stops_the_server_ends_its_tokens()
    {
        await ApprovedAsync("docs/**");
        Assert.Null(Epoch);
        Assert.IsType<Result<VersionedServer>.Done>(await desk.Servers.SuspendAsync(RegistryDesk.Ann, Shop, null, null, CancellationToken.None));
        var suspended = Epoch;
        Assert.NotNull(suspended);
        Assert.IsType<Result<VersionedServer>.Done>(await desk.Servers.ResumeAsync(RegistryDesk.Ann, Shop, null, null, CancellationToken.None));
        Assert.Equal(suspended, Epoch);
        desk.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.IsType<Result<VersionedServer>.Done>(await desk.Servers.RetireAsync(RegistryDesk.Ann, Shop, null, null, CancellationToken.None));
        Assert.True(Epoch > suspended);
    }

    [Fact]
    public async Task Quarantine_ends_the_tokens_of_all_that_it_suspends()
    {
        await desk.ApplyAsync(Exchanging("docs/**").Replace("\"owner\":", "\"labels\":{\"env\":\"prod\"},\"owner\":", StringComparison.Ordinal));
        await desk.ApproveAsync("shop", 1);
        await desk.Quarantine.SuspendAsync(RegistryDesk.Ann, "env", "prod", null, CancellationToken.None);
        Assert.Equal(Lifecycle.Suspended, desk.Find("shop").State);
        Assert.NotNull(Epoch);
    }

    [Fact]
    public async Task A_union_that_shrinks_ends_them_and_one_that_stays_or_grows_does_not()
    {
        await ApprovedAsync("docs/**");
        await desk.ApplyAsync(Exchanging("docs/**", owner: true));
        Assert.Null(Epoch);
        await desk.ApplyAsync(Exchanging("docs/a"));
        var narrowed = Epoch;
        Assert.NotNull(narrowed);
        desk.Clock.Advance(TimeSpan.FromSeconds(1));
        await desk.ApplyAsync(Exchanging("docs/**"));
        Assert.Equal(narrowed, Epoch);
    }

    [Fact]
    public async Task Drift_that_suspends_a_tool_ends_them()
    {
        await ApprovedAsync("docs/**");
        await desk.Alarm.RaiseAsync(OrganisationId.Default, Shop, 1, [new SeenDefinition(new ToolName("look"), Era.Modern, "sha256:" + new string('a', 64), null, 1)], CancellationToken.None);
        Assert.NotEmpty(desk.Find("shop").Drifted);
        Assert.NotNull(Epoch);
    }

    [Fact]
    public async Task Drift_of_one_of_two_tools_that_need_the_same_ends_them_too()
    {
        await TwoAsync();
        await DriftAsync("look", 'b');
        Assert.NotNull(Epoch);
    }

    [Fact]
    public async Task A_drift_that_is_turned_down_gives_nothing_back_while_the_tool_is_not_listed_as_reviewed()
    {
        await ApprovedAsync("docs/**");
        await DriftAsync("look", 'b');
        await RejectAsync();
        Assert.Empty(desk.Find("shop").Drifted);
        Assert.True(desk.Find("shop").ServingNeeds().IsEmpty);

        await desk.Alarm.ClearAsync(OrganisationId.Default, Shop, 1, [(new ToolName("look"), Era.Legacy), (new ToolName("other"), Era.Modern)], CancellationToken.None);
        Assert.True(desk.Find("shop").ServingNeeds().IsEmpty);
        await desk.Alarm.ClearAsync(OrganisationId.Default, Shop, 1, [(new ToolName("look"), Era.Modern)], CancellationToken.None);
        Assert.False(desk.Find("shop").ServingNeeds().IsEmpty);
        Assert.Contains("look as reviewed again", desk.Store.Committed.Last(record => record.Action == "resume tools").Reason, StringComparison.Ordinal);

        // Nobody is asked twice, and it gets nothing again, and what it had is over.
        desk.Clock.Advance(TimeSpan.FromSeconds(1));
        var before = Epoch;
        await DriftAsync("look", 'b');
        Assert.Null(desk.Find("shop").DriftReview);
        Assert.True(desk.Find("shop").ServingNeeds().IsEmpty);
        Assert.True(Epoch > before);
    }

    [Fact]
    public async Task A_version_that_reviewers_approve_gives_back_what_a_turned_down_drift_has_taken_and_another_file_does_not()
    {
        await ApprovedAsync("docs/**");
        await DriftAsync("look", 'b');
        await RejectAsync();
        await desk.ApplyAsync(Exchanging("docs/**", owner: true));
        Assert.True(desk.Find("shop").ServingNeeds().IsEmpty);
        await desk.ApplyAsync(Exchanging("**"));
        await desk.ApproveAsync("shop", desk.Find("shop").Pending!.Number);
        Assert.False(desk.Find("shop").ServingNeeds().IsEmpty);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_server_that_moves_between_keys_and_a_file_leaves_nothing_behind(bool toFile)
    {
        var keys = ServerRig.ServerOf();
        var manifest = keys.Approved!.Manifest;
        var file = keys with { Approved = keys.Approved with { Number = 2, Manifest = manifest with { Credential = ((UpstreamCredential.Exchange)manifest.Credential) with { File = "TOKEN_FILE" } } } };
        var epochs = new CredentialEpochs(new EventClock(desk.Clock));
        Assert.Single(toFile ? epochs.Between(keys, file) : epochs.Between(file, keys));
        Assert.Empty(epochs.Between(file, file with { Approved = file.Approved! with { Number = 3 } }));
    }

    [Fact]
    public async Task A_retired_server_has_neither_keys_nor_codes()
    {
        await ApprovedAsync("docs/**");
        Assert.IsType<Result<NewEnrolment>.Done>(await desk.Enrolments.CreateAsync(RegistryDesk.Ann, Shop, null, null, CancellationToken.None));
        Assert.Single(desk.Configuration.ServerKeys(OrganisationId.Default, Shop)!.Codes);
        Assert.IsType<Result<VersionedServer>.Done>(await desk.Servers.RetireAsync(RegistryDesk.Ann, Shop, null, null, CancellationToken.None));
        var keys = desk.Configuration.ServerKeys(OrganisationId.Default, Shop)!;
        Assert.Empty(keys.Codes);
        Assert.Empty(keys.Instances);
    }

    [Fact]
    public async Task A_server_of_another_mode_has_no_tokens_to_end()
    {
        await desk.ApplyAsync(RegistryDesk.Server("shop"));
        await desk.ApproveAsync("shop", 1);
        await desk.Servers.SuspendAsync(RegistryDesk.Ann, Shop, null, null, CancellationToken.None);
        Assert.Null(Epoch);
    }

    private Task DriftAsync(string tool, char digest) => desk.Alarm.RaiseAsync(
        OrganisationId.Default, Shop, desk.Find("shop").Approved!.Number, [new SeenDefinition(new ToolName(tool), Era.Modern, "sha256:" + new string(digest, 64), null, 1)], CancellationToken.None);

    private async Task RejectAsync() =>
        Assert.IsType<Result<VersionedServer>.Done>(await desk.Reviews.RejectAsync(RegistryDesk.Ben, new ReviewName(Shop, desk.Find("shop").DriftReview!.Value), 1, null, CancellationToken.None));

    private async Task TwoAsync()
    {
        await desk.ApplyAsync(Exchanging("docs/**").Replace("{\"name\":\"look\"", "{\"name\":\"peek\",\"effect\":\"read\",\"needs\":[{\"actions\":[\"read\"],\"resource\":\"docs/**\"}]},{\"name\":\"look\"", StringComparison.Ordinal));
        await desk.ApproveAsync("shop", 1);
        Assert.Equal(2, desk.Find("shop").Approved!.Manifest.Tools.Length);
    }

    private async Task ApprovedAsync(string resource)
    {
        await desk.ApplyAsync(Exchanging(resource));
        await desk.ApproveAsync("shop", 1);
    }

    private static string Exchanging(string resource, bool owner = false)
    {
        var text = RegistryDesk.Server("shop", $$"""{"name":"look","effect":"read","needs":[{"actions":["read"],"resource":"{{resource}}"}]}""", """ "credential":{"mode":"exchange","audience":"https://a.example.com"},""");
        return owner ? text.Replace("ops@example.com", "other@example.com", StringComparison.Ordinal) : text;
    }
}
