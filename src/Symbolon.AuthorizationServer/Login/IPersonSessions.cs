using Microsoft.AspNetCore.Http;

namespace Symbolon.AuthorizationServer.Login;

/// <summary>Who sits at the browser that sent a request: the console's sign-in, wired in where both are known.</summary>
public interface IPersonSessions
{
    /// <returns>The person who is signed in, or null: nobody, the admin token or its link (they are no person), a session that ended, or a user who was suspended since.</returns>
    /// <exception cref="Symbolon.Core.Snapshot.StoreUnavailableException">It cannot be looked up.</exception>
    ValueTask<PersonSession?> FindAsync(HttpContext http, CancellationToken cancellation);

    /// <param name="returnTo">Path and query on this origin, to which the browser is sent once a person has signed in.</param>
    /// <returns>Path and query of the sign-in page.</returns>
    string SignInAddress(string returnTo);
}
