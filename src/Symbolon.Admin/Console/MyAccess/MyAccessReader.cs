using Symbolon.Admin.Access;
using Symbolon.Admin.Logins;
using Symbolon.AuthorizationServer.CommandLine;
using Symbolon.Core;
using Symbolon.Core.Accounts;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth.Authorizations;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Console.MyAccess;

/// <summary>What somebody's own page shows.</summary>
/// <param name="NextGrants">Where the next grants begin; null where there are none.</param>
/// <param name="NextTokens">The same of tokens.</param>
/// <param name="Clients">What the person let clients call, the youngest first; what was ended is left out.</param>
/// <param name="CommandLines">Those that act for the person.</param>
public sealed record MyAccessModel(
    IReadOnlyList<AccessResponse> Tokens, string? NextTokens, IReadOnlyList<AccessResponse> Grants, string? NextGrants, IReadOnlyList<Authorization> Clients, IReadOnlyList<LoginResponse> CommandLines, DateTimeOffset Now);

/// <summary>Reads what is one person's own, as the API reads it for administrators.</summary>
internal sealed class MyAccessReader(AccessReads access, IAuthorizationStore authorizations, IAccountStore accounts, EpochTable epochs, AdminLogins logins, TimeProvider clock)
{
    private const int AtOnce = 25;
    private const int MostClients = 200;

    public async Task<MyAccessModel> ReadAsync(OrganisationId organisation, UserEmail person, string? afterGrants, string? afterTokens, CancellationToken cancellation)
    {
        var subject = AccessSubject.Of(HolderKind.User, person.Value);
        var (tokens, nextTokens) = await PageAsync(organisation, subject, AccessReads.ByToken, afterTokens, cancellation);
        var (grants, nextGrants) = await PageAsync(organisation, subject, AccessReads.ByGrant, afterGrants, cancellation);
        var clients = await authorizations.ListAsync(organisation, person, null, null, clock.Microseconds(), MostClients, cancellation);
        var since = (await accounts.FindAsync(organisation, person, cancellation))?.NotBefore ?? 0;
        var lines = await logins.ListAsync(organisation, person, cancellation);
        return new MyAccessModel(tokens, nextTokens, grants, nextGrants, [.. clients.Where(client => client.CreatedAt > since && !epochs.IsRevoked(client))], [.. lines.Select(LoginEndpoints.Of)], clock.GetUtcNow());
    }

    private async Task<(IReadOnlyList<AccessResponse> Entries, string? Next)> PageAsync(OrganisationId organisation, AccessSubject subject, string by, string? after, CancellationToken cancellation)
    {
        var found = await access.ListAsync(organisation, subject, by, after, AtOnce, cancellation);
        return found.Count <= AtOnce ? (found, null) : (found.Take(AtOnce).ToList(), AccessReads.CursorOf(found[AtOnce - 1]));
    }
}
