using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;

namespace Symbolon.Admin.Webhooks;

internal static class WebhookEndpoints
{
    public static void MapWebhook(this RouteGroupBuilder api)
    {
        api.MapGet("/webhook", ShowAsync).Describe("ShowWebhook", "webhook:read", "Where events are told, and how it goes.").Produces<WebhookResponse>();
        api.MapPost("/webhook/test", TestAsync).Describe("TestWebhook", "webhook:write", "Has an event of type ping sent, once; what came of it is then the last test.")
            .Accepts<ReasonRequest>(isOptional: true, "application/json").Produces<WebhookTestResponse>(StatusCodes.Status202Accepted).Changes();
    }

    private static async Task<IResult> ShowAsync(HttpContext context, WebhookDesk desk) =>
        Answers.Json(context, await desk.ShowAsync(context.Requester().Organisation, context.RequestAborted));

    private static async Task<IResult> TestAsync(HttpContext context, WebhookDesk desk)
    {
        var (reason, refusal) = await StepOrder.ReadReasonAsync(context);
        return refusal ?? Answers.Of(await desk.TestAsync(context.Requester(), reason, context.RequestAborted), sent => Answers.Json(context, sent, StatusCodes.Status202Accepted));
    }
}
