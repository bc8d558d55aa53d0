using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Changes;

namespace Symbolon.Admin.Policies;

internal static class PolicyEndpoints
{
    public static void MapPolicies(this RouteGroupBuilder api)
    {
        api.MapGet("/policies", List).Describe("ListPolicies", "policies:read", "Policies by name, without their rules.").Pages().Produces<PolicySummary[]>();
        api.MapGet("/policies/{name}", GetAsync).Describe("GetPolicy", "policies:read", "A policy with its rules and tests.")
            .Produces<PolicyResponse>().Produces<ProblemResponse>(StatusCodes.Status404NotFound, Answers.ProblemType);
        api.MapPost("/policies/{name}/retire", RetireAsync).Describe("RetirePolicy", "policies:write", "It decides no call any more, for good.")
            .Accepts<ReasonRequest>(isOptional: true, "application/json").Produces<PolicyResponse>().ChangesOne();
    }

    private static IResult List(HttpContext context, Configuration configuration) =>
        ObjectAnswers.List(context, configuration.Policies(context.Requester().Organisation), policy => policy.Name.Value, (policy, _) => PolicySummary.Of(policy));

    private static Task<IResult> GetAsync(string name, HttpContext context, Configuration configuration, IConfigurationStore store) =>
        ObjectAnswers.GetAsync(context, store, new ObjectKey(ObjectKind.Policy, name), organisation => configuration.Policy(organisation, new PolicyName(name)), PolicyResponse.Of);

    private static Task<IResult> RetireAsync(string name, HttpContext context, Retirement retirement) =>
        ObjectAnswers.RetireAsync(context, new ObjectKey(ObjectKind.Policy, name),
            order => retirement.OfPolicyAsync(context.Requester(), new PolicyName(name), order.Reason, order.Expected, context.RequestAborted), PolicyResponse.Of);
}
