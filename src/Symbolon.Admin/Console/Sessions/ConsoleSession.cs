using Symbolon.Core.Identity;

namespace Symbolon.Admin.Console.Sessions;

/// <param name="Id">SHA-256 of the cookie's secret, which is nowhere else than in the browser.</param>
/// <param name="By">Who signed in.</param>
/// <param name="Expires">The session is refused from this moment on.</param>
internal sealed record ConsoleSession(TokenHash Id, string By, DateTimeOffset Expires);
