using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Symbolon.Core.Policy;

namespace Symbolon.Admin.Api;

internal static class RouteDescriptions
{
    /// <summary>Names the operation, what it does, and the permission that it takes.</summary>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder route, string name, string permission, string summary) => route
        .WithName(name)
        .WithTags(permission[..permission.IndexOf(':', StringComparison.Ordinal)])
        .WithSummary(summary)
        .WithMetadata(new RouteAccess.Administrator(permission))
        .Produces<ProblemResponse>(StatusCodes.Status401Unauthorized, Answers.ProblemType)
        .Produces<ProblemResponse>(StatusCodes.Status400BadRequest, Answers.ProblemType);

    /// <summary>A list in pages with these filters; any other parameter of a query is refused.</summary>
    public static RouteHandlerBuilder Pages(this RouteHandlerBuilder route, params string[] filters) =>
        route.WithMetadata(new QueryNames([.. filters, .. Page.Parameters]));

    /// <summary>A change: what refuses it besides.</summary>
    public static RouteHandlerBuilder Changes(this RouteHandlerBuilder route) => route
        .Produces<ProblemResponse>(StatusCodes.Status404NotFound, Answers.ProblemType)
        .Produces<ProblemResponse>(StatusCodes.Status409Conflict, Answers.ProblemType)
        .Produces<ProblemResponse>(StatusCodes.Status413PayloadTooLarge, Answers.ProblemType)
        .Produces<ProblemResponse>(StatusCodes.Status415UnsupportedMediaType, Answers.ProblemType)
        .Produces<ProblemResponse>(StatusCodes.Status422UnprocessableEntity, Answers.ProblemType)
        .Produces<ProblemResponse>(StatusCodes.Status503ServiceUnavailable, Answers.ProblemType);

    /// <summary>A change of one object, on condition of its version where the caller names one.</summary>
    public static RouteHandlerBuilder ChangesOne(this RouteHandlerBuilder route) => route.Changes()
        .WithMetadata(IfMatch.Described)
        .Produces<ProblemResponse>(StatusCodes.Status412PreconditionFailed, Answers.ProblemType);
}
