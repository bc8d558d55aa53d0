using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Servers;

namespace Symbolon.Admin.Servers;

internal static class ServerEndpoints
{
    private delegate Task<Result<VersionedServer>> Step(Requester requester, ServerName name, string? reason, long? expected, CancellationToken cancellation);

    public static void MapServers(this RouteGroupBuilder api)
    {
        api.MapGet("/servers", List).Describe("ListServers", "servers:read", "Servers by name.").Pages().Produces<ServerSummary[]>();
        api.MapGet("/servers/{name}", GetAsync).Describe("GetServer", "servers:read", "A server with its versions, tools and what is pending; where a pending host leads is asked of its name server.")
            .Produces<ServerResponse>().Produces<ProblemResponse>(StatusCodes.Status404NotFound, Answers.ProblemType);
        api.MapPost("/servers/{name}/approve", ApproveAsync).Describe("ApproveServer", "servers:approve", "Lets the pending version serve.")
            .Accepts<ApproveRequest>("application/json").Produces<ServerResponse>().ChangesOne();
        MapStep(api, "suspend", "SuspendServer", "It answers nobody until it is resumed.", SuspendAsync);
        MapStep(api, "resume", "ResumeServer", "It serves again.", ResumeAsync);
        MapStep(api, "retire", "RetireServer", "Ends it for good; its history stays.", RetireAsync);
    }

    private static void MapStep(RouteGroupBuilder api, string action, string name, string summary, Delegate handler) =>
        api.MapPost($"/servers/{{name}}/{action}", handler).Describe(name, "servers:write", summary)
            .Accepts<ReasonRequest>(isOptional: true, "application/json").Produces<ServerResponse>().ChangesOne();

    private static IResult List(HttpContext context, Configuration configuration)
    {
        var (page, refusal) = Page.Read(context);
        if (page is null) return refusal!;
        var servers = page.Take(context, configuration.Servers(context.Requester().Organisation), server => server.Name.Value);
        return Answers.Json(context, servers.Select(ServerResponses.Summary).ToArray());
    }

    private static async Task<IResult> GetAsync(string name, HttpContext context, Configuration configuration, IConfigurationStore store, ApprovalCheck check)
    {
        if (!ServerName.IsValid(name)) return Answers.NotFound("such server");
        var organisation = context.Requester().Organisation;
        var key = new ObjectKey(ObjectKind.Server, name);
        try
        {
            if (await store.FindObjectAsync(organisation, key, context.RequestAborted) is not { Item: ServerObject server, Version: var version })
                return Answers.NotFound($"server {name}");
            var history = await store.HistoryAsync(organisation, key, context.RequestAborted);
            var place = server.Pending is { } pending ? await check.PlaceAsync(pending, context.RequestAborted) : null;
            return Answers.Versioned(context, ServerResponses.Whole(server, version, history, place), version);
        }
        catch (StoreUnavailableException)
        {
            // Reads go on from memory; without the version nobody can build a change on it.
            return configuration.Server(organisation, new ServerName(name)) is { } remembered
                ? Answers.Json(context, ServerResponses.Whole(remembered, null, []))
                : Answers.NotFound($"server {name}");
        }
    }

    private static async Task<IResult> ApproveAsync(string name, HttpContext context, ServerLifecycle lifecycle)
    {
        var body = await AdminBody.ReadAsync<ApproveRequest>(context);
        if (body.Value is not { } request) return body.Refusal!;
        var (order, refusal) = StepOrder.Of(context, request.Reason);
        return refusal ?? await ChangeAsync(name, context, order, (requester, server, reason, expected, cancellation) =>
            lifecycle.ApproveAsync(requester, server, request.Version, request.Inside, reason, expected, cancellation));
    }

    private static Task<IResult> SuspendAsync(string name, HttpContext context, ServerLifecycle lifecycle) => StepAsync(name, context, lifecycle.SuspendAsync);

    private static Task<IResult> ResumeAsync(string name, HttpContext context, ServerLifecycle lifecycle) => StepAsync(name, context, lifecycle.ResumeAsync);

    private static Task<IResult> RetireAsync(string name, HttpContext context, ServerLifecycle lifecycle) => StepAsync(name, context, lifecycle.RetireAsync);

    private static async Task<IResult> StepAsync(string name, HttpContext context, Step step)
    {
        var (order, refusal) = await StepOrder.ReadAsync(context);
        return refusal ?? await ChangeAsync(name, context, order, step);
    }

    private static async Task<IResult> ChangeAsync(string name, HttpContext context, StepOrder order, Step step)
    {
        if (!ServerName.IsValid(name)) return Answers.NotFound("such server");
        var changed = await step(context.Requester(), new ServerName(name), order.Reason, order.Expected, context.RequestAborted);
        return Answers.Of(changed, found => Answers.Versioned(context, ServerResponses.Whole(found.Server, found.Version, []), found.Version));
    }
}
