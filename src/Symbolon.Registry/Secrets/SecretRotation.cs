using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Symbolon.Core.Changes;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Sealing;
using Symbolon.Core.Snapshot;

namespace Symbolon.Registry.Secrets;

/// <summary>What a step of a rotation led to.</summary>
/// <param name="Version">Of the value that calls show.</param>
/// <param name="IsRotating">A next value waits.</param>
/// <param name="Changed">False when the step had been made already.</param>
/// <param name="Trials">One for each server that uses the secret, by name; of the first step alone.</param>
public sealed record RotationStep(string Name, long Version, bool IsRotating, bool Changed, ImmutableArray<SecretTrial> Trials);

/// <summary>
/// Replaces a stored secret in two steps, each one commit: the next value is sealed beside the present one and tried, and only then shown to servers instead of it.
/// Whoever made the value keeps both good in between, so that calls that are open end with the one that they began with.
/// </summary>
public sealed class SecretRotation(IConfigurationStore store, ISecretBox box, ChangeDesk desk, SecretUse use, SecretTwins twins, ISecretTrials trials)
{
    /// <summary>Stores the next value, tries it, and changes nothing else. The same value again is tried again; another takes its place.</summary>
    public Task<Result<RotationStep>> StartAsync(Requester requester, string name, string value, string? reason, long? expected, CancellationToken cancellation) =>
        StepAsync(requester, name, "rotate secret", reason, expected, async (note, present) =>
        {
            if (!UpstreamSecrets.IsHeaderValue(value))
                return await desk.RefuseAsync(requester, note, ChangeError.Invalid("value", FieldErrorCode.BadValue, $"value must be {UpstreamSecrets.ValueRule}."));
            var bytes = Encoding.ASCII.GetBytes(value);
            try
            {
                var stored = await StoreAsync(requester, note, present, bytes, cancellation);
                if (stored is not Result<RotationStep>.Done { Value: { IsRotating: true } step }) return stored;
                var tried = await Task.WhenAll(use.UsersOf(requester.Organisation, name).Select(server => trials.TryAsync(requester.Organisation, server, name, value, cancellation)));
                return step with { Trials = [.. tried] };
            }
            finally
            {
                CryptographicOperations.ZeroMemory(bytes);
            }
        }, cancellation);

    /// <summary>New calls show the next value; the one before is gone with the same commit.</summary>
    public Task<Result<RotationStep>> FinishAsync(Requester requester, string name, string? reason, long? expected, CancellationToken cancellation) =>
        StepAsync(requester, name, "finish secret rotation", reason, expected, async (note, present) =>
        {
            var organisation = requester.Organisation;
            if (await WaitingAsync(requester, name, cancellation) is not { } next) return Nothing(present, changed: false);
            if (box.Open(PlaceOf(next, organisation), next.Sealed) is not { } value)
                return await desk.RefuseAsync(requester, note, ChangeError.Conflict("secret_missing", $"The next value of {name} cannot be opened under this master key. Cancel the rotation and begin again."));
            var version = present.Version + 1;
            var sealedValue = box.Seal(new SecretPlace(organisation, UpstreamSecrets.Kind, name, version), value);
            CryptographicOperations.ZeroMemory(value);
            var committed = await desk.CommitAsync(requester, note with { ObjectVersion = version },
                [new Change.PutSecret(UpstreamSecrets.Kind, name, present.Version, sealedValue, next.Fingerprint), new Change.DestroySecret(UpstreamSecrets.NextKind, name, next.Version)], cancellation);
            return committed.Select(_ => new RotationStep(name, version, IsRotating: false, Changed: true, []));
        }, cancellation);

    /// <summary>Destroys the value that waits; what calls show stays.</summary>
    public Task<Result<RotationStep>> CancelAsync(Requester requester, string name, string? reason, long? expected, CancellationToken cancellation) =>
        StepAsync(requester, name, "cancel secret rotation", reason, expected, async (note, present) =>
        {
            if (await WaitingAsync(requester, name, cancellation) is not { } next) return Nothing(present, changed: false);
            var committed = await desk.CommitAsync(requester, note with { ObjectVersion = present.Version },
                [new Change.DestroySecret(UpstreamSecrets.NextKind, name, next.Version)], cancellation);
            return committed.Select(_ => Nothing(present, changed: true));
        }, cancellation);

    private async Task<Result<RotationStep>> StepAsync(
        Requester requester, string name, string action, string? reason, long? expected, Func<ChangeNote, SealedSecret, Task<Result<RotationStep>>> step, CancellationToken cancellation)
    {
        var note = new ChangeNote(action, $"Secret/{name}") { Reason = reason };
        try
        {
            if (await store.FindSecretAsync(requester.Organisation, UpstreamSecrets.Kind, name, cancellation) is not { Sealed.Length: > 0 } present)
                return await desk.RefuseAsync(requester, note, ChangeError.NotFound($"secret {name}"));
            if (expected is { } wanted && wanted != present.Version) return await desk.RefuseAsync(requester, note, ChangeError.Stale(present.Version));
            return await step(note, present);
        }
        catch (StoreUnavailableException)
        {
            return await desk.RefuseAsync(requester, note, ChangeError.StoreUnavailable);
        }
    }

    private async Task<Result<RotationStep>> StoreAsync(Requester requester, ChangeNote note, SealedSecret present, byte[] value, CancellationToken cancellation)
    {
        var (organisation, name) = (requester.Organisation, present.Id);
        var fingerprint = twins.FingerprintOf(organisation, value);
        // A command that is given again after its rotation was finished.
        if (CryptographicOperations.FixedTimeEquals(present.Fingerprint, fingerprint)) return Nothing(present, changed: false);
        var last = await store.FindSecretAsync(organisation, UpstreamSecrets.NextKind, name, cancellation);
        if (last is { Sealed.Length: > 0 } && CryptographicOperations.FixedTimeEquals(last.Fingerprint, fingerprint))
            return new RotationStep(name, present.Version, IsRotating: true, Changed: false, []);
        if (await twins.RefuseAsync(organisation, name, value, cancellation) is { } twin) return await desk.RefuseAsync(requester, note, twin);

        var before = last?.Version ?? 0;
        var sealedValue = box.Seal(new SecretPlace(organisation, UpstreamSecrets.NextKind, name, before + 1), value);
        var committed = await desk.CommitAsync(requester, note with { ObjectVersion = present.Version },
            [new Change.PutSecret(UpstreamSecrets.NextKind, name, before, sealedValue, fingerprint)], cancellation);
        return committed.Select(_ => new RotationStep(name, present.Version, IsRotating: true, Changed: true, []));
    }

    private async Task<SealedSecret?> WaitingAsync(Requester requester, string name, CancellationToken cancellation) =>
        await store.FindSecretAsync(requester.Organisation, UpstreamSecrets.NextKind, name, cancellation) is { Sealed.Length: > 0 } next ? next : null;

    private static RotationStep Nothing(SealedSecret present, bool changed) => new(present.Id, present.Version, IsRotating: false, changed, []);

    private static SecretPlace PlaceOf(SealedSecret secret, Core.Identity.OrganisationId organisation) => new(organisation, secret.Kind, secret.Id, secret.Version);
}
