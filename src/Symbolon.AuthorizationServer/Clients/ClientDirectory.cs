using System.Collections.Immutable;
using System.Net;
using System.Runtime.CompilerServices;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.Clients;

/// <summary>
/// Finds clients by their id: agents and workflows that have keys or are federated, servers that have keys, and registered clients, from memory; and those whose id belongs to one of the
/// <see cref="IClientSource"/>s. Each further kind of client is one more of these.
/// </summary>
internal sealed class ClientDirectory(Configuration configuration, IEnumerable<IClientSource> sources, TimeProvider clock)
{
    /// <summary>One text whether there is no such client, it is suspended, or it has to prove itself: nobody learns which clients exist.</summary>
    public static readonly OAuthError Unknown = OAuthError.InvalidClient(
        "There is no such client, or it has to prove itself by private_key_jwt. A client whose registration has ended registers again.");

    /// <summary>As their objects have them, whose keys are read once; a changed object is another one.</summary>
    private readonly ConditionalWeakTable<object, RegisteredClient> read = [];

    /// <param name="peer">Who makes it be looked for.</param>
    /// <returns>The client; <c>invalid_client</c> for one that does not exist or is not active (it, or whom it is), <c>temporarily_unavailable</c> when that cannot be found out now.</returns>
    public async ValueTask<OAuthOutcome<RegisteredClient>> FindAsync(OrganisationId organisation, ClientId id, IPAddress? peer, CancellationToken cancellation)
    {
        if (id.Value.Length is 0 or > ClientId.MostLength) return Unknown;
        foreach (var source in sources)
            if (source.Has(id)) return await source.FindAsync(organisation, id, peer, cancellation);
        return Find(organisation, id) is { } client ? client : Unknown;
    }

    /// <returns>The client of the configuration, or null for one that does not exist, is not active (it, or whom it is), or can neither prove itself nor act for people.</returns>
    public RegisteredClient? Find(OrganisationId organisation, ClientId id)
    {
        if (id.Agent is { } agent) return Of(id, configuration.Agent(organisation, agent), new Holder { Agent = agent });
        if (id.Workflow is { } workflow) return Of(id, configuration.Workflow(organisation, workflow), new Holder { Workflow = workflow });
        if (id.Server is { } server) return OfServer(organisation, id, server);
        return ObjectName.IsValid(id.Value) && configuration.Client(organisation, id.Value) is { State: Lifecycle.Active } client && IsActive(organisation, client)
            ? read.GetValue(client, _ => Read(id, client)) : null;
    }

    /// <summary>Whether any client may prove itself by a secret.</summary>
    public bool HasLegacy(OrganisationId organisation) => configuration.Clients(organisation).Any(client => client is { IsLegacy: true, State: Lifecycle.Active });

    private bool IsActive(OrganisationId organisation, ClientObject client) =>
        client.Agent is { } agent ? configuration.Agent(organisation, agent) is { State: Lifecycle.Active }
        : client.Workflow is not { } workflow || configuration.Workflow(organisation, workflow) is { State: Lifecycle.Active };

    private RegisteredClient? Of(ClientId id, IdentityObject? identity, Holder self) =>
        identity is { State: Lifecycle.Active } and ({ Keys.IsEmpty: false } or { Federation.IsEmpty: false })
            ? read.GetValue(identity, _ => new RegisteredClient
            {
                Id = id, Name = id.Value, IsVouchedFor = true, Self = self, Keys = PublicKeys.Read(identity.Keys), IsFederated = !identity.Federation.IsEmpty,
            }) : null;

    /// <summary>Each instance proves itself by its own key, and by no other what it gets.</summary>
    private RegisteredClient? OfServer(OrganisationId organisation, ClientId id, ServerName name)
    {
        if (configuration.Server(organisation, name) is not { State: Lifecycle.Active } || configuration.ServerKeys(organisation, name) is not { } keys) return null;
        var asking = keys.AskingAt(clock.Microseconds()).ToList();
        if (asking.Count == 0) return null;
        // While an instance has two keys, which of them count is a matter of the time.
        return asking.TrueForAll(instance => instance.ReplacedAt is null)
            ? read.GetValue(keys, _ => OfInstances(id, name, [.. keys.Instances.Where(instance => instance.ReplacedAt is null)])) : OfInstances(id, name, [.. asking]);
    }

    /// <summary>A server's client with this key too, where it has vouched for another: it gets nothing, but one that vouches again was stolen, which has to be noticed.</summary>
    public RegisteredClient WithFormerKey(OrganisationId organisation, RegisteredClient client, string? keyId) =>
        client.Server is { } server && configuration.ServerKeys(organisation, server)?.FormerAt(clock.Microseconds()).FirstOrDefault(each => each.Thumbprint == keyId) is { } former
            ? client with { Keys = [.. client.Keys, .. PublicKeys.Read([former.Jwk])] } : client;

    private static RegisteredClient OfInstances(ClientId id, ServerName name, ImmutableArray<ServerInstance> instances)
    {
        var keys = PublicKeys.Read([.. instances.Select(instance => instance.Jwk)]);
        var ends = instances.Where(instance => instance.Until is not null).ToDictionary(instance => instance.Thumbprint, instance => instance.Until!.Value);
        return new RegisteredClient
        {
            Id = id, Name = id.Value, IsVouchedFor = true, Server = name, MustProveKey = true, Keys = keys,
            KeyEnds = keys.Where(key => ends.ContainsKey(key.Thumbprint.ToString())).ToImmutableDictionary(key => key.Thumbprint, key => ends[key.Thumbprint.ToString()]),
        };
    }

    private static RegisteredClient Read(ClientId id, ClientObject client) => new()
    {
        Id = id,
        Name = client.Name,
        IsVouchedFor = true,
        Self = client.Agent is null && client.Workflow is null ? null : new Holder { Agent = client.Agent, Workflow = client.Workflow },
        Keys = PublicKeys.Read(client.Keys),
        SecretHash = client.SecretHash is { } hash ? Convert.FromHexString(hash) : null,
        Redirects = client.Redirects,
        MustProveKey = client.DpopBound,
        MustPush = client.MustPush,
        Audience = client.Audience,
        FetchesEvents = client.Events is { ArePushed: false },
    };
}
