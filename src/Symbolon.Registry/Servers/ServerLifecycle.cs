using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Changes;
using Symbolon.Registry.Reviews;
using Symbolon.Registry.Secrets;

namespace Symbolon.Registry.Servers;

/// <summary>The life of a server: pending → active ⇄ suspended → retired, which is for good. Its versions are approved by <see cref="ManifestReviews"/>.</summary>
public sealed class ServerLifecycle(ServerChange changes, ReviewOpening reviews, OwnSecrets secrets, IConfigurationStore store, TimeProvider clock)
{
    /// <summary>It answers nobody until it is resumed.</summary>
    public Task<Result<VersionedServer>> SuspendAsync(Requester requester, ServerName name, string? reason, long? expected, CancellationToken cancellation) =>
        MoveAsync(requester, name, "suspend", Lifecycle.Active, Lifecycle.Suspended, reason, expected, cancellation);

    /// <summary>It serves again; tools that drifted stay suspended.</summary>
    public Task<Result<VersionedServer>> ResumeAsync(Requester requester, ServerName name, string? reason, long? expected, CancellationToken cancellation) =>
        MoveAsync(requester, name, "resume", Lifecycle.Suspended, Lifecycle.Active, reason, expected, cancellation);

    /// <summary>Ends it for good: what waits for review goes, and the keys and secrets that were its own, each secret with a record. Its history stays, and its name is not used again.</summary>
    public Task<Result<VersionedServer>> RetireAsync(Requester requester, ServerName name, string? reason, long? expected, CancellationToken cancellation) =>
        changes.MakeAsync(requester, name, "retire", reason, expected, async (server, _) =>
        {
            var own = await secrets.OfAsync(requester.Organisation, server, cancellation);
            List<Change> beside =
            [
                .. await reviews.EndAsync(requester.Organisation, server, server.PendingReview, cancellation),
                .. await reviews.EndAsync(requester.Organisation, server, server.DriftReview, cancellation),
                .. await WithoutKeysAsync(requester.Organisation, name, cancellation),
                .. own.SelectMany(secret => new[] { new Change.DestroySecret(UpstreamSecrets.Kind, secret), new Change.DestroySecret(UpstreamSecrets.NextKind, secret) }),
            ];
            return new NextState<ServerObject>(
                server with { State = Lifecycle.Retired, Pending = null, PendingReview = null, DriftReview = null, Drifted = [], IsSuspendedByDrift = false, LastChange = changes.NoteOf(requester, reason) },
                beside)
            {
                Notes = [.. own.Select(secret => new ChangeNote("destroy secret", $"Secret/{secret}") { Reason = reason, Server = name.Value })],
            };
        }, cancellation);

    /// <summary>Its keys are nobody's any more, and its codes enrol none.</summary>
    private async Task<IEnumerable<Change>> WithoutKeysAsync(OrganisationId organisation, ServerName name, CancellationToken cancellation) =>
        await store.FindObjectAsync(organisation, ServerKeysObject.KeyOf(name), cancellation) is { Item: ServerKeysObject keys, Version: var version }
            ? [new Change.PutObject(keys.Key, version, new ServerKeysObject { Server = name })] : [];

    /// <summary>Another person answers for it, at once: that decides nothing.</summary>
    public Task<Result<VersionedServer>> ChangeOwnerAsync(Requester requester, ServerName name, UserEmail owner, string? reason, long? expected, CancellationToken cancellation) =>
        changes.MakeAsync(requester, name, "change owner", reason, expected, (server, _) => Task.FromResult(OwnedBy(requester, server, owner)), cancellation);

    private Result<NextState<ServerObject>> OwnedBy(Requester requester, ServerObject server, UserEmail owner)
    {
        if (server.Approved is not { } approved || server.Pending is not null)
            return ChangeError.Conflict("version_waits", $"A version of {server.Name} waits for its review and names its own owner. Decide it first, or apply it with the other owner.");
        if (approved.Manifest.Owner == owner.Value) return ChangeError.Conflict("unchanged", $"{owner} answers for {server.Name} already.");
        // A version's manifest never changes: this is another one.
        var next = approved with
        {
            Number = server.NextNumber, AppliedBy = requester.By, AppliedAt = clock.Microseconds(), ApprovedBy = null, ApprovedAt = clock.Microseconds(), SelfApproved = false, Source = null, RollbackTo = null,
            Manifest = approved.Manifest with { Owner = owner.Value },
        };
        return new NextState<ServerObject>(ServingVersion.InEnvelope(server, next));
    }

    private Task<Result<VersionedServer>> MoveAsync(
        Requester requester, ServerName name, string action, Lifecycle from, Lifecycle to, string? reason, long? expected, CancellationToken cancellation) =>
        changes.MakeAsync(requester, name, action, reason, expected, (server, _) => Task.FromResult<Result<NextState<ServerObject>>>(server.State == from || (to == Lifecycle.Suspended && server.IsSuspendedByDrift)
            ? Moved(server with { State = to, IsSuspendedByDrift = false, LastChange = changes.NoteOf(requester, reason) })
            : ChangeError.Conflict("wrong_state", $"Server {name} is {server.State.ToText()}; only one that is {from.ToText()} can do that.")), cancellation);

    private static NextState<ServerObject> Moved(ServerObject server) =>
        server.State == Lifecycle.Suspended ? new NextState<ServerObject>(server, ReviewNews.Suspended(server)) : server;
}
