using Symbolon.Core.Accounts;
using Symbolon.Core.Identity;
using Symbolon.Core.Revocation;

namespace Symbolon.AuthorizationServer.Accounts;

/// <summary>Whether somebody who signed in once still is: asked at every request of a session or a command line, of the store and the epochs.</summary>
public sealed class LivePeople(IAccountStore accounts, EpochTable epochs)
{
    /// <param name="signedInAt">Microseconds since the Unix epoch.</param>
    /// <returns>The account as it is now; null where it is suspended or gone, its password was reset since, or all that was issued to the person was revoked.</returns>
    /// <exception cref="Core.Snapshot.StoreUnavailableException">It cannot be looked up.</exception>
    public async Task<Account?> FindAsync(OrganisationId organisation, UserEmail email, long signedInAt, CancellationToken cancellation)
    {
        if (IsEnded(RevocationLevel.User, email.Value) || IsEnded(RevocationLevel.Organisation, organisation.Value)) return null;
        return await accounts.FindAsync(organisation, email, cancellation) is { IsSuspended: false } account && signedInAt > account.NotBefore ? account : null;

        bool IsEnded(RevocationLevel level, string target) => epochs.Find(organisation, level, target) is { } epoch && signedInAt <= epoch.NotBefore;
    }
}
