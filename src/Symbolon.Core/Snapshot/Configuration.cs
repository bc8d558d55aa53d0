using System.Collections.Concurrent;
using System.Collections.Immutable;
using Symbolon.Core.Identity;
using Symbolon.Core.Keys;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;

namespace Symbolon.Core.Snapshot;

/// <summary>
/// The configuration as every decision reads it: immutable objects, replaced one by one, with the revision of the last change.
/// One writer (the feed that follows the store), any number of readers.
/// </summary>
public sealed class Configuration(EpochTable epochs)
{
    private readonly ConcurrentDictionary<(OrganisationId, ServerName), ServerObject> servers = new();
    private readonly ConcurrentDictionary<(OrganisationId, AgentName), AgentObject> agents = new();
    private readonly ConcurrentDictionary<(OrganisationId, WorkflowName), WorkflowObject> workflows = new();
    private readonly ConcurrentDictionary<(OrganisationId, GrantName), GrantObject> grants = new();
    private readonly ConcurrentDictionary<(OrganisationId, ServerName), ImmutableList<GrantObject>> grantsByServer = new();
    private readonly ConcurrentDictionary<(OrganisationId, PolicyName), PolicyObject> policies = new();
    private readonly ConcurrentDictionary<(OrganisationId, ResourceName), ResourceObject> resources = new();
    private readonly ConcurrentDictionary<(OrganisationId, IssuerName), IssuerObject> issuers = new();
    private readonly ConcurrentDictionary<OrganisationId, OrganisationObject> organisations = new();
    private readonly ConcurrentDictionary<(OrganisationId, string Kind, string Id), SealedSecret> secrets = new();
    private readonly ConcurrentDictionary<(OrganisationId, string Name), ClientObject> clients = new();
    private readonly ConcurrentDictionary<OrganisationId, SigningKeyRing> signingKeys = new();
    private readonly ConcurrentDictionary<(OrganisationId, ServerName), ServerKeysObject> serverKeys = new();
    private long revision = -1;

    public EpochTable Epochs => epochs;

    /// <summary>What the operator demands of tokens, whatever grants and servers say.</summary>
    public BindingRule Binding { get; init; } = BindingRule.None;

    /// <summary>Revision of the store up to which this is complete; -1 before the first load.</summary>
    public long Revision => Volatile.Read(ref revision);

    /// <summary>Raised after a batch of changes is visible, on the thread that applied it.</summary>
    public event Action? Changed;

    /// <summary>Raised when a token got another secret, on the thread that applied it: what is remembered under the old one is dead.</summary>
    public event Action<TokenRotation>? TokenRotated;

    public ServerObject? Server(OrganisationId organisation, ServerName name) => servers.GetValueOrDefault((organisation, name));

    public AgentObject? Agent(OrganisationId organisation, AgentName name) => agents.GetValueOrDefault((organisation, name));

    public WorkflowObject? Workflow(OrganisationId organisation, WorkflowName name) => workflows.GetValueOrDefault((organisation, name));

    /// <summary>An agent or a workflow.</summary>
    public IdentityObject? Identity(OrganisationId organisation, ObjectKey key) => key.Kind switch
    {
        ObjectKind.Agent => Agent(organisation, new AgentName(key.Name)),
        ObjectKind.Workflow => Workflow(organisation, new WorkflowName(key.Name)),
        _ => throw new ArgumentOutOfRangeException(nameof(key), key, null),
    };

    public GrantObject? Grant(OrganisationId organisation, GrantName name) => grants.GetValueOrDefault((organisation, name));

    public PolicyObject? Policy(OrganisationId organisation, PolicyName name) => policies.GetValueOrDefault((organisation, name));

    public ResourceObject? Resource(OrganisationId organisation, ResourceName name) => resources.GetValueOrDefault((organisation, name));

    public IssuerObject? Issuer(OrganisationId organisation, IssuerName name) => issuers.GetValueOrDefault((organisation, name));

    /// <summary>The newest version of a secret, still sealed.</summary>
    public SealedSecret? Secret(OrganisationId organisation, string kind, string id) => secrets.GetValueOrDefault((organisation, kind, id));

    /// <summary>The newest version of each secret of a kind, still sealed.</summary>
    public IEnumerable<SealedSecret> Secrets(OrganisationId organisation, string kind) =>
        secrets.Where(pair => pair.Key.Item1 == organisation && pair.Key.Kind == kind).Select(pair => pair.Value);

    public OrganisationObject Organisation(OrganisationId id) =>
        organisations.TryGetValue(id, out var found) ? found : new OrganisationObject { Id = id };

    /// <summary>A registered OAuth client.</summary>
    public ClientObject? Client(OrganisationId organisation, string name) => clients.GetValueOrDefault((organisation, name));

    public IEnumerable<ClientObject> Clients(OrganisationId organisation) =>
        clients.Where(pair => pair.Key.Item1 == organisation).Select(pair => pair.Value);

    public SigningKeyRing SigningKeys(OrganisationId organisation) => signingKeys.GetValueOrDefault(organisation, SigningKeyRing.Empty);

    /// <summary>The keys of a server's instances, and its codes; null where none was ever made.</summary>
    public ServerKeysObject? ServerKeys(OrganisationId organisation, ServerName server) => serverKeys.GetValueOrDefault((organisation, server));

    /// <summary>Whether a server's instance has or had this key: it is nobody else's then.</summary>
    public bool IsInstanceKey(OrganisationId organisation, string thumbprint) => ServerKeys(organisation).Any(keys => keys.Instances.Any(instance => instance.Thumbprint == thumbprint));

    public IEnumerable<ServerKeysObject> ServerKeys(OrganisationId organisation) => serverKeys.Where(pair => pair.Key.Item1 == organisation).Select(pair => pair.Value);

    public IReadOnlyList<GrantObject> GrantsOn(OrganisationId organisation, ServerName server) =>
        grantsByServer.TryGetValue((organisation, server), out var found) ? found : [];

    /// <summary>Those that give something to what was issued, or consented to, at that time: a grant that was revoked later does not.</summary>
    /// <param name="since">Microseconds since the Unix epoch; <see cref="EpochTable.Since"/> of a token.</param>
    public IEnumerable<GrantObject> GrantsOn(OrganisationId organisation, ServerName server, long since) =>
        GrantsOn(organisation, server).Where(grant => !epochs.IsRevoked(organisation, grant.Name, since));

    public IEnumerable<ServerObject> Servers(OrganisationId organisation) =>
        servers.Where(pair => pair.Key.Item1 == organisation).Select(pair => pair.Value);

    public IEnumerable<AgentObject> Agents(OrganisationId organisation) =>
        agents.Where(pair => pair.Key.Item1 == organisation).Select(pair => pair.Value);

    public IEnumerable<WorkflowObject> Workflows(OrganisationId organisation) =>
        workflows.Where(pair => pair.Key.Item1 == organisation).Select(pair => pair.Value);

    /// <summary>All agents or all workflows.</summary>
    public IEnumerable<IdentityObject> Identities(OrganisationId organisation, ObjectKind kind) => kind switch
    {
        ObjectKind.Agent => Agents(organisation),
        ObjectKind.Workflow => Workflows(organisation),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    public IEnumerable<GrantObject> Grants(OrganisationId organisation) =>
        grants.Where(pair => pair.Key.Item1 == organisation).Select(pair => pair.Value);

    /// <summary>Policies, retired ones too.</summary>
    public IEnumerable<PolicyObject> Policies(OrganisationId organisation) =>
        policies.Where(pair => pair.Key.Item1 == organisation).Select(pair => pair.Value);

    /// <summary>What is known of resources, what was retired too.</summary>
    public IEnumerable<ResourceObject> Resources(OrganisationId organisation) =>
        resources.Where(pair => pair.Key.Item1 == organisation).Select(pair => pair.Value);

    /// <summary>Foreign issuers, retired ones too.</summary>
    public IEnumerable<IssuerObject> Issuers(OrganisationId organisation) =>
        issuers.Where(pair => pair.Key.Item1 == organisation).Select(pair => pair.Value);

    /// <summary>Takes in what the store says has changed. Called by the one feed; changes at or below <see cref="Revision"/> are harmless.</summary>
    public void Apply(ConfigurationChanges changes)
    {
        foreach (var epoch in changes.Epochs) epochs.Raise(epoch);
        foreach (var (organisation, item) in changes.Objects) Put(organisation, item);
        Volatile.Write(ref revision, Math.Max(Revision, changes.Revision));
        if (changes.Objects.Count > 0) Changed?.Invoke();
    }

    private void Put(OrganisationId organisation, object item)
    {
        switch (item)
        {
            case ServerObject server: servers[(organisation, server.Name)] = server; break;
            case AgentObject agent: agents[(organisation, agent.Name)] = agent; break;
            case WorkflowObject workflow: workflows[(organisation, workflow.Name)] = workflow; break;
            case PolicyObject policy: policies[(organisation, policy.Name)] = policy; break;
            case ResourceObject resource: resources[(organisation, resource.Name)] = resource; break;
            case IssuerObject issuer: issuers[(organisation, issuer.Name)] = issuer; break;
            case OrganisationObject found: organisations[organisation] = found; break;
            case SealedSecret { Sealed.Length: 0 } gone: secrets.TryRemove((organisation, gone.Kind, gone.Id), out _); break;
            case SealedSecret secret: secrets[(organisation, secret.Kind, secret.Id)] = secret; break;
            case ClientObject client: clients[(organisation, client.Name)] = client; break;
            case SigningKeyRing ring: signingKeys[organisation] = ring; break;
            case ServerKeysObject keys: serverKeys[(organisation, keys.Server)] = keys; break;
            case GrantObject grant: PutGrant(organisation, grant); break;
            case TokenRotation rotation: TokenRotated?.Invoke(rotation); break;
            default: throw new ArgumentException($"Not a configuration object: {item.GetType()}", nameof(item));
        }
    }

    private void PutGrant(OrganisationId organisation, GrantObject grant)
    {
        var before = grants.GetValueOrDefault((organisation, grant.Name));
        grants[(organisation, grant.Name)] = grant;
        var touched = grant.Servers.Concat(before?.Servers ?? []).Select(access => access.Server).Distinct();
        foreach (var server in touched)
        {
            var serves = grant.Servers.Any(access => access.Server == server);
            grantsByServer.AddOrUpdate((organisation, server),
                _ => serves ? [grant] : [],
                (_, list) => serves ? list.RemoveAll(Same).Add(grant) : list.RemoveAll(Same));
        }
        bool Same(GrantObject other) => other.Name == grant.Name;
    }
}

/// <summary>What changed in the store after a revision: whole objects and epochs.</summary>
public sealed record ConfigurationChanges(
    long Revision, IReadOnlyList<(OrganisationId Organisation, object Item)> Objects, IReadOnlyList<Epoch> Epochs);

/// <summary>Travels with the changed objects: this token has another secret since then (microseconds since the Unix epoch).</summary>
public sealed record TokenRotation(OrganisationId Organisation, TokenId Token, long At);
