using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Admin.Console.Forms;
using Symbolon.Admin.Console.Layout;
using Symbolon.Admin.Console.Sessions;
using Symbolon.Admin.Reviews;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry.Reviews;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Decisions;
using Symbolon.Registry.Servers;

namespace Symbolon.Admin.Console.ReviewPages;

/// <summary>What waits for a reviewer, and the deciding.</summary>
internal static class ReviewPageEndpoints
{
    private const int PageSize = 50;

    private delegate Task<Result<VersionedServer>> Decide(ReviewName name, StepForm form);

    public static void MapReviewPages(this RouteGroupBuilder pages)
    {
        pages.MapGet("/reviews", ListAsync).WithMetadata(new RouteAccess.Administrator("reviews:read"));
        pages.MapGet("/reviews/{name}", ShowAsync).WithMetadata(new RouteAccess.Administrator("reviews:read"));
        pages.MapPost("/reviews/{name}/approve", ApproveAsync).WithMetadata(new RouteAccess.Administrator("reviews:decide"));
        pages.MapPost("/reviews/{name}/reject", RejectAsync).WithMetadata(new RouteAccess.Administrator("reviews:decide"));
    }

    private static async Task<IResult> ListAsync(HttpContext http, IAntiforgery forms, ReviewReads reads, IReviewStore store, TimeProvider clock, string? state, string? server, string? after)
    {
        var organisation = http.Requester().Organisation;
        var wanted = ReviewTexts.StateOf(state);
        var named = ServerName.IsValid(server) ? server : null;
        var last = ReviewName.TryParse(after, out var mark) ? await store.FindAsync(organisation, mark, http.RequestAborted) : null;
        var found = await reads.ListAsync(organisation, wanted, named is null ? null : new ServerName(named), last, PageSize + 1, http.RequestAborted);
        return ConsolePages.Page<ReviewsPage>(http, forms, new()
        {
            ["Found"] = found.Take(PageSize).ToList(),
            ["Next"] = found.Count > PageSize ? found[PageSize - 1].Name : null,
            ["IsFirst"] = last is null,
            ["Open"] = await store.CountOpenAsync(organisation, http.RequestAborted),
            ["State"] = wanted?.ToText(), ["Server"] = named, ["Now"] = clock.GetUtcNow(),
        });
    }

    private static Task<IResult> ShowAsync(string name, HttpContext http, IAntiforgery forms, ReviewReads reads, TimeProvider clock) => PageAsync(name, http, forms, reads, clock);

    private static Task<IResult> ApproveAsync(string name, HttpContext http, IAntiforgery forms, ReviewReads reads, ReviewDesk desk, TimeProvider clock) =>
        DecideAsync(name, http, forms, reads, clock, "approve",
            async (review, form) => await desk.ApproveAsync(http.Requester(), review, form.Expected, (await http.Request.ReadFormAsync(http.RequestAborted))["inside"] == "true", form.Reason, http.RequestAborted),
            done => new Notice($"{name} is approved", done.Server.Approved is { } serves ? $"Version {serves.Number} of {done.Server.Name} serves." : null));

    private static Task<IResult> RejectAsync(string name, HttpContext http, IAntiforgery forms, ReviewReads reads, ReviewDesk desk, TimeProvider clock) =>
        DecideAsync(name, http, forms, reads, clock, "reject",
            (review, form) => desk.RejectAsync(http.Requester(), review, form.Expected, form.Reason, http.RequestAborted),
            done => new Notice($"{name} is rejected", done.Server.Approved is { } serves ? $"Version {serves.Number} of {done.Server.Name} goes on serving." : $"{done.Server.Name} is not reached."));

    private static async Task<IResult> DecideAsync(
        string name, HttpContext http, IAntiforgery forms, ReviewReads reads, TimeProvider clock, string action, Decide decide, Func<VersionedServer, Notice> said)
    {
        if (!ReviewName.TryParse(name, out var review)) return Missing(http, forms);
        var (form, fault) = await StepForm.ReadAsync(http, action, confirmation: null);
        if (form is null) return await PageAsync(name, http, forms, reads, clock, fault, StatusCodes.Status422UnprocessableEntity);
        return await decide(review, form) switch
        {
            Result<VersionedServer>.Done done => ConsolePages.Done(http, ReviewWords.PathOf(name), said(done.Value)),
            Result<VersionedServer>.Refused { Why: var why } => await PageAsync(name, http, forms, reads, clock, form.Refused(name, why), Answers.StatusOf(why.Kind)),
            _ => throw new InvalidOperationException(),
        };
    }

    private static async Task<IResult> PageAsync(
        string name, HttpContext http, IAntiforgery forms, ReviewReads reads, TimeProvider clock, FormFault? fault = null, int status = StatusCodes.Status200OK)
    {
        var requester = http.Requester();
        if (!ReviewName.TryParse(name, out var wanted) || await reads.FindAsync(requester, wanted, http.RequestAborted) is not { } review) return Missing(http, forms);
        var open = await reads.ListAsync(requester.Organisation, ReviewState.Open, server: null, after: null, limit: 2, http.RequestAborted);
        return ConsolePages.Page<ReviewPage>(http, forms, new()
        {
            ["Review"] = review, ["Now"] = clock.GetUtcNow(), ["Fault"] = fault, ["NextOpen"] = open.FirstOrDefault(other => other.Name != review.Name)?.Name,
        }, status);
    }

    private static IResult Missing(HttpContext http, IAntiforgery forms) => ConsolePages.Missing(http, forms, "such review", ("/reviews", "All reviews"));
}
