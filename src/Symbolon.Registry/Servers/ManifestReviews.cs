using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Reviews;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Changes;
using Symbolon.Registry.Reviews;

namespace Symbolon.Registry.Servers;

/// <summary>Decides about versions that wait. The server and its review change in one commit.</summary>
public sealed class ManifestReviews(ServerChange changes, IReviewStore reviews, ReviewOpening opening, ApprovalCheck check, FourEyes fourEyes, TimeProvider clock)
{
    /// <summary>Makes the pending version the one that serves, and its union the envelope. It must be named, so that nobody approves what they have not seen.</summary>
    /// <remarks>
    /// Where the host leads is asked here and held to from now on (DESIGN.md section 5, promise 5), and so are the files of a process.
    /// </remarks>
    /// <param name="version">Number of the manifest.</param>
    /// <param name="inside">A host whose name leads inside this network may; without it such a version is refused (<c>host_leads_inside</c>).</param>
    public async Task<Result<VersionedServer>> ApproveAsync(
        Requester requester, ServerName name, int version, bool inside, string? reason, long? expected, CancellationToken cancellation)
    {
        var found = await check.LookAsync(requester.Organisation, name, version, cancellation);
        return await changes.MakeAsync(requester, name, "approve", reason, expected, async (server, _) =>
        {
            if (Refuse(server, name, version) is { } refusal) return refusal;
            var pending = server.Pending!;
            var review = await ReviewOfAsync(requester.Organisation, server, cancellation);
            if (review is not null && !review.IsOpenAt(clock.Microseconds())) return Over(review);
            if (await fourEyes.RefuseAsync(requester, pending.AppliedBy, cancellation) is { } alone) return alone;
            if (check.Refuse(requester.Organisation, server, pending, found, inside) is { } impossible) return impossible;
            var selfApproved = string.Equals(pending.AppliedBy, requester.By, StringComparison.Ordinal);
            var isFirst = server.State == Lifecycle.Pending;
            var decision = changes.NoteOf(requester, reason);
            var approved = pending with { ApprovedBy = requester.By, ApprovedAt = decision.At, SelfApproved = selfApproved, Place = found.Place };
            var next = ServingVersion.Of(server, approved) with
            {
                State = isFirst ? Lifecycle.Active : server.State,
                Pending = null,
                PendingReview = null,
                // Somebody has looked at the server; what is still listed otherwise is seen with the next list.
                Withheld = [],
                Envelope = ToolNeeds.Union(approved.Manifest.Tools).Needs,
                LastChange = isFirst ? decision : server.LastChange,
            };
            var (settled, beside) = await opening.SettleAsync(requester.Organisation, next, cancellation);
            var closed = Closed(settled, review, review => review with { State = ReviewState.Approved, Decision = decision, SelfApproved = selfApproved });
            return closed with { Beside = [.. closed.Beside, .. beside] };
        }, cancellation);
    }

    /// <summary>The version never serves; what was approved goes on. Anybody who reviews may, also who asked.</summary>
    public Task<Result<VersionedServer>> RejectAsync(Requester requester, ServerName name, int version, string? reason, CancellationToken cancellation) =>
        changes.MakeAsync(requester, name, "reject", reason, expected: null, async (server, _) =>
        {
            if (Refuse(server, name, version) is { } refusal) return refusal;
            var review = await ReviewOfAsync(requester.Organisation, server, cancellation);
            var decision = changes.NoteOf(requester, reason);
            return Closed(server with { Pending = null, PendingReview = null, LastNumber = Math.Max(server.LastNumber, version) }, review,
                review => review with { State = ReviewState.Rejected, Decision = decision });
        }, cancellation);

    /// <summary>Nobody decided in time: the version goes, as if it was rejected by the clock.</summary>
    internal Task<Result<VersionedServer>> ExpireAsync(Requester clockwork, Review review, CancellationToken cancellation) =>
        changes.MakeAsync(clockwork, review.Name.Server, "expire review", $"nobody decided about version {review.Manifest} in time", expected: null, (server, _) =>
            Task.FromResult<Result<NextState<ServerObject>>>(server.PendingReview == review.Name.Number
                ? Closed(server with { Pending = null, PendingReview = null, LastNumber = Math.Max(server.LastNumber, review.Manifest ?? 0) }, review, one => one with { State = ReviewState.Expired })
                : ChangeError.Conflict("review_closed", $"Review {review.Name} was decided meanwhile.")), cancellation);

    private static ChangeError? Refuse(ServerObject server, ServerName name, int version) => server.Pending switch
    {
        null => ChangeError.Conflict("nothing_pending", $"Server {name} has no version that waits for approval."),
        { Number: var number } when number != version => ChangeError.Conflict("not_the_pending_version", $"Version {version} of {name} does not wait for approval; version {number} does."),
        _ => null,
    };

    /// <summary>Versions that were applied before there were reviews have none.</summary>
    private async Task<Review?> ReviewOfAsync(OrganisationId organisation, ServerObject server, CancellationToken cancellation) =>
        server.PendingReview is { } number ? await reviews.FindAsync(organisation, new ReviewName(server.Name, number), cancellation) : null;

    private static NextState<ServerObject> Closed(ServerObject next, Review? review, Func<Review, Review> close)
    {
        if (review is null) return next;
        var closed = close(review);
        return new NextState<ServerObject>(next, new Change.PutReview(closed), ReviewNews.Closed(closed));
    }

    internal static ChangeError Over(Review review) => review.State == ReviewState.Open
        ? ChangeError.Conflict("review_expired", $"Review {review.Name} is over: nobody decided in time. Apply the version again.")
        : ChangeError.Conflict("review_closed", $"Review {review.Name} is {review.State.ToText()} already.");
}
