using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Registry.Reviews;
using Symbolon.Core.Resources;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Changes;
using Symbolon.Registry.Credentials;
using Symbolon.Registry.Reviews;

namespace Symbolon.Registry.Servers;

/// <summary>
/// A server's file becomes its next version. What of it stays inside the approved envelope serves at once; the rest waits for a review, while what was approved
/// goes on. DESIGN.md section 1, Envelope.
/// </summary>
public sealed class ServerPlan(ReviewOpening reviews, CredentialEpochs epochs, TimeProvider clock)
{
    /// <exception cref="StoreUnavailableException">A review cannot be read.</exception>
    internal async Task<Result<PlannedChange>> OfAsync(
        Requester requester, Document.Server document, (object Item, long Version)? present, ApplyOrder order, CancellationToken cancellation)
    {
        var server = present?.Item as ServerObject;
        if (server is { State: Lifecycle.Retired }) return PlannedChange.Retired($"Server {server.Name}");
        var newest = server?.Pending ?? server?.Approved;
        if (newest is not null && Says(document, newest.Manifest))
            return new PlannedChange(new AppliedDocument(document.Key, ApplyAction.Unchanged, newest.Number), Write: null);

        var version = present?.Version ?? 0;
        var next = server ?? new ServerObject { Name = document.Name, State = Lifecycle.Pending };
        var (changed, split) = next.Approved is { } approved ? Narrowed(next, approved, document, requester, order) : (next, null);
        var waits = split is not { Waiting.IsEmpty: true };
        IReadOnlyList<Change> beside;
        if (waits)
        {
            var number = changed.NextNumber;
            changed = changed with { Pending = VersionOf(document.Manifest, number, requester, order), LastNumber = number };
            (changed, beside) = await reviews.OpenAsync(requester.Organisation, changed, version + 1, order.Reason, cancellation);
        }
        else
        {
            beside = await reviews.EndAsync(requester.Organisation, changed, changed.PendingReview, cancellation);
            changed = changed with { Pending = null, PendingReview = null };
        }
        (changed, var settled) = await reviews.SettleAsync(requester.Organisation, changed, cancellation);
        return new PlannedChange(Applied(document, newest, next, changed, split, waits), new Change.PutObject(document.Key, version, changed)) { Beside = [.. beside, .. settled, .. epochs.Between(next, changed)] };
    }

    /// <summary>With the harmless part as the version that serves, where there is one.</summary>
    private (ServerObject Server, ManifestSplit Split) Narrowed(ServerObject server, ManifestVersion approved, Document.Server document, Requester requester, ApplyOrder order)
    {
        var split = ManifestSplit.Of(server.Name, approved.Manifest, document.Manifest, server.EnvelopeSet());
        if (Says(new Document.Server(server.Name, split.Live), approved.Manifest)) return (server, split);
        var live = VersionOf(split.Live, server.NextNumber, requester, order) with { ApprovedAt = clock.Microseconds(), Place = approved.Place };
        return (ServingVersion.InEnvelope(server, live), split);
    }

    private ManifestVersion VersionOf(ServerManifest manifest, int number, Requester requester, ApplyOrder order) => new()
    {
        Number = number, AppliedBy = requester.By, AppliedAt = clock.Microseconds(), Source = order.Source, RollbackTo = order.RollbackTo, Manifest = manifest,
    };

    private static AppliedDocument Applied(Document.Server document, ManifestVersion? newest, ServerObject before, ServerObject after, ManifestSplit? split, bool waits) =>
        new(document.Key, newest is null ? ApplyAction.Created : waits ? ApplyAction.Pending : ApplyAction.Updated, (waits ? after.Pending : after.Approved)!.Number)
        {
            Changes = newest is null ? [] : DocumentDiff.Between(new Document.Server(document.Name, newest.Manifest), document),
            Waiting = split?.Waiting ?? [],
            Live = after.Approved?.Number is { } live && live != before.Approved?.Number ? live : null,
            Review = waits ? new ReviewName(document.Name, after.PendingReview!.Value) : null,
            Union = UnionDiff.Between(before.Approved is null ? ResourceSet.Of([]) : before.EnvelopeSet(), ToolNeeds.Union(document.Manifest.Tools)),
        };

    private static bool Says(Document.Server document, ServerManifest manifest) => new Document.Server(document.Name, manifest).SaysTheSameAs(document);
}
