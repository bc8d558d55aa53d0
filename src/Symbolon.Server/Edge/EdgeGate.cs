using Microsoft.AspNetCore.Http;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;

namespace Symbolon.Server.Edge;

/// <summary>Refuses what came under a foreign Host or Origin, or past the proxy: 403 <c>bad_origin</c>, on every route and every unknown one.</summary>
internal sealed class EdgeGate(RequestDelegate next, EdgeRules rules, IRefusalLog refusals)
{
    public Task InvokeAsync(HttpContext context)
    {
        // The peer is taken before any forwarding header is believed.
        if (!rules.AllowsPeer(context)) return RefuseAsync(context, "Plain http is accepted from the declared proxy only.");
        rules.MarkTransport(context);
        if (!rules.AllowsOrigin(context)) return RefuseAsync(context, "The Host or Origin header names none of this server's public origins.");
        return next(context);
    }

    private Task RefuseAsync(HttpContext context, string detail)
    {
        refusals.Record(OrganisationId.Default, context.Connection.RemoteIpAddress, ReasonCode.BadOrigin);
        return Problem.WriteAsync(context, StatusCodes.Status403Forbidden, ReasonCode.BadOrigin, detail);
    }
}
