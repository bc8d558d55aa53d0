using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.Registry.Reviews;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Drift;
using Symbolon.Registry.Reviews;
using Symbolon.Registry.Servers;

namespace Symbolon.Registry.Decisions;

/// <summary>Where reviewers decide, whatever a review is about. Of two who decide at once one does, and the other is told.</summary>
public sealed class ReviewDesk(IReviewStore reviews, ManifestReviews manifests, DriftReviews drifts, FourEyes fourEyes, ChangeDesk desk, TimeProvider clock)
{
    /// <param name="revision">Of the review as it was read.</param>
    /// <param name="inside">A host whose name leads inside this network may.</param>
    public Task<Result<VersionedServer>> ApproveAsync(Requester requester, ReviewName name, long revision, bool inside, string? reason, CancellationToken cancellation) =>
        DecideAsync(requester, name, revision, "approve", reason, review => review.Cause == ReviewCause.Drift
            ? drifts.ApproveAsync(requester, name, revision, reason, cancellation)
            : manifests.ApproveAsync(requester, name.Server, review.Manifest!.Value, inside, reason, expected: null, cancellation), cancellation);

    /// <inheritdoc cref="ApproveAsync"/>
    public Task<Result<VersionedServer>> RejectAsync(Requester requester, ReviewName name, long revision, string? reason, CancellationToken cancellation) =>
        DecideAsync(requester, name, revision, "reject", reason, review => review.Cause == ReviewCause.Drift
            ? drifts.RejectAsync(requester, name, revision, reason, cancellation)
            : manifests.RejectAsync(requester, name.Server, review.Manifest!.Value, reason, cancellation), cancellation);

    /// <summary>Why this requester cannot approve it now; null when nothing but the subject itself can stand in the way.</summary>
    /// <param name="owner">Who answers for the server.</param>
    /// <exception cref="StoreUnavailableException">It cannot be known.</exception>
    public async Task<ChangeError?> WhyNotAsync(Requester requester, Review review, string owner, CancellationToken cancellation) =>
        review.IsOpenAt(clock.Microseconds()) ? await fourEyes.RefuseAsync(requester, review.Cause == ReviewCause.Drift ? owner : review.RequestedBy, cancellation) : ManifestReviews.Over(review);

    private async Task<Result<VersionedServer>> DecideAsync(
        Requester requester, ReviewName name, long revision, string action, string? reason, Func<Review, Task<Result<VersionedServer>>> decide, CancellationToken cancellation)
    {
        var note = new ChangeNote(action, $"Review/{name}") { Reason = reason, Server = name.Server.Value };
        try
        {
            if (await reviews.FindAsync(requester.Organisation, name, cancellation) is not { } review) return await desk.RefuseAsync(requester, note, ChangeError.NotFound($"review {name}"));
            if (review.State != ReviewState.Open) return await desk.RefuseAsync(requester, note, ManifestReviews.Over(review));
            if (review.Revision != revision)
                return await desk.RefuseAsync(requester, note, ChangeError.Conflict("subject_changed", $"Review {name} has changed since it was read: revision {review.Revision}, not {revision}. Read it again."));
            return await decide(review);
        }
        catch (StoreUnavailableException)
        {
            return await desk.RefuseAsync(requester, note, ChangeError.StoreUnavailable);
        }
    }
}
