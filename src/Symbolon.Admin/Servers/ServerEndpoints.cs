using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry.Files;
using Symbolon.Registry.Servers;

namespace Symbolon.Admin.Servers;

internal static class ServerEndpoints
{
    private delegate Task<Result<VersionedServer>> Step(Requester requester, ServerName name, string? reason, long? expected, CancellationToken cancellation);

    public static void MapServers(this RouteGroupBuilder api)
    {
        api.MapGet("/servers", ListAsync).Describe("ListServers", "servers:read", "Servers by name; filters state (also attention), owner, q (part of a name, an owner or a tool's name).").Pages("state", "owner", "q").Produces<ServerSummary[]>();
        api.MapGet("/servers/{name}", GetAsync).Describe("GetServer", "servers:read", "A server with its versions, tools and what is pending; where a pending host leads is asked of its name server.")
            .Produces<ServerResponse>().Produces<ProblemResponse>(StatusCodes.Status404NotFound, Answers.ProblemType);
        api.MapPost("/servers/{name}/approve", ApproveAsync).Describe("ApproveServer", "servers:approve", "Lets the pending version serve.")
            .Accepts<ApproveRequest>("application/json").Produces<ServerResponse>().ChangesOne();
        api.MapPost("/servers/{name}/suspend", SuspendAsync).DescribeStep("SuspendServer", "It answers nobody until it is resumed.");
        api.MapPost("/servers/{name}/resume", ResumeAsync).DescribeStep("ResumeServer", "It serves again.");
        api.MapPost("/servers/{name}/owner", ChangeOwnerAsync).Describe("ChangeServerOwner", "servers:write", "Another person answers for it, at once.")
            .Accepts<ChangeOwnerRequest>("application/json").Produces<ServerResponse>().ChangesOne();
        api.MapPost("/quarantines", QuarantineAsync).Describe("QuarantineServers", "servers:write", "Suspends every active server with a label, all of them or none; answers with their names.")
            .Accepts<QuarantineRequest>("application/json").Produces<string[]>().Changes();
        api.MapPost("/servers/{name}/retire", RetireAsync).DescribeStep("RetireServer", "Ends it for good: its sealed secrets and its keys are destroyed, its history stays, its name is never used again.");
    }

    private static void DescribeStep(this RouteHandlerBuilder route, string name, string summary) =>
        route.Describe(name, "servers:write", summary).Accepts<ReasonRequest>(isOptional: true, "application/json").Produces<ServerResponse>().ChangesOne();

    private static async Task<IResult> ListAsync(HttpContext context, ServerReads servers)
    {
        var (page, refusal) = Page.Read(context);
        if (page is null) return refusal!;
        var query = context.Request.Query;
        var filter = new ServerFilter { State = query["state"], Owner = query["owner"], Text = query["q"] };
        if (filter.State is { } state && !ServerFilter.States.Contains(state)) return Answers.Malformed($"state must be one of {string.Join(", ", ServerFilter.States)}.");
        var found = await servers.ListAsync(context.Requester().Organisation, filter, page.After, page.Limit, context.RequestAborted);
        if (found.Count > page.Limit) Page.LinkTo(context, "next", found[page.Limit - 1].Name);
        return Answers.Json(context, found.Take(page.Limit).ToArray());
    }

    private static async Task<IResult> GetAsync(string name, HttpContext context, ServerReads servers) =>
        await servers.FindAsync(context.Requester().Organisation, name, context.RequestAborted) is { } server
            ? Answers.Versioned(context, server, server.Version)
            : Answers.NotFound(ServerName.IsValid(name) ? $"server {name}" : "such server");

    private static async Task<IResult> ApproveAsync(string name, HttpContext context, ManifestReviews reviews, ServerReads servers)
    {
        var body = await AdminBody.ReadAsync<ApproveRequest>(context);
        if (body.Value is not { } request) return body.Refusal!;
        var (order, refusal) = StepOrder.Of(context, request.Reason);
        return refusal ?? await ChangeAsync(name, context, servers, order, (requester, server, reason, expected, cancellation) =>
            reviews.ApproveAsync(requester, server, request.Version, request.Inside, reason, expected, cancellation));
    }

    private static async Task<IResult> ChangeOwnerAsync(string name, HttpContext context, ServerLifecycle lifecycle, ServerReads servers)
    {
        var body = await AdminBody.ReadAsync<ChangeOwnerRequest>(context);
        if (body.Value is not { } request) return body.Refusal!;
        if (!UserEmail.TryParse(request.Owner, out var owner)) return Answers.Problem(ChangeError.Invalid("owner", FieldErrorCode.BadValue, $"owner must be {UserEmail.Rule}."));
        var (order, refusal) = StepOrder.Of(context, request.Reason);
        return refusal ?? await ChangeAsync(name, context, servers, order, (requester, server, reason, expected, cancellation) =>
            lifecycle.ChangeOwnerAsync(requester, server, owner, reason, expected, cancellation));
    }

    private static async Task<IResult> QuarantineAsync(HttpContext context, ServerQuarantine quarantine)
    {
        var body = await AdminBody.ReadAsync<QuarantineRequest>(context);
        if (body.Value is not { } request) return body.Refusal!;
        if (ReasonText.Refuse(request.Reason) is { } refusal) return refusal;
        if (request.Label is { Length: 0 or > 63 } || request.Value.Length > DocumentLimits.LabelValue)
            return Answers.Problem(ChangeError.Invalid("label", FieldErrorCode.BadValue, $"label must have 1 to 63 characters, value at most {DocumentLimits.LabelValue}."));
        var suspended = await quarantine.SuspendAsync(context.Requester(), request.Label, request.Value, request.Reason, context.RequestAborted);
        return Answers.Of(suspended, names => Answers.Json(context, names.Select(server => server.Value).ToArray()));
    }

    private static Task<IResult> SuspendAsync(string name, HttpContext context, ServerLifecycle lifecycle, ServerReads servers) => StepAsync(name, context, servers, lifecycle.SuspendAsync);

    private static Task<IResult> ResumeAsync(string name, HttpContext context, ServerLifecycle lifecycle, ServerReads servers) => StepAsync(name, context, servers, lifecycle.ResumeAsync);

    private static Task<IResult> RetireAsync(string name, HttpContext context, ServerLifecycle lifecycle, ServerReads servers) => StepAsync(name, context, servers, lifecycle.RetireAsync);

    private static async Task<IResult> StepAsync(string name, HttpContext context, ServerReads servers, Step step)
    {
        var (order, refusal) = await StepOrder.ReadAsync(context);
        return refusal ?? await ChangeAsync(name, context, servers, order, step);
    }

    private static async Task<IResult> ChangeAsync(string name, HttpContext context, ServerReads servers, StepOrder order, Step step)
    {
        if (!ServerName.IsValid(name)) return Answers.NotFound("such server");
        var changed = await step(context.Requester(), new ServerName(name), order.Reason, order.Expected, context.RequestAborted);
        return Answers.Of(changed, found => Answers.Versioned(context, servers.Changed(context.Requester().Organisation, found), found.Version));
    }
}
