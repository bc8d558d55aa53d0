using System.Text.Json;
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
        api.MapGet("/policies/hits", HitsAsync).Describe("ListRuleHits", "policies:read", "What rules refused, and what those that observe would have said, since the day (UTC) of ?from=, by default the last 30 days.")
            .WithMetadata(new QueryNames(["from"])).Produces<RuleHitsResponse[]>();
        api.MapGet("/policies/{name}", GetAsync).Describe("GetPolicy", "policies:read", "A policy with its rules and tests.")
            .Produces<PolicyResponse>().Produces<ProblemResponse>(StatusCodes.Status404NotFound, Answers.ProblemType);
        api.MapGet("/policies/{name}/tests", Test).Describe("TestPolicy", "policies:read", "How the tests of a policy go with the servers as they are now.")
            .Produces<PolicyTestResultResponse[]>().Produces<ProblemResponse>(StatusCodes.Status404NotFound, Answers.ProblemType);
        api.MapPost("/policies/simulate", SimulateAsync).Describe("SimulatePolicies", "policies:read", "What the rules that hold now say of a call that nobody makes, and what came of each. Changes nothing.")
            .Accepts<SimulateRequest>("application/json").Produces<SimulateResponse>()
            .Produces<ProblemResponse>(StatusCodes.Status404NotFound, Answers.ProblemType).Produces<ProblemResponse>(StatusCodes.Status422UnprocessableEntity, Answers.ProblemType);
        api.MapPost("/policies/{name}/retire", RetireAsync).Describe("RetirePolicy", "policies:write", "It decides no call any more, for good.")
            .Accepts<ReasonRequest>(isOptional: true, "application/json").Produces<PolicyResponse>().ChangesOne();
    }

    private static IResult List(HttpContext context, Configuration configuration) =>
        ObjectAnswers.List(context, configuration.Policies(context.Requester().Organisation), policy => policy.Name.Value, (policy, _) => PolicySummary.Of(policy));

    private static Task<IResult> GetAsync(string name, HttpContext context, Configuration configuration, IConfigurationStore store) =>
        ObjectAnswers.GetAsync(context, store, new ObjectKey(ObjectKind.Policy, name), organisation => configuration.Policy(organisation, new PolicyName(name)), PolicyResponse.Of);

    private static async Task<IResult> HitsAsync(HttpContext context, PolicyReads policies)
    {
        if (Page.Read(context).Refusal is { } unknown) return unknown;
        var given = new QueryReader(context);
        var from = given.Time("from");
        return given.Refusal ?? Answers.Json(context, (await policies.HitsAsync(context.Requester().Organisation, from, context.RequestAborted)).ToArray());
    }

    private static IResult Test(string name, HttpContext context, Configuration configuration, PolicyReads policies)
    {
        var organisation = context.Requester().Organisation;
        return ObjectName.IsValid(name) && configuration.Policy(organisation, new PolicyName(name)) is { } policy
            ? Answers.Json(context, policies.Test(organisation, policy).ToArray()) : Answers.NotFound("such policy");
    }

    private static async Task<IResult> SimulateAsync(HttpContext context, PolicyReads policies)
    {
        var body = await AdminBody.ReadAsync<SimulateRequest>(context);
        if (body.Value is not { } request) return body.Refusal!;
        var call = JsonSerializer.SerializeToElement(request.Call, context.JsonOf<SimulatedCallRequest>());
        return Answers.Of(await policies.SimulateAsync(context.Requester().Organisation, call, request.Token, request.Ip, context.RequestAborted), found => Answers.Json(context, found));
    }

    private static Task<IResult> RetireAsync(string name, HttpContext context, Retirement retirement) =>
        ObjectAnswers.RetireAsync(context, new ObjectKey(ObjectKind.Policy, name),
            order => retirement.OfPolicyAsync(context.Requester(), new PolicyName(name), order.Reason, order.Expected, context.RequestAborted), PolicyResponse.Of);
}
