using System.Text.Json;
using Symbolon.Admin.Api;
using Symbolon.Admin.Servers;
using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Registry.Reach;
using Symbolon.Core.Registry.Reviews;
using Symbolon.Core.Resources;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Decisions;
using Symbolon.Registry.Reviews;
using Symbolon.Registry.Servers;

namespace Symbolon.Admin.Reviews;

/// <summary>Reviews as the API and the console show them.</summary>
internal sealed class ReviewReads(IReviewStore reviews, ReviewSubjects subjects, ReviewDesk desk, ApprovalCheck check, Configuration configuration)
{
    private const int MostTools = 500;
    private const int MostReached = 500;

    public async Task<IReadOnlyList<ReviewSummary>> ListAsync(OrganisationId organisation, ReviewState? state, ServerName? server, Review? after, int limit, CancellationToken cancellation) =>
        [.. (await reviews.ListAsync(organisation, state, server, after, limit, cancellation)).Select(Summary)];

    /// <returns>Null where there is no such review.</returns>
    public async Task<ReviewResponse?> FindAsync(Requester requester, ReviewName name, CancellationToken cancellation)
    {
        if (await reviews.FindAsync(requester.Organisation, name, cancellation) is not { } review
            || await subjects.OfAsync(requester.Organisation, review, cancellation) is not { } subject) return null;
        var place = review is { State: ReviewState.Open, Cause: not ReviewCause.Drift } && subject.Server.Pending is { } waiting ? await check.PlaceAsync(waiting, cancellation) : null;
        var refusal = subject.Fault ?? await desk.WhyNotAsync(requester, review, subject.Server.Owner, cancellation);
        var reach = ResourceGraph.Of(configuration.Resources(requester.Organisation)).From(subject.UnionSet);
        var changes = ChangesOf(subject);
        var tools = ToolsOf(subject, changes);
        return new ReviewResponse(Summary(review))
        {
            Serves = subject.Before?.Number,
            Tools = [.. tools.Take(MostTools)],
            MoreTools = Math.Max(0, tools.Count - MostTools),
            Fields = [.. changes.Where(change => !change.Path.StartsWith(OfTools, StringComparison.Ordinal)).Select(change => new FieldChangeResponse(change.Path, change.Before, change.After))],
            Union = UnionOf(subject.Union),
            Reaches = [.. reach.Reaches.Take(MostReached).Select(Reached)],
            Triggers = [.. reach.Triggers.Take(MostReached).Select(Reached)],
            MostSensitive = reach.MostSensitive?.ToText(),
            CannotApprove = refusal?.Message,
            WouldBeSelfApproved = refusal is null && review.RequestedBy == requester.By,
            NeedsInside = subject.Server.Pending is { } pending && ApprovalCheck.NeedsConsent(pending, place),
            Warnings = subject.After is { } after ? ApprovalWarnings.Of(new ManifestVersion { Number = 0, AppliedBy = "", AppliedAt = 0, Manifest = after }, place) : [],
        };
    }

    private const string OfTools = "spec.tools";

    public static UnionResponse UnionOf(UnionDiff diff) => new(diff.IsInside, diff.Added, diff.Removed, diff.Kept);

    private static ReachedResponse Reached(ReachedResource found) => new(found.Resource.Text, found.Words, [.. found.Via.Select(step => step.By.Value)], found.Sensitivity?.ToText());

    private static ReviewSummary Summary(Review review) => new()
    {
        Name = review.Name.ToString(),
        Server = review.Name.Server.Value,
        Cause = review.Cause.ToText(),
        State = review.State.ToText(),
        Revision = review.Revision,
        RequestedBy = review.RequestedBy,
        Request = review.Request,
        Commit = review.Source?.Commit,
        Author = review.Source?.Author,
        OpenedAt = UnixTime.FromMicroseconds(review.OpenedAt),
        ExpiresAt = review.ExpiresAt == long.MaxValue ? null : UnixTime.FromMicroseconds(review.ExpiresAt),
        Manifest = review.Manifest,
        DriftedTools = [.. review.Definitions.Select(seen => seen.Tool.Value).Distinct()],
        DecidedBy = review.Decision?.By,
        DecidedAt = review.Decision is { } decision ? UnixTime.FromMicroseconds(decision.At) : null,
        Reason = review.Decision?.Reason,
        SelfApproved = review.SelfApproved,
    };

    private static IReadOnlyList<FieldChange> ChangesOf(ReviewSubject subject) =>
        subject is { Before: { } before, After: { } after } ? DocumentDiff.Between(new Document.Server(subject.Server.Name, before.Manifest), new Document.Server(subject.Server.Name, after)) : [];

    private static List<ReviewedToolResponse> ToolsOf(ReviewSubject subject, IReadOnlyList<FieldChange> changes)
    {
        var before = ToolsIn(subject.Before?.Manifest);
        var after = ToolsIn(subject.After);
        if (subject.After is null) return [];
        var fields = changes.Where(change => change.Path.StartsWith(OfTools + "[", StringComparison.Ordinal))
            .Select(change => (Tool: ToolIn(change.Path), Field: change.Path[(OfTools.Length + ToolIn(change.Path).Length + 2)..].TrimStart('.'))).ToLookup(each => each.Tool, each => each.Field);
        var waits = subject.Waiting.Where(part => part.Path.StartsWith(OfTools + "[", StringComparison.Ordinal)).ToLookup(part => ToolIn(part.Path), part => part.Why);
        return
        [
            // Where there are too many, what would serve otherwise than now is not pushed out by what is new.
            .. after.Where(tool => before.ContainsKey(tool.Key) && fields.Contains(tool.Key)).Select(tool => new ReviewedToolResponse(
                tool.Key, "changed", [.. waits[tool.Key].Distinct()], [.. fields[tool.Key].Where(field => field.Length > 0).Distinct()], before[tool.Key], tool.Value)),
            .. after.Where(tool => !before.ContainsKey(tool.Key)).Select(tool => new ReviewedToolResponse(tool.Key, "added", [.. waits[tool.Key].Distinct()], [], null, tool.Value)),
            .. before.Where(tool => !after.ContainsKey(tool.Key)).Select(tool => new ReviewedToolResponse(tool.Key, "removed", [], [], tool.Value, null)),
        ];
    }

    private static string ToolIn(string path) => path[(OfTools.Length + 1)..path.IndexOf(']', OfTools.Length)];

    private static OrderedDictionary<string, JsonElement> ToolsIn(ServerManifest? manifest)
    {
        var found = new OrderedDictionary<string, JsonElement>(StringComparer.Ordinal);
        if (manifest is null) return found;
        using var document = JsonDocument.Parse(DocumentWriter.Write(new Document.Server(new ServerName("x"), manifest)));
        foreach (var tool in document.RootElement.GetProperty("spec").GetProperty("tools").EnumerateArray()) found.Add(tool.GetProperty("name").GetString()!, tool.Clone());
        return found;
    }
}
