using Symbolon.Admin.Access;
using Symbolon.Admin.Api;
using Symbolon.Admin.Authorizations;
using Symbolon.Admin.Console.Consents;
using Symbolon.Admin.Identities;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Console.PeoplePages;

/// <summary>What the page of one person, agent or workflow shows.</summary>
/// <param name="Version">Of the object; null for a person, and while the store cannot be asked.</param>
/// <param name="NextGrants">Where the next grants begin; null where there are none.</param>
/// <param name="NextTokens">The same of tokens.</param>
public sealed record PersonPageModel(
    PersonRow Row, StateChangeResponse? LastChange, long? Version, IReadOnlyDictionary<string, string> Labels,
    IReadOnlyList<AccessResponse> Grants, string? NextGrants, IReadOnlyList<AccessResponse> Tokens, string? NextTokens, DateTimeOffset Now)
{
    /// <summary>The person's sign-in here; null for who has none, and for agents and workflows.</summary>
    public AccountResponse? Account { get; init; }

    /// <summary>What the person let clients call; null for agents and workflows.</summary>
    public IReadOnlyList<AuthorizationResponse>? Clients { get; init; }

    /// <summary>Where the next of them begin; null where there are none.</summary>
    public string? NextClients { get; init; }
}

/// <summary>Reads it through the same ports as the API.</summary>
internal sealed class PersonPageReader(IdentityReads identities, AccessReads access, ConsentForms consents, TimeProvider clock)
{
    private const int AtOnce = 15;

    /// <returns>Null for nobody.</returns>
    public async Task<PersonPageModel?> ReadAsync(
        OrganisationId organisation, HolderKind kind, string name, string? afterGrants, string? afterTokens, CancellationToken cancellation, string? afterClients = null)
    {
        PersonRow row;
        IdentityResponse? identity = null;
        AccountResponse? account = null;
        if (kind == HolderKind.User)
        {
            if (await identities.FindPersonAsync(organisation, name, cancellation) is not { } person) return null;
            (row, account) = (PersonRow.Of(person), person.Account);
        }
        else
        {
            identity = await identities.FindAsync(organisation, new ObjectKey(kind == HolderKind.Agent ? ObjectKind.Agent : ObjectKind.Workflow, name), cancellation);
            if (identity is null) return null;
            row = PersonRow.Of(kind, identity);
        }
        var subject = AccessSubject.Of(kind, row.Name);
        var (grants, nextGrants) = await PageAsync(organisation, subject, AccessReads.ByGrant, afterGrants, cancellation);
        var (tokens, nextTokens) = await PageAsync(organisation, subject, AccessReads.ByToken, afterTokens, cancellation);
        var (clients, nextClients) = kind == HolderKind.User
            ? await consents.ReadAsync(organisation, new AuthorizationQuery { User = UserEmail.Parse(row.Name) }, afterClients, cancellation) : (null, null);
        return new PersonPageModel(row, identity?.LastChange ?? account?.LastChange, identity?.Version, identity?.Labels ?? new Dictionary<string, string>(), grants, nextGrants, tokens, nextTokens, clock.GetUtcNow()) { Account = account, Clients = clients, NextClients = nextClients };
    }

    private async Task<(IReadOnlyList<AccessResponse> Entries, string? Next)> PageAsync(
        OrganisationId organisation, AccessSubject subject, string by, string? after, CancellationToken cancellation)
    {
        var found = await access.ListAsync(organisation, subject, by, after, AtOnce, cancellation);
        return found.Count <= AtOnce ? (found, null) : (found.Take(AtOnce).ToList(), AccessReads.CursorOf(found[AtOnce - 1]));
    }
}
