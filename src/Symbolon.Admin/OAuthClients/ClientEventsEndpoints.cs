using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.AuthorizationServer.Clients;
using Symbolon.AuthorizationServer.SecurityEvents;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.SecurityEvents;

namespace Symbolon.Admin.OAuthClients;

/// <summary>Security events of clients that are APIs: whether and how they are told, how it goes, and the trying of it.</summary>
internal static class ClientEventsEndpoints
{
    public static void MapClientEvents(this RouteGroupBuilder api)
    {
        api.MapGet("/clients/{name}/events", ShowAsync).Describe("ShowClientEvents", "clients:read", "How an API is told security events, and how it goes.")
            .Produces<ClientEventsResponse>().Produces<ProblemResponse>(StatusCodes.Status404NotFound, Answers.ProblemType);
        api.MapPut("/clients/{name}/events", SetAsync).Describe("SetClientEvents", "clients:write", "Has an API told security events, in another way, or not any more.")
            .Accepts<SetClientEventsRequest>("application/json").Produces<OAuthClientResponse>().Changes();
        api.MapPost("/clients/{name}/events/test", TestAsync).Describe("TestClientEvents", "clients:write", "Has an API told a verification event.")
            .Accepts<TestClientEventsRequest>(isOptional: true, "application/json").Produces<TestClientEventsResponse>(StatusCodes.Status202Accepted).Changes();
    }

    public static string DeliveryOf(ClientEvents? events) => events switch { null => "none", { ArePushed: true } => "push", _ => "poll" };

    private static async Task<IResult> ShowAsync(string name, HttpContext context, EventsDesk desk)
    {
        if (!ObjectName.IsValid(name) || await desk.ShowAsync(context.Requester().Organisation, name, context.RequestAborted) is not var (client, state)) return Answers.NotFound("such client");
        return Answers.Json(context, new ClientEventsResponse(
            DeliveryOf(client.Events), client.Events?.Url, state?.Waiting ?? 0, state?.OldestAt is { } oldest ? UnixTime.FromMicroseconds(oldest) : null,
            Shown(state?.LastDelivered), Shown(state?.LastFailure), state?.Refused ?? 0, state?.LeftOut ?? 0, state?.GivenUp ?? 0));
    }

    private static async Task<IResult> SetAsync(string name, HttpContext context, EventsDesk desk)
    {
        if (!ObjectName.IsValid(name)) return Answers.NotFound("such client");
        var body = await AdminBody.ReadAsync<SetClientEventsRequest>(context);
        if (body.Value is not { } request) return body.Refusal!;
        var (order, refusal) = StepOrder.Of(context, request.Reason);
        if (refusal is not null) return refusal;
        var set = await desk.SetAsync(context.Requester(), name, new WantedEvents(request.Delivery, request.Url), order.Reason, order.Expected, context.RequestAborted);
        return Answers.Of(set, done => Answers.Versioned(context, OAuthClientEndpoints.Shown(done.Client, done.Version), done.Version));
    }

    private static async Task<IResult> TestAsync(string name, HttpContext context, EventsDesk desk)
    {
        if (!ObjectName.IsValid(name)) return Answers.NotFound("such client");
        var body = await AdminBody.ReadAsync<TestClientEventsRequest>(context, new TestClientEventsRequest());
        if (body.Value is not { } request) return body.Refusal!;
        if (ReasonText.Refuse(request.Reason) is { } refusal) return refusal;
        var sent = await desk.TestAsync(context.Requester(), name, request.State, request.Reason, context.RequestAborted);
        return Answers.Of(sent, id => Answers.Json(context, new TestClientEventsResponse(id), StatusCodes.Status202Accepted));
    }

    private static ClientEventAttemptResponse? Shown(SecurityEventAttempt? attempt) =>
        attempt is null ? null : new ClientEventAttemptResponse(attempt.Id, UnixTime.FromMicroseconds(attempt.At), attempt.Why);
}
