using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Symbolon.Admin.Console.Sessions;
using Symbolon.Admin.Console.SignIn;
using Symbolon.Core.Audit;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;

namespace Symbolon.Admin.Console;

/// <summary>
/// Lets who is signed in pass; anybody else gets the sign-in page in the place of the page, with 401. A POST besides needs the form's
/// token, which is bound to the session.
/// </summary>
internal sealed class ConsoleGate(ConsoleSessions sessions, SessionCookie cookie, IAntiforgery forms, IRefusalLog refusals) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (cookie.Read(http) is not { } secret || await sessions.FindAsync(secret, http.RequestAborted) is not { } session)
        {
            refusals.Record(OrganisationId.Default, http.Connection.RemoteIpAddress, ReasonCode.Unauthenticated);
            return SignInAnswer.Page(http, forms, StatusCodes.Status401Unauthorized, HttpMethods.IsPost(http.Request.Method)
                ? "Your session has ended, and nothing was changed. Sign in, go back to the form, and send it again." : null);
        }
        http.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, Convert.ToHexString(session.Id.ToBytes()))], "console"));
        http.Features.Set(session);
        http.Features.Set(new Requester(OrganisationId.Default, session.By, http.Connection.RemoteIpAddress?.ToString()));
        return await next(context);
    }
}
