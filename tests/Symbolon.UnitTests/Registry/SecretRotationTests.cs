using System.Text;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Sealing;
using Symbolon.Registry.Secrets;

namespace Symbolon.UnitTests.Registry;

[Trait("area", "registry")]
public sealed class SecretRotationTests
{
    private const string Old = "Bearer old-value-of-it";
    private const string New = "Bearer new-value-of-it";

    private readonly RegistryDesk desk = new();

    [Fact]
    public async Task The_next_value_waits_beside_the_present_one_and_is_tried_against_each_server_that_uses_it()
    {
        await UsedAsync();
        desk.Trials.Answer = server => server.Value == "shop" ? TrialOutcome.Works : TrialOutcome.Failed;

        var step = await StartAsync(New);

        Assert.Equal((1L, true, true), (step.Version, step.IsRotating, step.Changed));
        Assert.Equal([("shop", TrialOutcome.Works)], step.Trials.Select(trial => (trial.Server.Value, trial.Outcome)));
        Assert.Equal([("shop", New)], desk.Trials.Tried);
        Assert.Equal(Old, Shown());
        Assert.True(desk.Use.Find(OrganisationId.Default, "key")!.IsRotating);
    }

    [Fact]
    public async Task Finished_the_next_value_is_the_only_one()
    {
        await UsedAsync();
        await StartAsync(New);
        var step = await FinishAsync();
        Assert.Equal((2L, false, true), (step.Version, step.IsRotating, step.Changed));
        Assert.Equal(New, Shown());
        Assert.Null(desk.Configuration.Secret(OrganisationId.Default, UpstreamSecrets.NextKind, "key"));
        Assert.Equal(["rotate secret Secret/key", "finish secret rotation Secret/key"], desk.Store.Committed.TakeLast(2).Select(record => $"{record.Action} {record.Target}"));
    }

    [Fact]
    public async Task Cancelled_the_present_value_stays_and_the_next_one_is_gone()
    {
        await UsedAsync();
        await StartAsync(New);
        Assert.True((await DoneAsync(desk.Rotation.CancelAsync(RegistryDesk.Ann, "key", null, null, CancellationToken.None))).Changed);
        Assert.Equal(Old, Shown());
        Assert.Null(desk.Configuration.Secret(OrganisationId.Default, UpstreamSecrets.NextKind, "key"));
        Assert.False((await FinishAsync()).Changed);
        Assert.Equal(Old, Shown());
    }

    [Fact]
    public async Task Each_step_may_be_repeated()
    {
        await UsedAsync();
        await StartAsync(New);
        var again = await StartAsync(New);
        Assert.Equal((true, false, 1), (again.IsRotating, again.Changed, again.Trials.Length));
        await FinishAsync();
        Assert.Equal((2L, false), await FinishAsync() switch { var step => (step.Version, step.Changed) });
        // As a script would that does not know how far it came.
        Assert.Equal((false, false), await StartAsync(New) switch { var step => (step.IsRotating, step.Changed) });
        Assert.Equal(New, Shown());
    }

    [Fact]
    public async Task Another_next_value_takes_the_place_of_the_one_that_waits()
    {
        await UsedAsync();
        await StartAsync("Bearer mistyped-value");
        await StartAsync(New);
        await FinishAsync();
        Assert.Equal(New, Shown());
    }

    [Fact]
    public async Task A_next_value_that_serves_another_server_or_waits_to_is_refused()
    {
        await UsedAsync();
        await PutAsync("other", "other-servers-value");
        Assert.Equal("secret_in_use", (await RefusedAsync("key", "token other-servers-value")).Code);
        await StartAsync(New);
        Assert.Equal("secret_in_use", (await RefusedAsync("other", New)).Code);
        Assert.Equal("secret_in_use", Assert.IsType<Result<StoredSecret>.Refused>(await desk.Secrets.PutAsync(RegistryDesk.Ann, "third", New, null, null, CancellationToken.None)).Why.Code);
    }

    [Fact]
    public async Task What_cannot_be_rotated_is_refused_and_recorded()
    {
        Assert.Equal(ChangeErrorKind.NotFound, (await RefusedAsync("none", New)).Kind);
        await UsedAsync();
        Assert.Equal(ChangeErrorKind.Invalid, (await RefusedAsync("key", "a\nb")).Kind);
        await StartAsync(New);
        Assert.Equal("rotation_waits", Assert.IsType<Result<StoredSecret>.Refused>(await desk.Secrets.PutAsync(RegistryDesk.Ann, "key", "third-value", null, null, CancellationToken.None)).Why.Code);
        Assert.Equal(ChangeErrorKind.PreconditionFailed, Assert.IsType<Result<RotationStep>.Refused>(await desk.Rotation.FinishAsync(RegistryDesk.Ann, "key", null, 7, CancellationToken.None)).Why.Kind);
        desk.Store.IsBroken = true;
        Assert.Equal(ChangeErrorKind.NotDurable, Assert.IsType<Result<RotationStep>.Refused>(await desk.Rotation.FinishAsync(RegistryDesk.Ann, "key", null, null, CancellationToken.None)).Why.Kind);
        desk.Store.IsBroken = false;
        Assert.Equal(Old, Shown());
    }

    [Fact]
    public async Task A_retired_server_takes_the_next_value_with_it_too()
    {
        await UsedAsync();
        await StartAsync(New);
        await desk.Servers.RetireAsync(RegistryDesk.Ann, new ServerName("shop"), null, null, CancellationToken.None);
        Assert.Null(desk.Configuration.Secret(OrganisationId.Default, UpstreamSecrets.NextKind, "key"));
        Assert.Equal(ChangeErrorKind.NotFound, (await RefusedAsync("key", New)).Kind);
    }

    private async Task UsedAsync()
    {
        await PutAsync("key", Old);
        await desk.ApplyAsync(RegistryDesk.Server("shop", credential: RegistryDesk.Credential("key")));
        await desk.ApproveAsync("shop", 1);
    }

    private async Task PutAsync(string name, string value) =>
        Assert.IsType<Result<StoredSecret>.Done>(await desk.Secrets.PutAsync(RegistryDesk.Ann, name, value, null, null, CancellationToken.None));

    private string Shown()
    {
        var stored = desk.Configuration.Secret(OrganisationId.Default, UpstreamSecrets.Kind, "key")!;
        return Encoding.ASCII.GetString(desk.Box.Open(new SecretPlace(OrganisationId.Default, stored.Kind, "key", stored.Version), stored.Sealed)!);
    }

    private Task<RotationStep> StartAsync(string value) => DoneAsync(desk.Rotation.StartAsync(RegistryDesk.Ann, "key", value, null, null, CancellationToken.None));

    private Task<RotationStep> FinishAsync() => DoneAsync(desk.Rotation.FinishAsync(RegistryDesk.Ann, "key", null, null, CancellationToken.None));

    private async Task<ChangeError> RefusedAsync(string name, string value) =>
        Assert.IsType<Result<RotationStep>.Refused>(await desk.Rotation.StartAsync(RegistryDesk.Ann, name, value, null, null, CancellationToken.None)).Why;

    private static async Task<RotationStep> DoneAsync(Task<Result<RotationStep>> made) => Assert.IsType<Result<RotationStep>.Done>(await made).Value;
}
