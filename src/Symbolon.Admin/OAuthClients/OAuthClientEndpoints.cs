using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.AuthorizationServer.Clients;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.OAuthClients;

internal static class OAuthClientEndpoints
{
    public static void MapOAuthClients(this RouteGroupBuilder api)
    {
        api.MapGet("/clients", List).Describe("ListClients", "clients:read", "Registered OAuth clients by name. Agents and workflows with keys are clients besides.").Pages().Produces<OAuthClientResponse[]>();
        api.MapGet("/clients/{name}", GetAsync).Describe("GetClient", "clients:read", "A registered OAuth client.")
            .Produces<OAuthClientResponse>().Produces<ProblemResponse>(StatusCodes.Status404NotFound, Answers.ProblemType);
        api.MapPost("/clients", CreateAsync).Describe("CreateClient", "clients:write", "Registers a client, by its public keys or, marked legacy, with a secret that only this answer has.")
            .Accepts<CreateOAuthClientRequest>("application/json").Produces<CreatedOAuthClientResponse>(StatusCodes.Status201Created).Changes();
        MapStep(api, "suspend", Lifecycle.Suspended, "SuspendClient", "It gets no token until it is resumed.");
        MapStep(api, "resume", Lifecycle.Active, "ResumeClient", "It gets tokens again.");
        MapStep(api, "retire", Lifecycle.Retired, "RetireClient", "Ends it for good; its history stays.");
    }

    private static void MapStep(RouteGroupBuilder api, string action, Lifecycle to, string name, string summary) =>
        api.MapPost($"/clients/{{name}}/{action}", (string name, HttpContext context, ClientDesk desk) => MoveAsync(name, action, to, context, desk))
            .Describe(name, "clients:write", summary).Accepts<ReasonRequest>(isOptional: true, "application/json").Produces<OAuthClientResponse>().Changes();

    private static IResult List(HttpContext context, Configuration configuration) =>
        ObjectAnswers.List(context, configuration.Clients(context.Requester().Organisation), client => client.Name, Shown);

    private static Task<IResult> GetAsync(string name, HttpContext context, Configuration configuration, IConfigurationStore store) =>
        ObjectAnswers.GetAsync(context, store, ClientObject.KeyOf(name), organisation => configuration.Client(organisation, name), Shown);

    private static async Task<IResult> CreateAsync(HttpContext context, ClientDesk desk)
    {
        var body = await AdminBody.ReadAsync<CreateOAuthClientRequest>(context);
        if (body.Value is not { } request) return body.Refusal!;
        if (ReasonText.Refuse(request.Reason) is { } refusal) return refusal;
        var order = new NewClient(request.Name, request.Owner, request.Agent, request.Workflow, [.. (request.Keys ?? []).Select(key => key.GetRawText())], request.LegacySecret, request.Reason, request.Redirects, request.DpopBound, request.PushedOnly, request.Audience)
        {
            Events = request.Events is { } events ? new WantedEvents(events.Delivery, events.Url) : null,
        };
        var created = await desk.RegisterAsync(context.Requester(), order, context.RequestAborted);
        return Answers.Of(created, done => Answers.Versioned(context, Created(done), done.Version, StatusCodes.Status201Created));
    }

    private static async Task<IResult> MoveAsync(string name, string action, Lifecycle to, HttpContext context, ClientDesk desk)
    {
        if (!ObjectName.IsValid(name)) return Answers.NotFound("such client");
        var (reason, refusal) = await StepOrder.ReadReasonAsync(context);
        if (refusal is not null) return refusal;
        var moved = await desk.MoveAsync(context.Requester(), name, action, to, reason, context.RequestAborted);
        return Answers.Of(moved, done => Answers.Versioned(context, Shown(done.Client, done.Version), done.Version));
    }

    public static OAuthClientResponse Shown(ClientObject client, long? version) => new()
    {
        Name = client.Name,
        Owner = client.Owner,
        State = client.State.ToText(),
        Agent = client.Agent?.Value,
        Workflow = client.Workflow?.Value,
        Method = client.IsLegacy ? "client_secret" : client.IsPublic ? "none" : "private_key_jwt",
        Keys = PublicKeys.Thumbprints(client.Keys),
        Redirects = client.Redirects,
        DpopBound = client.DpopBound,
        PushedOnly = client.MustPush,
        Audience = client.Audience,
        Events = client.Events is null ? null : ClientEventsEndpoints.DeliveryOf(client.Events),
        LastChange = StateChangeResponse.Of(client.LastChange),
        Version = version,
    };

    private static CreatedOAuthClientResponse Created(RegisteredClientResult created)
    {
        var shown = Shown(created.Client, created.Version);
        return new CreatedOAuthClientResponse
        {
            Name = shown.Name, Owner = shown.Owner, State = shown.State, Agent = shown.Agent, Workflow = shown.Workflow, Method = shown.Method, Keys = shown.Keys,
            Redirects = shown.Redirects, DpopBound = shown.DpopBound, PushedOnly = shown.PushedOnly, Audience = shown.Audience, Events = shown.Events, Version = shown.Version, Secret = created.Secret,
        };
    }
}
