using Microsoft.AspNetCore.Http;
using Symbolon.Admin.Console.Layout;
using Symbolon.AuthorizationServer.Login;
using Symbolon.Core;
using Symbolon.Core.Identity;

namespace Symbolon.Admin.Console.Sessions;

/// <summary>Tells the authorization server who is signed in to the console: people alone, no admin token.</summary>
internal sealed class PersonSessions(ConsoleSessions sessions, SessionCookie cookie) : IPersonSessions
{
    public async ValueTask<PersonSession?> FindAsync(HttpContext http, CancellationToken cancellation) =>
        cookie.Read(http) is { } secret && await sessions.FindAsync(secret, cancellation) is { Person: { } person } session
            ? new PersonSession(OrganisationId.Default, person.Email, session.Id, UnixTime.ToMicroseconds(session.SignedInAt))
            : null;

    public string SignInAddress(string returnTo) => Addresses.Of("/sign-in", ("to", returnTo));
}
