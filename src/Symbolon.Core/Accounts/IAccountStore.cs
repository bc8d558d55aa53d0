using Symbolon.Core.Audit;
using Symbolon.Core.Identity;

namespace Symbolon.Core.Accounts;

/// <summary>The accounts of people, for every node of one store. Each read is of the store, so that what one node changes acts on all at once.</summary>
public interface IAccountStore
{
    /// <summary>One indexed read.</summary>
    /// <exception cref="Snapshot.StoreUnavailableException">It cannot be looked up.</exception>
    Task<Account?> FindAsync(OrganisationId organisation, UserEmail email, CancellationToken cancellation);

    /// <returns>The account whose password this link sets, whether or not the link has ended.</returns>
    /// <inheritdoc cref="FindAsync"/>
    Task<Account?> FindByLinkAsync(OrganisationId organisation, TokenHash link, CancellationToken cancellation);

    /// <summary>By address, after <paramref name="after"/>.</summary>
    /// <param name="part">A part of the address, lower-cased; null for any.</param>
    /// <param name="limit">1 to 1001.</param>
    Task<IReadOnlyList<Account>> ListAsync(OrganisationId organisation, string? part, string? after, int limit, CancellationToken cancellation);

    /// <summary>
    /// Creates the account (version 0) or puts this in the place of exactly its version, and appends the records in the same transaction. Who is no
    /// administrator has no command lines: those that are there end with it.
    /// </summary>
    /// <param name="endsIssued">All that was issued to the person up to the account's <see cref="Account.NotBefore"/> is revoked in the same transaction, and this node knows it when it returns.</param>
    /// <returns>The configuration's revision that has the revocation, 0 without one; null when another version is there: nothing is written then.</returns>
    /// <exception cref="Snapshot.StoreUnavailableException">Nothing was changed.</exception>
    Task<long?> TryPutAsync(OrganisationId organisation, Account account, bool endsIssued, IReadOnlyList<AuditEvent> records, CancellationToken cancellation);

    /// <summary>Notes that somebody signed in to exactly this version, and forgets the attempts before it.</summary>
    /// <param name="rehashed">Takes the place of the password; null leaves it.</param>
    /// <returns>False when the account was changed meanwhile: nothing is written, and nobody is signed in.</returns>
    /// <exception cref="Snapshot.StoreUnavailableException">Nobody is signed in.</exception>
    Task<bool> TrySignInAsync(OrganisationId organisation, Account account, string? rehashed, SignInAttempt attempt, CancellationToken cancellation);
}
