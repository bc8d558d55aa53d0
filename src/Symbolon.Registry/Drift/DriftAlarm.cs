using System.Collections.Immutable;
using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Reviews;
using Symbolon.Core.Snapshot;
using Symbolon.Core.Tools;
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
            if (configuration.Server(organisation, server) is not { } known || !IsOf(known, manifest)) return;
            var reason = ReasonOf(known, [.. News(known, seen).Concat(Again(known, seen)).Select(each => each.Tool)]);
            if (reason is null) return;
            var requester = new Requester(organisation, By);
            var result = await changes.MakeAsync(requester, server, "suspend tools", reason, expected: null, async (found, version) =>
            {
                if (!IsOf(found, manifest)) return ChangeError.ChangedMeanwhile($"Server/{server}");
                var (news, again) = (News(found, seen), Again(found, seen));
                if (news.IsEmpty && again.IsEmpty) return ChangeError.ChangedMeanwhile($"Server/{server}");
                var next = again.IsEmpty ? found : found with { Withheld = [.. found.Withheld.ExceptBy(again.Select(each => (each.Tool, each.Era)), each => (each.Tool, each.Era)), .. again.Select(Drifted)] };
                return news.IsEmpty ? new NextState<ServerObject>(next, []) : await SuspendedAsync(organisation, next, version, news, cancellation);
            }, cancellation);
            if (result is not Result<VersionedServer>.Refused { Why.Kind: ChangeErrorKind.Conflict }) return;
        }
    }

    public async Task ClearAsync(OrganisationId organisation, ServerName server, int manifest, IReadOnlyList<(ToolName Tool, Era Era)> back, CancellationToken cancellation)
    {
        for (var trial = 0; trial < Tries; trial++)
        {
            if (configuration.Server(organisation, server) is not { } known || !IsOf(known, manifest) || !known.Withheld.Any(IsBack)) return;
            var reason = $"{server} lists {Named([.. known.Withheld.Where(IsBack).Select(each => each.Tool)])} as reviewed again";
            var result = await changes.MakeAsync(new Requester(organisation, By), server, "resume tools", reason, expected: null, (found, _) => Task.FromResult<Result<NextState<ServerObject>>>(
                IsOf(found, manifest) && found.Withheld.Any(IsBack)
                    ? new NextState<ServerObject>(found with { Withheld = [.. found.Withheld.Where(each => !IsBack(each))] }, []) : ChangeError.ChangedMeanwhile($"Server/{server}")), cancellation);
            if (result is not Result<VersionedServer>.Refused { Why.Kind: ChangeErrorKind.Conflict }) return;
        }

        bool IsBack(DriftedTool withheld) => back.Contains((withheld.Tool, withheld.Era));
    }

    private static bool IsOf(ServerObject server, int manifest) => server is { State: Lifecycle.Active or Lifecycle.Suspended, Approved: { } approved } && approved.Number == manifest;

    /// <summary>What nobody has suspended or turned down yet.</summary>
    private static ImmutableArray<SeenDefinition> News(ServerObject server, IReadOnlyList<SeenDefinition> seen) => [.. seen.ExceptBy(server.Drifted.Concat(server.TurnedDown), Drifted)];

    /// <summary>What was turned down and is listed again: nobody is asked, and the server gets nothing for it.</summary>
    private static ImmutableArray<SeenDefinition> Again(ServerObject server, IReadOnlyList<SeenDefinition> seen) =>
        [.. seen.IntersectBy(server.TurnedDown.Except(server.Drifted).Except(server.Withheld), Drifted)];

    private static DriftedTool Drifted(SeenDefinition seen) => new(seen.Tool, seen.Era, seen.Digest);

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
            LastChange = stops ? new StateChange { By = By, At = clock.Microseconds(), Reason = ReasonOf(server, [.. news.Select(seen => seen.Tool)]) } : server.LastChange,
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

    /// <returns>Null for none.</returns>
    private static string? ReasonOf(ServerObject server, ImmutableArray<ToolName> tools) => tools.IsEmpty ? null : $"{server.Name} lists {Named(tools)} otherwise than it was reviewed";

    private static string Named(ImmutableArray<ToolName> tools)
    {
        var names = tools.Select(tool => tool.Value).Distinct().ToList();
        return string.Join(", ", names.Take(MostNamed)) + (names.Count > MostNamed ? $" and {names.Count - MostNamed} more" : "");
    }
}
