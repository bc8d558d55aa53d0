using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Registry.Reviews;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Decisions;
using Symbolon.Registry.Servers;

namespace Symbolon.Admin.Reviews;

internal static class ReviewEndpoints
{
    public static void MapReviews(this RouteGroupBuilder api)
    {
        api.MapGet("/reviews", ListAsync)
            .Describe("ListReviews", "reviews:read", "Reviews, the open ones first and oldest first, then the others, newest first; filters state and server.").Pages("state", "server").Produces<ReviewSummary[]>();
        api.MapGet("/reviews/{name}", GetAsync).Describe("GetReview", "reviews:read", "A review with what it is about: each tool before and after, the union beside the envelope, what stands in the way.")
            .Produces<ReviewResponse>().Produces<ProblemResponse>(StatusCodes.Status404NotFound, Answers.ProblemType);
        api.MapPost("/reviews/{name}/approve", ApproveAsync).Describe("ApproveReview", "reviews:decide", "What it is about serves from now on.")
            .Accepts<DecideRequest>("application/json").Produces<ReviewResponse>().Changes();
        api.MapPost("/reviews/{name}/reject", RejectAsync).Describe("RejectReview", "reviews:decide", "What was reviewed before stays what serves.")
            .Accepts<DecideRequest>("application/json").Produces<ReviewResponse>().Changes();
    }

    private static async Task<IResult> ListAsync(HttpContext context, ReviewReads reads, IReviewStore store)
    {
        var (page, refusal) = Page.Read(context);
        if (page is null) return refusal!;
        var organisation = context.Requester().Organisation;
        string? state = context.Request.Query["state"], server = context.Request.Query["server"];
        if (state is not null && ReviewTexts.StateOf(state) is null) return Answers.Malformed($"state must be one of {string.Join(", ", ReviewTexts.States)}.");
        if (server is not null && !ServerName.IsValid(server)) return Answers.Malformed("server must be the name of a server.");
        Review? after = null;
        if (page.After is not null && (!ReviewName.TryParse(page.After, out var last) || (after = await store.FindAsync(organisation, last, context.RequestAborted)) is null))
            return Answers.Malformed("after must be the last review of the page before.");
        var found = await reads.ListAsync(organisation, ReviewTexts.StateOf(state), server is null ? null : new ServerName(server), after, page.Limit + 1, context.RequestAborted);
        if (found.Count > page.Limit) Page.LinkTo(context, "next", found[page.Limit - 1].Name);
        return Answers.Json(context, found.Take(page.Limit).ToArray());
    }

    private static async Task<IResult> GetAsync(string name, HttpContext context, ReviewReads reads) =>
        ReviewName.TryParse(name, out var wanted) && await reads.FindAsync(context.Requester(), wanted, context.RequestAborted) is { } review
            ? Answers.Json(context, review) : Answers.NotFound($"review {TextRules.Shown(name)}");

    private static Task<IResult> ApproveAsync(string name, HttpContext context, ReviewDesk desk, ReviewReads reads) => DecideAsync(name, context, reads,
        (wanted, request) => desk.ApproveAsync(context.Requester(), wanted, request.Revision, request.Inside, request.Reason, context.RequestAborted));

    private static Task<IResult> RejectAsync(string name, HttpContext context, ReviewDesk desk, ReviewReads reads) => DecideAsync(name, context, reads,
        (wanted, request) => desk.RejectAsync(context.Requester(), wanted, request.Revision, request.Reason, context.RequestAborted));

    private static async Task<IResult> DecideAsync(string name, HttpContext context, ReviewReads reads, Func<ReviewName, DecideRequest, Task<Result<VersionedServer>>> decide)
    {
        var body = await AdminBody.ReadAsync<DecideRequest>(context);
        if (body.Value is not { } request) return body.Refusal!;
        if (ReasonText.Refuse(request.Reason) is { } refusal) return refusal;
        if (!ReviewName.TryParse(name, out var wanted)) return Answers.NotFound($"review {TextRules.Shown(name)}");
        if (await decide(wanted, request) is Result<VersionedServer>.Refused refused) return Answers.Problem(refused.Why);
        return await reads.FindAsync(context.Requester(), wanted, context.RequestAborted) is { } review ? Answers.Json(context, review) : Answers.NotFound($"review {name}");
    }
}
