using Symbolon.AuthorizationServer.Revocation;
using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Authorizations;
using Symbolon.Core.Revocation;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.Families;

/// <summary>What people let clients call, for those who look at it and end it. Every end is a revocation with its own record.</summary>
public sealed class AuthorizationDesk(IAuthorizationStore store, LiveAuthorizations live, Revoker revoker, TimeProvider clock)
{
    private const int AtOnce = 500;

    /// <summary>An answer must not wait for the reading of a whole store.</summary>
    private const int MostRead = 10_000;

    /// <summary>Whether there is something to end.</summary>
    public bool IsAlive(Authorization authorization) => !live.IsEnded(authorization);

    /// <exception cref="StoreUnavailableException">It cannot be looked up.</exception>
    public Task<Authorization?> FindAsync(OrganisationId organisation, AuthorizationId id, CancellationToken cancellation) => store.FindAsync(organisation, id, cancellation);

    /// <summary>The youngest first, of those that have not run out.</summary>
    /// <param name="isLive">Only those that live, or only those that were ended; null for both.</param>
    /// <returns>At most <paramref name="limit"/>, fewer where much had to be passed over; and where the rest begins, null for nowhere.</returns>
    /// <exception cref="StoreUnavailableException">They cannot be read.</exception>
    public async Task<(IReadOnlyList<Authorization> Found, AuthorizationMark? Next)> ListAsync(
        OrganisationId organisation, AuthorizationQuery query, bool? isLive, AuthorizationMark? after, int limit, CancellationToken cancellation)
    {
        var found = new List<Authorization>();
        for (var read = 0; read < MostRead; read += AtOnce)
        {
            var page = await store.ListAsync(organisation, query, after, clock.Microseconds(), AtOnce, cancellation);
            foreach (var each in page.Where(each => isLive is null || IsAlive(each) == isLive))
            {
                if (found.Count == limit) return (found, AuthorizationMark.Of(found[^1]));
                found.Add(each);
            }
            if (page.Count < AtOnce) return (found, null);
            after = AuthorizationMark.Of(page[^1]);
        }
        return (found, after);
    }

    /// <summary>Ends every live one that the query finds, as many in a commit as are read at once.</summary>
    /// <exception cref="StoreUnavailableException">The rest cannot be read; what was found before is ended.</exception>
    public async Task<Result<RevokedAll>> EndAsync(Requester requester, AuthorizationQuery query, string? reason, CancellationToken cancellation)
    {
        var all = RevokedAll.Nothing;
        AuthorizationMark? after = null;
        do
        {
            (var found, after) = await ListAsync(requester.Organisation, query, isLive: true, after, AtOnce, cancellation);
            switch (await EndAsync(requester, found, reason))
            {
                case Result<RevokedAll>.Done { Value: var ended }: all = all.And(ended); break;
                case var refused: return refused;
            }
        }
        while (after is not null);
        return all;
    }

    /// <summary>Ends these, in one commit; one that is over already is none.</summary>
    public Task<Result<RevokedAll>> EndAsync(Requester requester, IEnumerable<Authorization> authorizations, string? reason) => revoker.RevokeAllAsync(
        requester, [.. authorizations.Where(IsAlive).Select(each => (new RevocationOrder(RevocationLevel.Authorization, each.Id.Value, reason), new RevocationTarget(each.Holder) { Authorization = each }))]);
}
