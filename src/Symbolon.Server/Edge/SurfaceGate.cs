using Microsoft.AspNetCore.Http;
using Symbolon.Core.Policy;

namespace Symbolon.Server.Edge;

/// <summary>Lets a route answer on its own listeners only; on another it does not exist. Runs once the route is known.</summary>
internal sealed class SurfaceGate(RequestDelegate next, EdgeRules rules)
{
    public Task InvokeAsync(HttpContext context) => rules.AllowsSurface(context)
        ? next(context)
        : Problem.WriteAsync(context, StatusCodes.Status404NotFound, ReasonCode.UnknownMethod, "Nothing is served at this address.");
}
