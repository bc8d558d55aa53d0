using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Symbolon.Core.Policy;

namespace Symbolon.Admin.Api;

internal static class RouteDescriptions
{
    /// <summary>Names the operation, what it does, and the permission that it takes.</summary>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder route, string name, string permission, string summary) => route
        .WithName(name)
        .WithSummary(summary)
        .WithMetadata(new RouteAccess.Administrator(permission))
        .Produces<ProblemResponse>(StatusCodes.Status401Unauthorized, Answers.ProblemType)
        .Produces<ProblemResponse>(StatusCodes.Status400BadRequest, Answers.ProblemType);

    /// <summary>A change: what refuses it besides.</summary>
    public static RouteHandlerBuilder Changes(this RouteHandlerBuilder route) => route
        .Produces<ProblemResponse>(StatusCodes.Status404NotFound, Answers.ProblemType)
        .Produces<ProblemResponse>(StatusCodes.Status409Conflict, Answers.ProblemType)
        .Produces<ProblemResponse>(StatusCodes.Status412PreconditionFailed, Answers.ProblemType)
        .Produces<ProblemResponse>(StatusCodes.Status422UnprocessableEntity, Answers.ProblemType)
        .Produces<ProblemResponse>(StatusCodes.Status503ServiceUnavailable, Answers.ProblemType);
}
