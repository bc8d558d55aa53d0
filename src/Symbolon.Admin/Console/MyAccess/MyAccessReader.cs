using Symbolon.Admin.Access;
using Symbolon.Admin.Logins;
using Symbolon.AuthorizationServer.CommandLine;
using Symbolon.Core;
using Symbolon.Core.Accounts;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Authorizations;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Console.MyAccess;

/// <summary>What somebody's own page shows.</summary>
/// <param name="NextGrants">Where the next grants begin; null where there are none.</param>
/// <param name="NextTokens">The same of tokens.</param>
/// <param name="Clients">What the person let clients call, the youngest first; what was ended is left out.</param>
/// <param name="NextClients">The same of clients.</param>
/// <param name="CommandLines">Those that act for the person.</param>
public sealed record MyAccessModel(
    IReadOnlyList<AccessResponse> Tokens, string? NextTokens, IReadOnlyList<AccessResponse> Grants, string? NextGrants, IReadOnlyList<Authorization> Clients, string? NextClients, IReadOnlyList<LoginResponse> CommandLines, DateTimeOffset Now);

/// <summary>Reads what is one person's own, as the API reads it for administrators.</summary>
internal sealed class MyAccessReader(AccessReads access, IAuthorizationStore authorizations, IAccountStore accounts, EpochTable epochs, AdminLogins logins, TimeProvider clock)
{
    private const int AtOnce = 25;

    /// <summary>Authorizations that are read at once, and how often for one page: whoever has more that were ended sees what is behind them on the next one.</summary>
    private const int ReadAtOnce = 200;
    private const int MostReads = 10;

    public async Task<MyAccessModel> ReadAsync(OrganisationId organisation, UserEmail person, string? afterGrants, string? afterTokens, string? afterClients, CancellationToken cancellation)
    {
        var subject = AccessSubject.Of(HolderKind.User, person.Value);
        var (tokens, nextTokens) = await PageAsync(organisation, subject, AccessReads.ByToken, afterTokens, cancellation);
        var (grants, nextGrants) = await PageAsync(organisation, subject, AccessReads.ByGrant, afterGrants, cancellation);
        var (clients, nextClients) = await ClientsAsync(organisation, person, afterClients, cancellation);
        var lines = await logins.ListAsync(organisation, person, cancellation);
        return new MyAccessModel(tokens, nextTokens, grants, nextGrants, clients, nextClients, [.. lines.Select(LoginEndpoints.Of)], clock.GetUtcNow());
    }

    /// <summary>The store does not know what was ended, so what lives is looked for behind it.</summary>
    private async Task<(IReadOnlyList<Authorization> Live, string? Next)> ClientsAsync(OrganisationId organisation, UserEmail person, string? after, CancellationToken cancellation)
    {
        var since = (await accounts.FindAsync(organisation, person, cancellation))?.NotBefore ?? 0;
        var seen = after is not null && AuthorizationId.IsValid(after) ? await authorizations.FindAsync(organisation, new AuthorizationId(after), cancellation) : null;
        if (seen?.Holder.User != person) seen = null;
        var live = new List<Authorization>();
        for (var reads = 0; reads < MostReads; reads++)
        {
            var found = await authorizations.ListAsync(organisation, person, null, seen, clock.Microseconds(), ReadAtOnce, cancellation);
            foreach (var each in found.TakeWhile(each => each.CreatedAt > since))
            {
                if (!epochs.IsRevoked(each))
                {
                    if (live.Count == AtOnce) return (live, seen!.Id.Value);
                    live.Add(each);
                }
                seen = each;
            }
            if (found.Count < ReadAtOnce || found[^1].CreatedAt <= since) return (live, null);
        }
        return (live, seen!.Id.Value);
    }

    private async Task<(IReadOnlyList<AccessResponse> Entries, string? Next)> PageAsync(OrganisationId organisation, AccessSubject subject, string by, string? after, CancellationToken cancellation)
    {
        var found = await access.ListAsync(organisation, subject, by, after, AtOnce, cancellation);
        return found.Count <= AtOnce ? (found, null) : (found.Take(AtOnce).ToList(), AccessReads.CursorOf(found[AtOnce - 1]));
    }
}
