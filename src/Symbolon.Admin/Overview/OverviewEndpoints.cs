using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;

namespace Symbolon.Admin.Overview;

internal static class OverviewEndpoints
{
    public static void MapOverview(this RouteGroupBuilder api) =>
        api.MapGet("/overview", GetAsync)
            .Describe("GetOverview", "overview:read", "Decisions of period=24h, 7d or 30d beside those of the time before, tokens, servers, nodes and the audit's state.")
            .WithMetadata(new QueryNames(["period"])).Produces<OverviewResponse>();

    private static async Task<IResult> GetAsync(HttpContext context, OverviewReader overview)
    {
        if (Page.Read(context).Refusal is { } refusal) return refusal;
        return OverviewPeriod.Find(context.Request.Query["period"]) is { } period
            ? Answers.Json(context, await overview.ReadAsync(context.Requester().Organisation, period, context.RequestAborted))
            : Answers.Malformed($"period must be one of {string.Join(", ", OverviewPeriod.All.Select(each => each.Name))}.");
    }
}
