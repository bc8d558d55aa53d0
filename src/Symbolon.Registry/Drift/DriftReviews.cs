using System.Collections.Immutable;
using Symbolon.Core.Changes;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Reviews;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Changes;
using Symbolon.Registry.Reviews;
using Symbolon.Registry.Servers;

namespace Symbolon.Registry.Drift;

/// <summary>Decides about definitions that were listed without having been reviewed.</summary>
public sealed class DriftReviews(ServerChange changes, IReviewStore reviews, ReviewOpening opening, FourEyes fourEyes)
{
    /// <summary>Definitions that stay turned down; of more the oldest are asked about again.</summary>
    private const int MostTurnedDown = 1000;

    /// <summary>The definitions that were seen become the reviewed ones, in a version of their own, and their tools serve again.</summary>
    /// <param name="revision">Of the review as it was read: nobody approves definitions that they have not seen.</param>
    public Task<Result<VersionedServer>> ApproveAsync(Requester requester, ReviewName name, long revision, string? reason, CancellationToken cancellation) =>
        DecideAsync(requester, name, revision, "approve", reason, async (server, review, version) =>
        {
            if (await fourEyes.RefuseAsync(requester, server.Approved!.Manifest.Owner, cancellation) is { } alone) return alone;
            var decision = changes.NoteOf(requester, reason);
            switch (AdoptedManifest.Of(server, review.Definitions))
            {
                case Result<ServerManifest>.Refused refused: return refused.Why;
                case Result<ServerManifest>.Done { Value: var manifest }:
                    var approved = server.Approved! with
                    {
                        Number = server.NextNumber, AppliedBy = review.RequestedBy, AppliedAt = decision.At, ApprovedBy = requester.By, ApprovedAt = decision.At,
                        SelfApproved = false, InEnvelopeOf = null, Source = null, RollbackTo = null, Manifest = manifest,
                    };
                    var next = ServingVersion.KeepingEnvelope(server, approved) with { DriftReview = null };
                    var (numbered, beside) = await opening.RenumberAsync(requester.Organisation, next, version + 1, cancellation);
                    return Settled(numbered, review with { State = ReviewState.Approved, Decision = decision }, resumes: true, decision, beside);
                default: throw new InvalidOperationException();
            }
        }, cancellation);

    /// <summary>What was reviewed stays what is reviewed: the tools serve again when they are listed so, and nobody is asked about these definitions again.</summary>
    /// <inheritdoc cref="ApproveAsync"/>
    public Task<Result<VersionedServer>> RejectAsync(Requester requester, ReviewName name, long revision, string? reason, CancellationToken cancellation) =>
        DecideAsync(requester, name, revision, "reject", reason, (server, review, _) =>
        {
            var decision = changes.NoteOf(requester, reason);
            ImmutableArray<DriftedTool> down = [.. server.TurnedDown.Except(server.Drifted), .. server.Drifted];
            // It is listed still, for all that is known.
            ImmutableArray<DriftedTool> withheld = [.. server.Withheld.ExceptBy(server.Drifted.Select(each => (each.Tool, each.Era)), each => (each.Tool, each.Era)), .. server.Drifted];
            var next = server with { Drifted = [], DriftReview = null, TurnedDown = [.. down.TakeLast(MostTurnedDown)], Withheld = withheld };
            return Task.FromResult(Settled(next, review with { State = ReviewState.Rejected, Decision = decision }, resumes: false, decision, []));
        }, cancellation);

    private Task<Result<VersionedServer>> DecideAsync(
        Requester requester, ReviewName name, long revision, string action, string? reason,
        Func<ServerObject, Review, long, Task<Result<NextState<ServerObject>>>> decide, CancellationToken cancellation) =>
        changes.MakeAsync(requester, name.Server, action, reason, expected: null, async (server, version) =>
        {
            if (await reviews.FindAsync(requester.Organisation, name, cancellation) is not { Cause: ReviewCause.Drift } review) return ChangeError.NotFound($"review {name}");
            if (review.State != ReviewState.Open || server.DriftReview != name.Number) return ManifestReviews.Over(review with { State = review.State == ReviewState.Open ? ReviewState.Superseded : review.State });
            if (review.Revision != revision) return ChangeError.Conflict("subject_changed", $"{name.Server} listed other definitions since review {name} was read. Read it again.");
            return await decide(server, review, version);
        }, cancellation);

    private static Result<NextState<ServerObject>> Settled(ServerObject next, Review review, bool resumes, StateChange decision, IReadOnlyList<Change> beside) => new NextState<ServerObject>(
        resumes && next is { IsSuspendedByDrift: true, State: Lifecycle.Suspended } ? next with { State = Lifecycle.Active, IsSuspendedByDrift = false, LastChange = decision } : next,
        [new Change.PutReview(review), ReviewNews.Closed(review), .. beside]);
}
