using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Policy;

namespace Symbolon.Admin.Api;

/// <summary>
/// Records what an administrator asked for and was refused before it became a change: a body that cannot be read, a field that is
/// wrong. Refusals of the slices are recorded where they are made.
/// </summary>
internal sealed class RefusedChange(IAuditLog audit, TimeProvider clock) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var answer = await next(context);
        if (answer is not ProblemAnswer { IsRecorded: false } problem || HttpMethods.IsGet(http.Request.Method)) return answer;
        var requester = http.Requester();
        var record = new AuditEvent
        {
            Kind = AuditKind.AdminChange,
            Organisation = requester.Organisation,
            Time = clock.Microseconds(),
            By = requester.By,
            Peer = requester.Peer,
            Allowed = false,
            Code = problem.Code == ReasonCode.TooLarge.ToText() ? ReasonCode.TooLarge : ReasonCode.MalformedRequest,
            Action = $"{http.Request.Method} refused: {problem.Code}",
            // The template, not the path: what was refused may be anything.
            Target = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText,
        };
        audit.Append(record);
        await record.Durable();
        return answer;
    }
}
