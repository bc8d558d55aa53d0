using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Policy;
using Symbolon.Core.Redaction;

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
            Code = CodeOf(problem, http),
            Action = $"{http.Request.Method} refused: {problem.Code}",
            Target = TargetOf(http),
        };
        audit.Append(record);
        await record.Durable();
        return answer;
    }

    /// <summary>The code that fits, or null where none of the closed list does: the action has the error's own.</summary>
    private static ReasonCode? CodeOf(ProblemAnswer problem, HttpContext http) => problem.Status switch
    {
        _ when ReasonCodes.TryParse(problem.Code, out var code) => code,
        StatusCodes.Status404NotFound when http.Request.Path.StartsWithSegments("/api/v1/servers") => ReasonCode.UnknownServer,
        StatusCodes.Status400BadRequest or StatusCodes.Status415UnsupportedMediaType or StatusCodes.Status422UnprocessableEntity => ReasonCode.MalformedRequest,
        _ => null,
    };

    /// <summary>
    /// The route, with what was asked for in the place of its parameters where that is a name or an id. Anything else stays a
    /// parameter: it may be a secret in the wrong place.
    /// </summary>
    private static string? TargetOf(HttpContext http)
    {
        if ((http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText is not { } target) return null;
        foreach (var (name, value) in http.Request.RouteValues)
            if (value is string asked && IsRecordable(asked)) target = target.Replace($"{{{name}}}", asked, StringComparison.Ordinal);
        return target;
    }

    private static bool IsRecordable(string asked) => (ObjectName.IsValid(asked) || TokenId.IsValid(asked)) && !SecretText.HoldsSecret(asked);
}
