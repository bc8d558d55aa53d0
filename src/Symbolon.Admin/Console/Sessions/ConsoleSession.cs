using Symbolon.Admin.Api;
using Symbolon.Core.Accounts;
using Symbolon.Core.Identity;

namespace Symbolon.Admin.Console.Sessions;

/// <param name="Id">SHA-256 of the cookie's secret, which is nowhere else than in the browser.</param>
/// <param name="By">Who signed in: a person's address, or the bootstrap administrator.</param>
/// <param name="Expires">The session is refused from this moment on.</param>
internal sealed record ConsoleSession(TokenHash Id, string By, DateTimeOffset Expires)
{
    /// <summary>The account as it is at this request; null for the admin token and its link, which are no person.</summary>
    public Account? Person { get; init; }

    public bool IsAdministrator => Person?.IsAdministrator ?? By == AdminGate.Bootstrap;

    public DateTimeOffset SignedInAt => Expires - ConsoleSessions.Lifetime;
}
