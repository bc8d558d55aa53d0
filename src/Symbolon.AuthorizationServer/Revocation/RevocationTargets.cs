using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Authorizations;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;
using Symbolon.Jose;

namespace Symbolon.AuthorizationServer.Revocation;

/// <summary>A target that exists, and the holder behind it where that is known, for the record.</summary>
/// <param name="Token">The token itself, where one was named and could be read.</param>
public sealed record RevocationTarget(Holder? Holder, TokenRecord? Token = null)
{
    /// <summary>The authorization itself, where one was named and could be read.</summary>
    public Authorization? Authorization { get; init; }

    /// <summary>When the token was issued, or consent was given: its epoch is never before that, whatever the clocks say. 0 for all else.</summary>
    public long IssuedAt => Math.Max(Token?.IssuedAt ?? 0, Authorization?.CreatedAt ?? 0);
}

/// <summary>
/// Finds what shall be revoked. A mistyped name is told, since an answer "revoked" would be a false comfort. While the store cannot
/// be asked the target is taken as it stands: too much is revoked rather than nothing.
/// </summary>
public sealed class RevocationTargets(Configuration configuration, ITokenStore tokens, IAuthorizationStore authorizations, OAuthIssues issues)
{
    public async Task<Result<RevocationTarget>> FindAsync(OrganisationId organisation, RevocationOrder order, CancellationToken cancellation)
    {
        var target = order.Target;
        switch (order.Level)
        {
            case RevocationLevel.Token:
                return await FindTokenAsync(organisation, new TokenId(target), cancellation);
            case RevocationLevel.User:
                return UserEmail.TryParse(target, out var user) && user.Value == target
                    ? new RevocationTarget(new Holder { User = user })
                    : ChangeError.Invalid("user", FieldErrorCode.BadValue, $"user must be {UserEmail.Rule}.");
            case RevocationLevel.Agent:
                return configuration.Agent(organisation, new AgentName(target)) is null
                    ? ChangeError.NotFound("such agent")
                    : new RevocationTarget(new Holder { Agent = new AgentName(target) });
            case RevocationLevel.Workflow:
                return configuration.Workflow(organisation, new WorkflowName(target)) is null
                    ? ChangeError.NotFound("such workflow")
                    : new RevocationTarget(new Holder { Workflow = new WorkflowName(target) });
            case RevocationLevel.Server or RevocationLevel.Credential:
                return configuration.Server(organisation, new ServerName(target)) is null
                    ? ChangeError.NotFound("such server")
                    : new RevocationTarget(Holder: null);
            case RevocationLevel.Organisation:
                return target == organisation.Value ? new RevocationTarget(Holder: null) : ChangeError.NotFound("such organisation");
            case RevocationLevel.Grant:
                return configuration.Grant(organisation, new GrantName(target)) is null ? ChangeError.NotFound("such grant") : new RevocationTarget(Holder: null);
            case RevocationLevel.Client:
                return IsClient(organisation, new ClientId(target)) ? new RevocationTarget(Holder: null) : ChangeError.NotFound("such client");
            case RevocationLevel.Authorization:
                return AuthorizationId.IsValid(target) ? await FindAuthorizationAsync(organisation, new AuthorizationId(target), cancellation) : ChangeError.NotFound("such authorization");
            case RevocationLevel.Key:
                // Whoever stole it has made those: one epoch would let them live.
                if (configuration.ServerKeys(organisation).FirstOrDefault(keys => keys.Instances.Any(each => each.Predecessor == target)) is { Server: var server })
                    return ChangeError.Conflict("wrong_state", $"This key has vouched for another one of server {server}. End it with all of those: symbolon server keys {server} --revoke {target}");
                return IsKey(organisation, target) ? new RevocationTarget(Holder: null) : ChangeError.NotFound("such key");
            default:
                throw new ArgumentOutOfRangeException(nameof(order), order.Level, null);
        }
    }

    /// <summary>Whether the text has the form of what this level names; says nothing about whether it exists.</summary>
    public static bool IsName(RevocationLevel level, string text) => level switch
    {
        RevocationLevel.Token => TokenId.IsValid(text),
        RevocationLevel.User => UserEmail.TryParse(text, out _),
        RevocationLevel.Server or RevocationLevel.Credential => ServerName.IsValid(text),
        RevocationLevel.Client => text.Length <= ClientId.MostLength && (IsElsewhere(text) || ObjectName.IsValid(text) || new ClientId(text) is { Agent: not null } or { Workflow: not null } or { Server: not null }),
        RevocationLevel.Authorization => AuthorizationId.IsValid(text),
        RevocationLevel.Key => Sha256Value.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out _),
        _ => ObjectName.IsValid(text),
    };

    private bool IsClient(OrganisationId organisation, ClientId id) =>
        id.Agent is { } agent ? configuration.Agent(organisation, agent) is not null
        : id.Workflow is { } workflow ? configuration.Workflow(organisation, workflow) is not null
        : id.Server is { } server ? configuration.Server(organisation, server) is not null
        // Those that are in no configuration are ended as they stand: the name is an address, or was made by us.
        : IsElsewhere(id.Value) || configuration.Client(organisation, id.Value) is not null;

    /// <summary>Clients with a metadata document, and those that registered themselves.</summary>
    private static bool IsElsewhere(string id) => id.StartsWith("https://", StringComparison.Ordinal) || id.StartsWith("dyn:", StringComparison.Ordinal);

    /// <summary>One of ours, or one by which a client proves itself.</summary>
    private bool IsKey(OrganisationId organisation, string id) =>
        configuration.SigningKeys(organisation).Find(id) is not null
        || configuration.Agents(organisation).Concat<IdentityObject>(configuration.Workflows(organisation)).Any(identity => identity.KeyThumbprints.Contains(id))
        || configuration.Clients(organisation).Any(client => PublicKeys.Thumbprints(client.Keys).Contains(id))
        || configuration.ServerKeys(organisation).Any(keys => keys.Instances.Any(instance => instance.Thumbprint == id));

    /// <summary>What a machine client stands for is in no store: one that was never given is revoked without harm.</summary>
    private async Task<RevocationTarget> FindAuthorizationAsync(OrganisationId organisation, AuthorizationId id, CancellationToken cancellation)
    {
        try
        {
            var found = await authorizations.FindAsync(organisation, id, cancellation);
            return new RevocationTarget(found?.Holder) { Authorization = found };
        }
        catch (StoreUnavailableException)
        {
            return new RevocationTarget(Holder: null);
        }
    }

    private async Task<Result<RevocationTarget>> FindTokenAsync(OrganisationId organisation, TokenId id, CancellationToken cancellation)
    {
        try
        {
            return await tokens.FindAsync(organisation, id, cancellation) is { } token
                ? new RevocationTarget(token.Holder, token)
                : await issues.FindAsync(organisation, id, cancellation) is { } issued
                    ? new RevocationTarget(issued.Holder, issued)
                    : ChangeError.NotFound("such token");
        }
        catch (StoreUnavailableException)
        {
            return new RevocationTarget(Holder: null);
        }
    }
}
