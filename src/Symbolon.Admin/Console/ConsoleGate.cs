using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Console.Layout;
using Symbolon.Admin.Console.Sessions;
using Symbolon.Admin.Console.SignIn;
using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;

namespace Symbolon.Admin.Console;

/// <summary>
/// Lets who is signed in pass: administrators everywhere, everybody else to what is their own. Anybody else gets the sign-in page in the place
/// of the page, with 401. A POST besides needs the form's token, which is bound to the session.
/// </summary>
internal sealed class ConsoleGate(ConsoleSessions sessions, SessionCookie cookie, IAntiforgery forms, IRefusalLog refusals, IAuditLog audit, TimeProvider clock) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (cookie.Read(http) is not { } secret || await sessions.FindAsync(secret, http.RequestAborted) is not { } session)
        {
            refusals.Record(OrganisationId.Default, http.Connection.RemoteIpAddress, ReasonCode.Unauthenticated);
            return HttpMethods.IsPost(http.Request.Method) ? SignInAnswer.Ended(http, forms) : SignInAnswer.Page(http, forms, StatusCodes.Status401Unauthorized);
        }
        http.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, Convert.ToHexString(session.Id.ToBytes()))], "console"));
        http.Features.Set(session);
        http.Features.Set(new Requester(OrganisationId.Default, session.By, http.Connection.RemoteIpAddress?.ToString()));
        if (session.IsAdministrator || http.GetEndpoint()?.Metadata.GetMetadata<RouteAccess>() is RouteAccess.Person) return await next(context);
        return http.Request.Path == "/" && HttpMethods.IsGet(http.Request.Method) ? ConsolePages.SeeOther(http, Navigation.MyAccess) : await RefuseAsync(http, session);
    }

    private async Task<IResult> RefuseAsync(HttpContext http, ConsoleSession session)
    {
        if (HttpMethods.IsGet(http.Request.Method)) refusals.Record(OrganisationId.Default, http.Connection.RemoteIpAddress, ReasonCode.NotGranted);
        else
        {
            var record = new AuditEvent
            {
                Kind = AuditKind.AdminChange,
                Time = clock.Microseconds(),
                By = session.By,
                User = session.By,
                Peer = http.Connection.RemoteIpAddress?.ToString(),
                Allowed = false,
                Code = ReasonCode.NotGranted,
                Action = "form refused: not_granted",
                Target = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText,
            };
            audit.Append(record);
            await record.Durable();
        }
        return ConsolePages.Page<PlainPage>(http, forms, new()
        {
            ["Title"] = "For administrators",
            ["Text"] = $"{session.By} is a member here, and this page is for administrators. Nothing was changed. (not_granted)",
            ["Back"] = (Navigation.MyAccess, "My access"),
        }, StatusCodes.Status403Forbidden);
    }
}
