using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Authorizations;
using Symbolon.Core.OAuth.Proofs;

namespace Symbolon.Core.Snapshot;

/// <summary>
/// Authorizations of people, and what is made of them: pushed requests, codes, refresh tokens, each by its hash only. Whether one of them was
/// revoked is no business of the store: the epochs say it. Every method throws <see cref="StoreUnavailableException"/> when the store is away.
/// </summary>
public interface IAuthorizationStore
{
    /// <summary>Does one step, with what it uses up and its records, in one transaction.</summary>
    Task<AuthorizationCommit> WriteAsync(
        OrganisationId organisation, AuthorizationWrite write, IReadOnlyList<ProofUse> uses, IReadOnlyList<AuditEvent> records, CancellationToken cancellation);

    /// <summary>
    /// Opens a pushed request for one browser: the first that comes in time has it, and may load it again until <paramref name="until"/>; nobody else.
    /// </summary>
    /// <param name="browser">SHA-256 of what only this browser has.</param>
    /// <param name="now">Microseconds since the Unix epoch.</param>
    /// <returns>Null when it is unknown, over, answered, another browser's or another client's.</returns>
    Task<PushedRequest?> OpenAsync(OrganisationId organisation, TokenHash request, ClientId client, TokenHash browser, long now, long until, CancellationToken cancellation);

    /// <returns>The code, used or not, with its authorization; null when it is unknown.</returns>
    Task<(AuthorizationCode Code, Authorization Authorization)?> FindCodeAsync(OrganisationId organisation, TokenHash code, CancellationToken cancellation);

    /// <returns>The token, used or not, with its authorization; null when it is unknown.</returns>
    Task<(RefreshToken Token, Authorization Authorization)?> FindRefreshAsync(OrganisationId organisation, TokenHash token, CancellationToken cancellation);

    Task<Authorization?> FindAsync(OrganisationId organisation, AuthorizationId id, CancellationToken cancellation);

    /// <summary>Those that have not run out, the youngest first; at most <paramref name="limit"/> (1 to 1001).</summary>
    /// <param name="after">Behind this one in the order; null from the beginning.</param>
    /// <param name="now">Microseconds since the Unix epoch.</param>
    Task<IReadOnlyList<Authorization>> ListAsync(
        OrganisationId organisation, AuthorizationQuery query, AuthorizationMark? after, long now, int limit, CancellationToken cancellation);
}
