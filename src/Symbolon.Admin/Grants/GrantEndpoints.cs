using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Changes;

namespace Symbolon.Admin.Grants;

internal static class GrantEndpoints
{
    public static void MapGrants(this RouteGroupBuilder api)
    {
        api.MapGet("/grants", List).Describe("ListGrants", "grants:read", "Grants by name; ?server= only those on it.").Pages("server").Produces<GrantResponse[]>();
        api.MapGet("/grants/{name}", GetAsync).Describe("GetGrant", "grants:read", "A grant.")
            .Produces<GrantResponse>().Produces<ProblemResponse>(StatusCodes.Status404NotFound, Answers.ProblemType);
        api.MapPost("/grants/{name}/retire", RetireAsync).Describe("RetireGrant", "grants:write", "Ends it for good, also under live tokens.")
            .Accepts<ReasonRequest>(isOptional: true, "application/json").Produces<GrantResponse>().ChangesOne();
    }

    private static IResult List(HttpContext context, Configuration configuration, TimeProvider clock)
    {
        var organisation = context.Requester().Organisation;
        var grants = context.Request.Query["server"] is [{ } server]
            ? configuration.GrantsOn(organisation, new ServerName(server))
            : configuration.Grants(organisation);
        return ObjectAnswers.List(context, grants, grant => grant.Name.Value, (grant, version) => Shown(grant, version, clock));
    }

    private static Task<IResult> GetAsync(string name, HttpContext context, Configuration configuration, IConfigurationStore store, TimeProvider clock) =>
        ObjectAnswers.GetAsync(context, store, new ObjectKey(ObjectKind.Grant, name), organisation => configuration.Grant(organisation, new GrantName(name)), (grant, version) => Shown(grant, version, clock));

    private static Task<IResult> RetireAsync(string name, HttpContext context, Retirement retirement, TimeProvider clock) =>
        ObjectAnswers.RetireAsync(context, new ObjectKey(ObjectKind.Grant, name),
            order => retirement.OfGrantAsync(context.Requester(), new GrantName(name), order.Reason, order.Expected, context.RequestAborted), (grant, version) => Shown(grant, version, clock));

    private static GrantResponse Shown(GrantObject grant, long? version, TimeProvider clock) => new()
    {
        Name = grant.Name.Value,
        State = grant.RetiredAt is not null ? "retired" : grant.EndsAt <= clock.Microseconds() ? "expired" : "active",
        To = new GrantSubjectsResponse(grant.To.Users, [.. grant.To.Agents.Select(agent => agent.Value)], [.. grant.To.Workflows.Select(workflow => workflow.Value)]),
        Servers = [.. grant.Servers.Select(ServerAccessResponse.Of)],
        Expires = grant.Expires,
        MaxTtl = grant.MaxTtlSeconds is { } seconds ? Durations.ToText(seconds) : null,
        Binding = grant.Binding == TokenBinding.Dpop ? "dpop" : null,
        LastChange = StateChangeResponse.Of(grant.LastChange),
        Version = version,
    };
}
