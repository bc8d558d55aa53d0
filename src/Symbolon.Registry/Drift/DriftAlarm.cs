using System.Collections.Immutable;
using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Reviews;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Changes;
using Symbolon.Registry.Reviews;
using Symbolon.Registry.Servers;

namespace Symbolon.Registry.Drift;

/// <summary>
/// Suspends what is listed unreviewed, on every node and until somebody decides, and asks the reviewers by one review a server. DESIGN.md section 4, Drift.
/// </summary>
public sealed class DriftAlarm(Configuration configuration, ServerChange changes, IReviewStore reviews, TimeProvider clock) : IDriftAlarm
{
    /// <summary>Who suspends, in the record and in the server's last change.</summary>
    public const string By = "gateway";

    /// <summary>Characters of the definitions that one review keeps, and of one of them: a server could send new ones for ever.</summary>
    private const int MostKept = 1_048_576, MostOfOne = 131_072;

    private const int Tries = 3;
    private const int MostNamed = 10;

    public async Task RaiseAsync(OrganisationId organisation, ServerName server, int manifest, IReadOnlyList<SeenDefinition> seen, CancellationToken cancellation)
    {
        // Two nodes see it at once; the second finds that it is known.
        for (var trial = 0; trial < Tries; trial++)
        {
            if (configuration.Server(organisation, server) is not { } known || News(known, manifest, seen).IsEmpty) return;
            var requester = new Requester(organisation, By);
            var result = await changes.MakeAsync(requester, server, "suspend tools", ReasonOf(known, News(known, manifest, seen)), expected: null, async (found, version) =>
            {
                var news = News(found, manifest, seen);
                return news.IsEmpty ? ChangeError.ChangedMeanwhile($"Server/{server}") : await SuspendedAsync(organisation, found, version, news, cancellation);
            }, cancellation);
            if (result is not Result<VersionedServer>.Refused { Why.Kind: ChangeErrorKind.Conflict }) return;
        }
    }

    /// <summary>What nobody has suspended or turned down yet.</summary>
    private static ImmutableArray<SeenDefinition> News(ServerObject server, int manifest, IReadOnlyList<SeenDefinition> seen) =>
        server is not { State: Lifecycle.Active or Lifecycle.Suspended, Approved: { } approved } || approved.Number != manifest ? []
        : [.. seen.ExceptBy(server.Drifted.Concat(server.TurnedDown), each => new DriftedTool(each.Tool, each.Era, each.Digest))];

    private async Task<Result<NextState<ServerObject>>> SuspendedAsync(
        OrganisationId organisation, ServerObject server, long version, ImmutableArray<SeenDefinition> news, CancellationToken cancellation)
    {
        var open = server.DriftReview is { } number ? await reviews.FindAsync(organisation, new ReviewName(server.Name, number), cancellation) : null;
        var review = open ?? new Review
        {
            Name = new ReviewName(server.Name, server.Reviews + 1), Cause = ReviewCause.Drift, RequestedBy = By, OpenedAt = clock.Microseconds(), ObjectVersion = version + 1,
        };
        var replaced = news.Select(seen => (seen.Tool, seen.Era)).ToList();
        // Reviewers compare with what serves now.
        review = review with { ObjectVersion = version + 1, Definitions = Bounded([.. review.Definitions.ExceptBy(replaced, known => (known.Tool, known.Era)), .. news]) };
        var stops = server is { State: Lifecycle.Active, Approved.Manifest.OnDrift: DriftRule.SuspendServer };
        var next = server with
        {
            Reviews = Math.Max(server.Reviews, review.Name.Number),
            DriftReview = review.Name.Number,
            Drifted = [.. server.Drifted.ExceptBy(replaced, known => (known.Tool, known.Era)), .. news.Select(seen => new DriftedTool(seen.Tool, seen.Era, seen.Digest))],
            State = stops ? Lifecycle.Suspended : server.State,
            IsSuspendedByDrift = stops || server.IsSuspendedByDrift,
            LastChange = stops ? new StateChange { By = By, At = clock.Microseconds(), Reason = ReasonOf(server, news) } : server.LastChange,
        };
        List<Change> beside = [new Change.PutReview(review), ReviewNews.DriftSeen(review)];
        if (open is null) beside.Add(ReviewNews.Opened(review));
        if (stops) beside.Add(ReviewNews.Suspended(next));
        return new NextState<ServerObject>(next, beside);
    }

    private static ImmutableArray<SeenDefinition> Bounded(ImmutableArray<SeenDefinition> definitions)
    {
        var left = MostKept;
        return [.. definitions.Select(each =>
        {
            var length = each.Definition?.GetRawText().Length ?? 0;
            if (length > MostOfOne || length > left) return each with { Definition = null };
            left -= length;
            return each;
        })];
    }

    private static string ReasonOf(ServerObject server, ImmutableArray<SeenDefinition> news)
    {
        var tools = news.Select(seen => seen.Tool.Value).Distinct().ToList();
        var named = string.Join(", ", tools.Take(MostNamed)) + (tools.Count > MostNamed ? $" and {tools.Count - MostNamed} more" : "");
        return $"{server.Name} lists {named} otherwise than it was reviewed";
    }
}
