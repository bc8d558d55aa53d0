using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Clients;

internal static class ClientConfigEndpoints
{
    private static readonly string[] Parameters = ["client", "variable"];

    public static void MapClientConfig(this RouteGroupBuilder api) =>
        api.MapGet("/servers/{name}/client-config", Get)
            .Describe("GetClientConfig", "servers:read", $"What to paste into a client's configuration for a pasted token, which stays in the environment variable that variable= names. client={string.Join('|', McpClient.All.Select(client => client.Id))}.")
            .WithMetadata(new QueryNames(Parameters)).Produces<ClientConfigResponse>().Produces<ProblemResponse>(StatusCodes.Status404NotFound, Answers.ProblemType);

    private static IResult Get(string name, HttpContext context, Configuration configuration, IPublicAddresses known)
    {
        if (Page.Read(context).Refusal is { } refusal) return refusal;
        if (!ServerName.IsValid(name) || configuration.Server(context.Requester().Organisation, new ServerName(name)) is null) return Answers.NotFound($"server {TextRules.Shown(name)}");
        var query = context.Request.Query;
        if (McpClient.Find(query["client"]) is not { } client) return Wrong("client", $"client must be one of {McpClient.Ids}.");
        var variable = query["variable"] is [{ } asked] ? asked : ClientConfig.Variable;
        if (!ClientConfig.IsVariable(variable)) return Wrong("variable", $"variable must be {ClientConfig.VariableRule}.");
        return Answers.Json(context, ClientConfigResponse.Of(client, name, known.Origins[0], variable));
    }

    private static IResult Wrong(string parameter, string rule) => Answers.Malformed(rule, [new FieldErrorResponse(parameter, FieldErrorCode.BadValue, rule)]);
}
