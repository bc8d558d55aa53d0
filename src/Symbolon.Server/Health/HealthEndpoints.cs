using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.Core.Policy;

namespace Symbolon.Server.Health;

/// <summary>For whoever keeps the process running: does it live, and should it be sent work.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", (RequestDelegate)Live).WithMetadata(new RouteAccess.Anyone("Says only that the process answers."));
        routes.MapGet("/readyz", (RequestDelegate)Ready).WithMetadata(new RouteAccess.Anyone("Says only whether calls would be taken."));
    }

    private static Task Live(HttpContext context) => WriteAsync(context, StatusCodes.Status200OK, "{\"status\":\"ok\"}"u8);

    private static Task Ready(HttpContext context)
    {
        if (context.RequestServices.GetRequiredService<Readiness>().IsReady) return WriteAsync(context, StatusCodes.Status200OK, "{\"status\":\"ready\"}"u8);
        context.Response.Headers.RetryAfter = "1";
        return WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "{\"status\":\"not_ready\"}"u8);
    }

    private static Task WriteAsync(HttpContext context, int status, ReadOnlySpan<byte> json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(json.ToArray(), context.RequestAborted).AsTask();
    }
}
