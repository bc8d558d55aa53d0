using Symbolon.Admin.Access;
using Symbolon.Admin.Authorizations;
using Symbolon.Admin.Console.Consents;
using Symbolon.Admin.Logins;
using Symbolon.AuthorizationServer.CommandLine;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Console.MyAccess;

/// <summary>What somebody's own page shows.</summary>
/// <param name="NextGrants">Where the next grants begin; null where there are none.</param>
/// <param name="NextTokens">The same of tokens.</param>
/// <param name="Clients">What the person let clients call, the youngest first; what was ended is left out.</param>
/// <param name="NextClients">The same of clients.</param>
/// <param name="CommandLines">Those that act for the person.</param>
public sealed record MyAccessModel(
    IReadOnlyList<AccessResponse> Tokens, string? NextTokens, IReadOnlyList<AccessResponse> Grants, string? NextGrants, IReadOnlyList<AuthorizationResponse> Clients, string? NextClients,
    IReadOnlyList<LoginResponse> CommandLines, DateTimeOffset Now);

/// <summary>Reads what is one person's own, as the API reads it for administrators.</summary>
internal sealed class MyAccessReader(AccessReads access, ConsentForms consents, AdminLogins logins, TimeProvider clock)
{
    private const int AtOnce = 25;

    public async Task<MyAccessModel> ReadAsync(OrganisationId organisation, UserEmail person, string? afterGrants, string? afterTokens, string? afterClients, CancellationToken cancellation)
    {
        var subject = AccessSubject.Of(HolderKind.User, person.Value);
        var (tokens, nextTokens) = await PageAsync(organisation, subject, AccessReads.ByToken, afterTokens, cancellation);
        var (grants, nextGrants) = await PageAsync(organisation, subject, AccessReads.ByGrant, afterGrants, cancellation);
        var (clients, nextClients) = await consents.ReadAsync(organisation, new AuthorizationQuery { User = person }, afterClients, cancellation);
        var lines = await logins.ListAsync(organisation, person, cancellation);
        return new MyAccessModel(tokens, nextTokens, grants, nextGrants, clients, nextClients, [.. lines.Select(LoginEndpoints.Of)], clock.GetUtcNow());
    }

    private async Task<(IReadOnlyList<AccessResponse> Entries, string? Next)> PageAsync(OrganisationId organisation, AccessSubject subject, string by, string? after, CancellationToken cancellation)
    {
        var found = await access.ListAsync(organisation, subject, by, after, AtOnce, cancellation);
        return found.Count <= AtOnce ? (found, null) : (found.Take(AtOnce).ToList(), AccessReads.CursorOf(found[AtOnce - 1]));
    }
}
