using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Servers;

internal static class DriftEndpoints
{
    public static void MapDrift(this RouteGroupBuilder api) =>
        api.MapGet("/drift", List)
            .Describe("ListDrift", "servers:read", "Tools that their servers list otherwise than they were reviewed, by server and tool, as this node read them last; server: of one alone. What no node's caller uses is not read.")
            .Pages("server").Produces<DriftResponse[]>().Produces<ProblemResponse>(StatusCodes.Status404NotFound, Answers.ProblemType);

    private static IResult List(HttpContext context, Configuration configuration, IUpstreamHealth health)
    {
        var (page, refusal) = Page.Read(context);
        if (page is null) return refusal!;
        var organisation = context.Requester().Organisation;
        string? wanted = context.Request.Query["server"];
        if (wanted is not null && (!ServerName.IsValid(wanted) || configuration.Server(organisation, new ServerName(wanted)) is null)) return Answers.NotFound($"server {TextRules.Shown(wanted)}");
        var drifted = configuration.Servers(organisation)
            .Where(server => wanted is null || server.Name.Value == wanted)
            .SelectMany(server => DriftOf(server, health.Of(organisation, server)));
        return Answers.Json(context, page.Take(context, drifted, tool => $"{tool.Server}/{tool.Tool}").ToArray());
    }

    private static IEnumerable<DriftResponse> DriftOf(ServerObject server, UpstreamReading reading) =>
        from tool in server.Approved?.Manifest.Tools ?? []
        where reading.Tools.TryGetValue(tool.Name, out var found) && found.State != DefinitionState.Reviewed
        select DriftResponse.Of(server.Name, tool, reading.Tools[tool.Name], reading);
}
