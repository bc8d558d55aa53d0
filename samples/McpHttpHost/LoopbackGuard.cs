using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace McpHttpHost;

/// <summary>
/// Answers only requests for a loopback name and, from a browser, from a loopback page: a page elsewhere could otherwise reach this
/// server through a name that it points at 127.0.0.1. With a key, only requests that carry it.
/// </summary>
internal sealed class LoopbackGuard(string? key)
{
    public Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        var origin = context.Request.Headers.Origin.ToString();
        var fromHere = origin.Length == 0 || (Uri.TryCreate(origin, UriKind.Absolute, out var page) && page.IsLoopback);
        if (!fromHere || !IsLoopbackName(context.Request.Host.Host)) return RefuseAsync(context, StatusCodes.Status403Forbidden);
        return HasKey(context.Request) ? next(context) : RefuseAsync(context, StatusCodes.Status401Unauthorized);
    }

    private bool HasKey(HttpRequest request) =>
        key is null || CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(request.Headers["X-Api-Key"].ToString()), Encoding.UTF8.GetBytes(key));

    private static bool IsLoopbackName(string host) => host is "localhost" or "127.0.0.1" or "[::1]";

    private static Task RefuseAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
