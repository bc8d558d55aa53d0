using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;

namespace Symbolon.Admin.Exchanges;

internal static class ExchangeEndpoints
{
    public static void MapExchanges(this RouteGroupBuilder api) =>
        api.MapGet("/exchange", List).Describe("ListExchanges", "servers:read", "Who may exchange what: for each server in mode exchange its API, what it may get there, its keys and whose calls; by server. api= is part of an API's address.")
            .Pages("api").Produces<ExchangeResponse[]>();

    private static IResult List(HttpContext context, ExchangeReads exchanges)
    {
        var (page, refusal) = Page.Read(context);
        if (refusal is not null) return refusal;
        var organisation = context.Requester().Organisation;
        var servers = page!.Take(context, exchanges.Servers(organisation, context.Request.Query["api"]), server => server.Name.Value);
        return Answers.Json(context, exchanges.Shown(organisation, servers).ToArray());
    }
}
