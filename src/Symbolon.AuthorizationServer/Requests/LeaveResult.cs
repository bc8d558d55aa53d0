using Microsoft.AspNetCore.Http;

namespace Symbolon.AuthorizationServer.Requests;

/// <summary>Sends the browser elsewhere by 303, so that it sends no form there (RFC 9700 §4.12). Nothing about the address is repaired.</summary>
internal sealed class LeaveResult(string address) : IResult
{
    public string Address => address;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.CacheControl = "no-store";
        httpContext.Response.Headers.Location = address;
        httpContext.Response.ContentLength = 0;
        return Task.CompletedTask;
    }
}
