using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Changes;

namespace Symbolon.Admin.Issuers;

internal static class IssuerEndpoints
{
    public static void MapIssuers(this RouteGroupBuilder api)
    {
        api.MapGet("/issuers", List).Describe("ListIssuers", "issuers:read", "Foreign issuers whose tokens agents, workflows and servers may come with, by name.").Pages().Produces<IssuerResponse[]>();
        api.MapGet("/issuers/{name}", GetAsync).Describe("GetIssuer", "issuers:read", "A foreign issuer.")
            .Produces<IssuerResponse>().Produces<ProblemResponse>(StatusCodes.Status404NotFound, Answers.ProblemType);
        api.MapPost("/issuers/{name}/retire", RetireAsync).Describe("RetireIssuer", "issuers:write", "Nobody gets in by its tokens any more, for good; what they got before runs out.")
            .Accepts<ReasonRequest>(isOptional: true, "application/json").Produces<IssuerResponse>().ChangesOne();
    }

    private static IResult List(HttpContext context, Configuration configuration) =>
        ObjectAnswers.List(context, configuration.Issuers(context.Requester().Organisation), issuer => issuer.Name.Value, Shown);

    private static Task<IResult> GetAsync(string name, HttpContext context, Configuration configuration, IConfigurationStore store) =>
        ObjectAnswers.GetAsync(context, store, new ObjectKey(ObjectKind.Issuer, name), organisation => configuration.Issuer(organisation, new IssuerName(name)), Shown);

    private static Task<IResult> RetireAsync(string name, HttpContext context, Retirement retirement) =>
        ObjectAnswers.RetireAsync(context, new ObjectKey(ObjectKind.Issuer, name),
            order => retirement.OfIssuerAsync(context.Requester(), new IssuerName(name), order.Reason, order.Expected, context.RequestAborted), Shown);

    private static IssuerResponse Shown(IssuerObject issuer, long? version) => new()
    {
        Name = issuer.Name.Value,
        State = issuer.RetiredAt is null ? "active" : "retired",
        Issuer = issuer.Issuer,
        TrustDomain = issuer.TrustDomain,
        Audience = issuer.Audience,
        Subjects = [.. issuer.Subjects.Select(pattern => pattern.Text)],
        MaxTtl = Durations.ToText(issuer.MaxTtlSeconds),
        JwksUri = issuer.KeysUri,
        Keys = issuer.Keys.IsEmpty ? null : PublicKeys.Thumbprints(issuer.Keys),
        LastChange = StateChangeResponse.Of(issuer.LastChange),
        Version = version,
    };
}
