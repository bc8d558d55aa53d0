using Symbolon.Admin.Access;
using Symbolon.Admin.Api;
using Symbolon.Admin.Revocations;
using Symbolon.AuthorizationServer.Accounts;
using Symbolon.Core;
using Symbolon.Core.Accounts;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Identities;

/// <summary>People, agents and workflows as the API and the console show them: with their live tokens, when they were last seen, and what grants open for them.</summary>
internal sealed class IdentityReads(Configuration configuration, IConfigurationStore store, IHolderStore holders, IAccountStore accounts, AccessReads access, TimeProvider clock)
{
    /// <summary>By name; one more than the limit where there are more.</summary>
    /// <param name="part">Found anywhere in the name or the owner, without case; null for any.</param>
    public async Task<IReadOnlyList<IdentityResponse>> ListAsync(
        OrganisationId organisation, ObjectKind kind, string? part, string? after, int limit, CancellationToken cancellation)
    {
        var page = configuration.Identities(organisation, kind)
            .Where(identity => (after is null || string.CompareOrdinal(identity.Key.Name, after) > 0) && (part is null || Has(identity.Key.Name, part) || Has(identity.Owner, part)))
            .OrderBy(identity => identity.Key.Name, StringComparer.Ordinal).Take(limit + 1).ToList();
        var use = await UseAsync(organisation, KindOf(kind), [.. page.Select(identity => identity.Key.Name)], cancellation);
        return [.. page.Select(identity => Shown(identity, null, use))];
    }

    /// <summary>From memory, without a version, while the store cannot be asked.</summary>
    public async Task<IdentityResponse?> FindAsync(OrganisationId organisation, ObjectKey key, CancellationToken cancellation)
    {
        if (!ObjectName.IsValid(key.Name)) return null;
        var (identity, version) = await StoredObject.FindAsync(store, organisation, key, () => configuration.Identity(organisation, key), cancellation);
        return identity is null ? null : await ShownAsync(organisation, identity, version, cancellation);
    }

    public async Task<IdentityResponse> ShownAsync(OrganisationId organisation, IdentityObject identity, long? version, CancellationToken cancellation) =>
        Shown(identity, version, await UseAsync(organisation, KindOf(identity.Key.Kind), [identity.Key.Name], cancellation));

    /// <summary>People are known by their accounts and by the grants and tokens that name them; by address, one more than the limit where there are more.</summary>
    public async Task<IReadOnlyList<UserResponse>> PeopleAsync(OrganisationId organisation, string? part, string? after, int limit, CancellationToken cancellation)
    {
        var text = part?.ToLowerInvariant();
        var now = clock.Microseconds();
        var named = configuration.Grants(organisation).Where(grant => grant.EndsAt > now).SelectMany(grant => grant.To.Users)
            .Where(user => user != "*" && (after is null || string.CompareOrdinal(user, after) > 0) && (text is null || Has(user, text)));
        var known = (await accounts.ListAsync(organisation, text, after, limit + 1, cancellation)).ToDictionary(account => account.Email.Value);
        var people = named.Union(await holders.PeopleAsync(organisation, text, after, limit + 1, cancellation)).Union(known.Keys).Order(StringComparer.Ordinal).Take(limit + 1).ToList();
        return await ShownAsync(organisation, people, known, cancellation);
    }

    /// <returns>Null for somebody who has no account, and whom no live grant and no token names.</returns>
    public async Task<UserResponse?> FindPersonAsync(OrganisationId organisation, string address, CancellationToken cancellation)
    {
        if (!UserEmail.TryParse(address, out var email)) return null;
        var now = clock.Microseconds();
        var account = await accounts.FindAsync(organisation, email, cancellation);
        var isNamed = account is not null || configuration.Grants(organisation).Any(grant => grant.EndsAt > now && grant.To.Users.Contains(email.Value));
        if (!isNamed && (await holders.TokensAsync(organisation, HolderKind.User, [email.Value], now, cancellation)).Count == 0) return null;
        return (await ShownAsync(organisation, [email.Value], account is null ? [] : new() { [email.Value] = account }, cancellation))[0];
    }

    /// <summary>A person after a change of the account.</summary>
    public async Task<ChangedUserResponse> ChangedAsync(OrganisationId organisation, AccountChange change, CancellationToken cancellation)
    {
        var person = (await ShownAsync(organisation, [change.Account.Email.Value], new() { [change.Account.Email.Value] = change.Account }, cancellation))[0];
        return new ChangedUserResponse(person.Email, person.LiveTokens, person.LastSeenAt, person.Reach)
        {
            Account = person.Account,
            SetPasswordPath = change.LinkSecret is { } secret ? SetPasswordPath.Of(secret) : null,
            Revocation = change.Revoked is { } revoked ? RevocationEndpoints.Of(revoked) : null,
        };
    }

    private async Task<IReadOnlyList<UserResponse>> ShownAsync(OrganisationId organisation, List<string> people, Dictionary<string, Account> known, CancellationToken cancellation)
    {
        var use = await UseAsync(organisation, HolderKind.User, people, cancellation);
        return [.. people.Select(person => new UserResponse(person, use.LiveTokens(person), use.LastSeen(person), use.Reach[person])
        {
            Account = known.TryGetValue(person, out var account) ? Shown(account, clock.Microseconds()) : null,
        })];
    }

    private static AccountResponse Shown(Account account, long now) => new(
        account.Name,
        account.IsAdministrator ? UserEndpoints.Administrator : UserEndpoints.Member,
        account.IsSuspended ? "suspended" : account.Password is null ? "invited" : "active",
        UnixTime.FromMicroseconds(account.CreatedAt),
        account.LastSignInAt is { } at ? UnixTime.FromMicroseconds(at) : null,
        account.Link is { } link && link.EndsAt > now ? UnixTime.FromMicroseconds(link.EndsAt) : null,
        StateChangeResponse.Of(account.LastChange)!,
        account.Version);

    private async Task<Use> UseAsync(OrganisationId organisation, HolderKind kind, List<string> names, CancellationToken cancellation)
    {
        var reach = access.Reach(organisation, kind, names);
        try
        {
            return new Use(reach, (await holders.TokensAsync(organisation, kind, names, clock.Microseconds(), cancellation)).ToDictionary(tokens => tokens.Name));
        }
        catch (StoreUnavailableException)
        {
            return new Use(reach, null);
        }
    }

    private static IdentityResponse Shown(IdentityObject identity, long? version, Use use) => new()
    {
        Name = identity.Key.Name,
        Owner = identity.Owner,
        State = identity.State.ToText(),
        Labels = identity.Labels.ToDictionary(),
        Keys = identity.Keys.IsEmpty ? null : identity.KeyThumbprints,
        Federation = FederationResponse.Of(identity.Federation),
        LiveTokens = use.LiveTokens(identity.Key.Name),
        LastSeenAt = use.LastSeen(identity.Key.Name),
        Reach = use.Reach[identity.Key.Name],
        LastChange = StateChangeResponse.Of(identity.LastChange),
        Version = version,
    };

    private static bool Has(string value, string part) => value.Contains(part, StringComparison.OrdinalIgnoreCase);

    private static HolderKind KindOf(ObjectKind kind) => kind == ObjectKind.Agent ? HolderKind.Agent : HolderKind.Workflow;

    /// <param name="Tokens">Null while the store cannot be asked.</param>
    private sealed record Use(IReadOnlyDictionary<string, EffectCountsResponse> Reach, Dictionary<string, HolderTokens>? Tokens)
    {
        public long? LiveTokens(string name) => Tokens is null ? null : Tokens.GetValueOrDefault(name)?.Live ?? 0;

        public DateTimeOffset? LastSeen(string name) => Tokens?.GetValueOrDefault(name)?.LastUsedAt is { } at ? UnixTime.FromMicroseconds(at) : null;
    }
}
