using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Symbolon.Admin.Console.Layout;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Console;

/// <summary>A page that only the store can fill, while it cannot be asked.</summary>
internal sealed class StoreFaultPage(IAntiforgery forms) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (StoreUnavailableException) when (!context.HttpContext.Response.HasStarted)
        {
            context.HttpContext.Response.Headers.RetryAfter = "1";
            return ConsolePages.Page<PlainPage>(context.HttpContext, forms, new()
            {
                ["Title"] = "The store cannot be read",
                ["Text"] = "Nothing was changed. Calls of clients go on, or are refused, as the gateway decides. Load this page again in a moment.",
            }, StatusCodes.Status503ServiceUnavailable);
        }
    }
}
