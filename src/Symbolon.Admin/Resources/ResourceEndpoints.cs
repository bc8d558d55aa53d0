using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Resources;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Changes;

namespace Symbolon.Admin.Resources;

internal static class ResourceEndpoints
{
    public static void MapResources(this RouteGroupBuilder api)
    {
        api.MapGet("/resources", List).Describe("ListResources", "resources:read", "What is known of resources behind the servers, by name.").Pages().Produces<ResourceResponse[]>();
        api.MapGet("/resources/{name}", GetAsync).Describe("GetResource", "resources:read", "What is known of some resources.")
            .Produces<ResourceResponse>().Produces<ProblemResponse>(StatusCodes.Status404NotFound, Answers.ProblemType);
        api.MapPost("/resources/{name}/retire", RetireAsync).Describe("RetireResource", "resources:write", "It counts no longer, for good.")
            .Accepts<ReasonRequest>(isOptional: true, "application/json").Produces<ResourceResponse>().ChangesOne();
    }

    private static IResult List(HttpContext context, Configuration configuration) =>
        ObjectAnswers.List(context, configuration.Resources(context.Requester().Organisation), resource => resource.Name.Value, Shown);

    private static Task<IResult> GetAsync(string name, HttpContext context, Configuration configuration, IConfigurationStore store) =>
        ObjectAnswers.GetAsync(context, store, new ObjectKey(ObjectKind.Resource, name), organisation => configuration.Resource(organisation, new ResourceName(name)), Shown);

    private static Task<IResult> RetireAsync(string name, HttpContext context, Retirement retirement) =>
        ObjectAnswers.RetireAsync(context, new ObjectKey(ObjectKind.Resource, name),
            order => retirement.OfResourceAsync(context.Requester(), new ResourceName(name), order.Reason, order.Expected, context.RequestAborted), Shown);

    private static ResourceResponse Shown(ResourceObject resource, long? version) => new()
    {
        Name = resource.Name.Value,
        State = resource.RetiredAt is null ? "active" : "retired",
        Pattern = resource.Pattern.Text,
        Reaches = [.. resource.Reaches.Select(pattern => pattern.Text)],
        Triggers = [.. resource.Triggers.Select(pattern => pattern.Text)],
        Sensitivity = resource.Sensitivity.ToText(),
        LastChange = StateChangeResponse.Of(resource.LastChange),
        Version = version,
    };
}
