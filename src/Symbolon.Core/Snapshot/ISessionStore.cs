using Symbolon.Core.Audit;
using Symbolon.Core.Identity;

namespace Symbolon.Core.Snapshot;

/// <summary>
/// Who is signed in to the console, and the links that let somebody in once, for every node of one store: what one node opens or ends,
/// the others see with their next read. A record and what it tells of are one transaction.
/// </summary>
public interface ISessionStore
{
    /// <summary>
    /// Stores it with its record. Sessions that are over go; where there are <paramref name="most"/>, the one that ends first makes room.
    /// </summary>
    /// <param name="link">The link that is used up by it. The session is then one of the node that made the link, wherever it was used.</param>
    /// <returns>False where the link is unknown, used or over: nothing is stored then.</returns>
    /// <exception cref="StoreUnavailableException">It is not stored, and nobody is signed in.</exception>
    Task<bool> OpenAsync(OrganisationId organisation, StoredSession session, TokenHash? link, int most, AuditEvent record, CancellationToken cancellation);

    /// <summary>One indexed read.</summary>
    /// <param name="now">Microseconds since the Unix epoch.</param>
    /// <returns>The session if it lives, or null.</returns>
    Task<StoredSession?> FindAsync(OrganisationId organisation, TokenHash id, long now, CancellationToken cancellation);

    /// <summary>Those that live, the newest first.</summary>
    Task<IReadOnlyList<StoredSession>> ListAsync(OrganisationId organisation, long now, CancellationToken cancellation);

    /// <summary>Ends one. When it returns, no node takes its cookie any more.</summary>
    /// <returns>False where there is none: nothing is recorded then.</returns>
    Task<bool> EndAsync(OrganisationId organisation, TokenHash id, AuditEvent record, CancellationToken cancellation);

    /// <summary>Ends those that this node opened in an earlier life.</summary>
    Task EndOfNodeAsync(string node, CancellationToken cancellation);

    /// <summary>Stores a link; the one that its node made before is dead.</summary>
    Task PutLinkAsync(OrganisationId organisation, StoredLink link, CancellationToken cancellation);

    /// <summary>Looking at a link uses nothing up.</summary>
    /// <param name="now">Microseconds since the Unix epoch.</param>
    /// <returns>Microseconds since the Unix epoch at which it ends, or null where it is not good.</returns>
    Task<long?> FindLinkAsync(OrganisationId organisation, TokenHash id, long now, CancellationToken cancellation);
}

/// <param name="Id">SHA-256 of the cookie's secret, which is nowhere else than in the browser.</param>
/// <param name="By">Who signed in.</param>
/// <param name="Node">Whose link or admin token opened it: it ends when that node starts again.</param>
/// <param name="OpenedAt">Microseconds since the Unix epoch.</param>
/// <param name="ExpiresAt">Microseconds since the Unix epoch; refused from this moment on.</param>
public sealed record StoredSession(TokenHash Id, string By, string Node, long OpenedAt, long ExpiresAt);

/// <summary>A link that lets somebody in once.</summary>
/// <param name="Id">SHA-256 of its secret.</param>
/// <param name="Node">Who made it.</param>
/// <param name="ExpiresAt">Microseconds since the Unix epoch; refused from this moment on.</param>
public sealed record StoredLink(TokenHash Id, string Node, long ExpiresAt);
