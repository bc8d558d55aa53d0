using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Reviews;
using Symbolon.Core.Snapshot;

namespace Symbolon.Registry.Reviews;

/// <summary>Opens reviews and lets others take their place, as changes of the same commit as the change of the server.</summary>
public sealed class ReviewOpening(IReviewStore reviews, ReviewRules rules, TimeProvider clock)
{
    /// <summary>A version that waits from now on, in the place of one that waited before.</summary>
    /// <param name="server">With the version as its pending one, and not yet with the review.</param>
    /// <param name="objectVersion">Version that the server's object will have.</param>
    /// <returns>The server with its review, and what has to be written beside it.</returns>
    /// <exception cref="StoreUnavailableException">The review before cannot be read.</exception>
    internal async Task<(ServerObject Server, IReadOnlyList<Change> Beside)> OpenAsync(
        OrganisationId organisation, ServerObject server, long objectVersion, string? request, CancellationToken cancellation)
    {
        var pending = server.Pending!;
        var beside = await EndAsync(organisation, server, server.PendingReview, cancellation);
        var now = clock.Microseconds();
        var review = new Review
        {
            Name = new ReviewName(server.Name, server.Reviews + 1),
            Cause = server.Approved is null ? ReviewCause.Registration : ReviewCause.Change,
            RequestedBy = pending.AppliedBy,
            OpenedAt = now,
            ExpiresAt = now + (long)rules.Expiry.TotalMicroseconds,
            Manifest = pending.Number,
            ObjectVersion = objectVersion,
            Request = request,
            Source = pending.Source,
        };
        return (server with { Reviews = review.Name.Number, PendingReview = review.Name.Number }, [.. beside, new Change.PutReview(review), ReviewNews.Opened(review)]);
    }

    /// <summary>Another version serves: where nothing is left of a drift, its review is superseded.</summary>
    /// <param name="server">With the version that serves from now on.</param>
    /// <inheritdoc cref="OpenAsync"/>
    internal async Task<(ServerObject Server, IReadOnlyList<Change> Beside)> SettleAsync(OrganisationId organisation, ServerObject server, CancellationToken cancellation) =>
        server is { Drifted.IsEmpty: true, DriftReview: { } number } ? (server with { DriftReview = null, IsSuspendedByDrift = false }, await EndAsync(organisation, server, number, cancellation)) : (server, []);

    /// <summary>A version that waits gets another number, above the one that serves from now on, and so does its review: who read it before has to read it again.</summary>
    /// <param name="server">With the version that serves from now on.</param>
    /// <inheritdoc cref="OpenAsync"/>
    internal async Task<(ServerObject Server, IReadOnlyList<Change> Beside)> RenumberAsync(OrganisationId organisation, ServerObject server, long objectVersion, CancellationToken cancellation)
    {
        if (server.Pending is not { } pending || pending.Number > server.Approved!.Number) return (server, []);
        var number = server.NextNumber;
        var next = server with { Pending = pending with { Number = number }, LastNumber = number };
        return server.PendingReview is { } open && await reviews.FindAsync(organisation, new ReviewName(server.Name, open), cancellation) is { } review
            ? (next, [new Change.PutReview(review with { Manifest = number, ObjectVersion = objectVersion })])
            : (next, []);
    }

    /// <summary>Nothing waits any more: the review, if there is one, is superseded.</summary>
    /// <inheritdoc cref="OpenAsync"/>
    internal async Task<IReadOnlyList<Change>> EndAsync(OrganisationId organisation, ServerObject server, int? number, CancellationToken cancellation) =>
        number is { } open && await reviews.FindAsync(organisation, new ReviewName(server.Name, open), cancellation) is { State: ReviewState.Open } review
            ? [new Change.PutReview(review with { State = ReviewState.Superseded })]
            : [];
}
