using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Servers;

internal static class ServerToolEndpoints
{
    public static void MapServerTools(this RouteGroupBuilder api) =>
        api.MapGet("/servers/{name}/tools", ListAsync)
            .Describe("ListServerTools", "servers:read", "A server's tools by name: what was decided, assessed and declared, and whether what is listed now is what was reviewed. version=approved or pending; default: the one that serves.")
            .Pages("version").Produces<AssessedToolResponse[]>().Produces<ProblemResponse>(StatusCodes.Status404NotFound, Answers.ProblemType);

    private static async Task<IResult> ListAsync(string name, HttpContext context, Configuration configuration, ServerReads servers)
    {
        var (page, refusal) = Page.Read(context);
        if (page is null) return refusal!;
        if (!ServerName.IsValid(name) || configuration.Server(context.Requester().Organisation, new ServerName(name)) is not { } server) return Answers.NotFound($"server {Core.Registry.Files.TextRules.Shown(name)}");
        string? wanted = context.Request.Query["version"];
        if (wanted is not (null or "approved" or "pending")) return Answers.Malformed("version must be approved or pending.");
        var version = wanted switch { "approved" => server.Approved, "pending" => server.Pending, _ => server.Approved ?? server.Pending };
        if (version is null) return Answers.NotFound(wanted is null ? $"version of {name}" : $"{wanted} version of {name}");
        // Assessed after the page is cut: it takes time for each.
        return Answers.Json(context, (await servers.ToolsAsync(context.Requester().Organisation, server, version,
            page.Take(context, version.Manifest.Tools, tool => tool.Name.Value), context.RequestAborted)).ToArray());
    }
}
