using Symbolon.Core.Identity;

namespace Symbolon.Core.Snapshot;

/// <summary>Who is signed in to the console, for every node of one store: what one node opens or ends, the others see with their next read.</summary>
public interface ISessionStore
{
    /// <summary>Stores it. Sessions that are over go; where there are <paramref name="most"/>, the one that ends first makes room.</summary>
    /// <exception cref="StoreUnavailableException">It is not stored, and nobody is signed in.</exception>
    Task OpenAsync(OrganisationId organisation, StoredSession session, int most, CancellationToken cancellation);

    /// <summary>One indexed read.</summary>
    /// <param name="now">Microseconds since the Unix epoch.</param>
    /// <returns>The session if it lives, or null.</returns>
    Task<StoredSession?> FindAsync(OrganisationId organisation, TokenHash id, long now, CancellationToken cancellation);

    /// <summary>Ends one. When it returns, no node takes its cookie any more.</summary>
    Task EndAsync(OrganisationId organisation, TokenHash id, CancellationToken cancellation);

    /// <summary>Ends those that this node opened in an earlier life.</summary>
    Task EndOfNodeAsync(string node, CancellationToken cancellation);
}

/// <param name="Id">SHA-256 of the cookie's secret, which is nowhere else than in the browser.</param>
/// <param name="By">Who signed in.</param>
/// <param name="Node">Where.</param>
/// <param name="ExpiresAt">Microseconds since the Unix epoch; refused from this moment on.</param>
public sealed record StoredSession(TokenHash Id, string By, string Node, long ExpiresAt);
