using System.Collections.Concurrent;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Authorizations;

namespace Symbolon.Core.Revocation;

/// <summary>What a revocation is aimed at.</summary>
public enum RevocationLevel
{
    Token,
    User,
    Agent,
    Workflow,
    Server,
    Organisation,

    /// <summary>An OAuth client, by its id.</summary>
    Client,

    /// <summary>One consent or refresh family, or what a machine client stands for at one server.</summary>
    Authorization,

    /// <summary>A key, by its thumbprint: what it signed is dead.</summary>
    Key,

    /// <summary>A grant: what it gave to anything issued so far is over. What other grants give stays.</summary>
    Grant,

    /// <summary>What a server has got for itself and for its calls, by the server's name: tokens at APIs that name it. What callers call it with stays.</summary>
    Credential,
}

/// <summary>Everything issued at or before <see cref="NotBefore"/> (microseconds since the Unix epoch) to this target is dead.</summary>
public sealed record Epoch(OrganisationId Organisation, RevocationLevel Level, string Target, long NotBefore);

/// <summary>
/// The not-before epochs, in memory, that only grow stricter. Read on each call, updated in place the moment a revocation is known.
/// </summary>
public sealed class EpochTable
{
    private static readonly Holder Nobody = new();

    private readonly ConcurrentDictionary<(OrganisationId, RevocationLevel, string), long> epochs = new();
    private long version;

    /// <summary>Grows with each change, so that a verified answer can be kept until then.</summary>
    public long Version => Volatile.Read(ref version);

    /// <summary>Raised after the table has changed, on the thread that changed it.</summary>
    public event Action<Epoch>? Raised;

    public void Raise(Epoch epoch)
    {
        var now = epochs.AddOrUpdate(
            (epoch.Organisation, epoch.Level, epoch.Target), epoch.NotBefore, (_, known) => Math.Max(known, epoch.NotBefore));
        Interlocked.Increment(ref version);
        if (now == epoch.NotBefore) Raised?.Invoke(epoch);
    }

    /// <summary>The epoch of one target as it is known now; null when it has none.</summary>
    public Epoch? Find(OrganisationId organisation, RevocationLevel level, string target) =>
        epochs.TryGetValue((organisation, level, target), out var notBefore) ? new Epoch(organisation, level, target, notBefore) : null;

    /// <summary>All of an organisation that came after this time, in microseconds since the Unix epoch.</summary>
    public IEnumerable<Epoch> After(OrganisationId organisation, long time) =>
        epochs.Where(epoch => epoch.Key.Item1 == organisation && epoch.Value > time).Select(epoch => new Epoch(organisation, epoch.Key.Item2, epoch.Key.Item3, epoch.Value));

    /// <summary>Whether the token is dead, for this server where one is named: the effective epoch is the maximum of all levels.</summary>
    public bool IsRevoked(TokenRecord token, ServerName? server = null)
    {
        if (token.IsRevoked) return true;
        var organisation = token.Organisation;
        if (Kills(organisation, RevocationLevel.Token, token.Id.Value, token.IssuedAt)) return true;
        if (token.OAuth is not { } binding) return IsRevoked(organisation, token.Holder, server, token.IssuedAt);
        var since = Since(token);
        return Kills(organisation, RevocationLevel.Key, binding.KeyId, token.IssuedAt)
            || IsRevoked(organisation, token.Holder, server, since) || IsRevoked(organisation, binding.Client, binding.Authorization, since);
    }

    /// <summary>
    /// Whether a token behind the gateway is dead: by all that kills the caller's token, for all that came of it, and by what kills the server's own. A token of the caller and a key
    /// that were ever revoked stay dead, whatever was made with them later.
    /// </summary>
    public bool IsRevoked(DownstreamToken token)
    {
        var (organisation, issued) = (token.Organisation, token.IssuedAt);
        var since = token.AuthorizedAt ?? issued;
        return Kills(organisation, RevocationLevel.Token, token.Id.Value, issued)
            || (token.Origin is { } origin && Find(organisation, RevocationLevel.Token, origin.Value) is not null)
            || Kills(organisation, RevocationLevel.Key, token.KeyId, issued) || (token.Key is { } key && Find(organisation, RevocationLevel.Key, key.ToString()) is not null)
            || IsRevoked(organisation, token.Holder ?? Nobody, token.Kind != DownstreamKind.Credential ? token.Server : null, since)
            || Kills(organisation, RevocationLevel.Client, token.Client.Value, since) || (token.OriginClient is { } began && Kills(organisation, RevocationLevel.Client, began.Value, since))
            || (token.Authorization is { } authorization && Kills(organisation, RevocationLevel.Authorization, authorization.Value, since))
            || (token.Kind != DownstreamKind.Call && Kills(organisation, RevocationLevel.Credential, token.Server.Value, issued))
            || token.Actors.Any(actor => Kills(organisation, RevocationLevel.Credential, actor.Value, issued) || Kills(organisation, RevocationLevel.Server, actor.Value, since));
    }

    /// <summary>Whether a token is dead by which an API fetches its events. A key that was ever revoked stays dead.</summary>
    public bool IsRevoked(EventsToken token)
    {
        var (organisation, issued) = (token.Organisation, token.IssuedAt);
        return Kills(organisation, RevocationLevel.Token, token.Id.Value, issued) || Kills(organisation, RevocationLevel.Client, token.Client.Value, issued)
            || Kills(organisation, RevocationLevel.Key, token.KeyId, issued) || Kills(organisation, RevocationLevel.Organisation, organisation.Value, issued)
            || (token.Key is { } key && Find(organisation, RevocationLevel.Key, key.ToString()) is not null)
            || (token.ClientKey is { } provedBy && Find(organisation, RevocationLevel.Key, provedBy.ToString()) is not null);
    }

    /// <summary>Whether a consent is dead, and with it every code and token that hangs on it.</summary>
    public bool IsRevoked(Authorization authorization) =>
        IsRevoked(authorization.Organisation, authorization.Holder, authorization.Access.Server, authorization.CreatedAt)
        || IsRevoked(authorization.Organisation, authorization.Client, authorization.Id, authorization.CreatedAt);

    /// <summary>Whether this grant gives nothing any more to what was issued, or consented to, then.</summary>
    /// <param name="since">Microseconds since the Unix epoch.</param>
    public bool IsRevoked(OrganisationId organisation, GrantName grant, long since) => Kills(organisation, RevocationLevel.Grant, grant.Value, since);

    /// <summary>What a revocation of whom or what a token is for is compared with: a consent, not each token that was issued on it.</summary>
    public static long Since(TokenRecord token) => token.OAuth?.AuthorizedAt ?? token.IssuedAt;

    private bool IsRevoked(OrganisationId organisation, Holder holder, ServerName? server, long since) =>
        Kills(organisation, RevocationLevel.Organisation, organisation.Value, since)
        || (holder.User is { } user && Kills(organisation, RevocationLevel.User, user.Value, since))
        || (holder.Agent is { } agent && Kills(organisation, RevocationLevel.Agent, agent.Value, since))
        || (holder.Workflow is { } workflow && Kills(organisation, RevocationLevel.Workflow, workflow.Value, since))
        || (server is { } name && Kills(organisation, RevocationLevel.Server, name.Value, since));

    private bool IsRevoked(OrganisationId organisation, ClientId client, AuthorizationId authorization, long since) =>
        Kills(organisation, RevocationLevel.Client, client.Value, since) || Kills(organisation, RevocationLevel.Authorization, authorization.Value, since);

    private bool Kills(OrganisationId organisation, RevocationLevel level, string target, long issuedAt) =>
        epochs.TryGetValue((organisation, level, target), out var notBefore) && issuedAt <= notBefore;
}
