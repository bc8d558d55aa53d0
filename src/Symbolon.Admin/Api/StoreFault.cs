using Microsoft.AspNetCore.Http;
using Symbolon.Core.Policy;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Api;

/// <summary>A read that only the store can answer, while it cannot be asked. Changes tell it themselves, with their record.</summary>
internal sealed class StoreFault : IEndpointFilter
{
    public static IResult Answer => new ProblemAnswer(StatusCodes.Status503ServiceUnavailable, ReasonCode.StateStale.ToText(), "The store cannot be read at the moment. Try again.");

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (StoreUnavailableException) when (!context.HttpContext.Response.HasStarted)
        {
            return Answer;
        }
    }
}
