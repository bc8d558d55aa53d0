using Symbolon.Admin.Servers;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Credentials;

namespace Symbolon.Admin.Exchanges;

/// <summary>Who may exchange what, by the approved files and the grants that hold now.</summary>
internal sealed class ExchangeReads(Configuration configuration, EnrolmentDesk keys, TimeProvider clock)
{
    private const int MostGrants = 20;

    /// <summary>Servers whose approved file says <c>credential.mode: exchange</c> and that are not retired.</summary>
    /// <param name="api">Only those whose API's address has this in it; null for all.</param>
    public IEnumerable<ServerObject> Servers(OrganisationId organisation, string? api) => configuration.Servers(organisation).Where(server =>
        server.State != Lifecycle.Retired && AudienceOf(server) is { } audience && (api is null || audience.Contains(api, StringComparison.OrdinalIgnoreCase)));

    private static string? AudienceOf(ServerObject server) => server.Approved?.Manifest.Credential switch
    {
        UpstreamCredential.Exchange exchange => exchange.Audience,
        UpstreamCredential.Foreign foreign => foreign.Audience,
        _ => null,
    };

    public IReadOnlyList<ExchangeResponse> Shown(OrganisationId organisation, IReadOnlyList<ServerObject> servers)
    {
        var now = clock.Microseconds();
        var names = servers.Select(server => server.Name).ToHashSet();
        var grants = configuration.Grants(organisation).Where(grant => grant.EndsAt > now)
            .SelectMany(grant => grant.Servers.Select(access => access.Server).Distinct().Where(names.Contains).Select(server => (server, grant)))
            .ToLookup(pair => pair.server, pair => pair.grant);
        return [.. servers.Select(server => Shown(organisation, server, [.. grants[server.Name].OrderBy(grant => grant.Name.Value, StringComparer.Ordinal)], now))];
    }

    private ExchangeResponse Shown(OrganisationId organisation, ServerObject server, IReadOnlyList<GrantObject> grants, long now)
    {
        var manifest = server.Approved!.Manifest;
        var doubted = server.DoubtedTools();
        var foreign = manifest.Credential as UpstreamCredential.Foreign;
        var live = keys.KeysOf(organisation, server.Name).InUseAt(now).Where(instance => !keys.IsRevoked(organisation, instance)).ToList();
        return new ExchangeResponse
        {
            Server = server.Name.Value,
            State = server.State.ToText(),
            Audience = AudienceOf(server)!,
            Binding = manifest.Credential is UpstreamCredential.Exchange { File: null } ? "key" : "nothing",
            At = foreign?.TokenEndpoint,
            Scope = foreign?.Scope,
            // Another authorization server knows nothing of what our tools need.
            Needs = foreign is null ? NeedResponse.Of(server.ServingNeeds().Needs) : [],
            ToolCount = foreign is null ? manifest.Tools.Count(tool => !tool.Needs.IsEmpty && !doubted.Contains(tool.Name)) : 0,
            Instances = live.Count,
            OldestKeyAt = live.Select(instance => (long?)instance.EnrolledAt).Min() is { } at ? UnixTime.FromMicroseconds(at) : null,
            Callers = [.. grants.Take(MostGrants).Select(grant => new ExchangeCallers(
                grant.Name.Value, grant.To.Users, [.. grant.To.Agents.Select(agent => agent.Value)], [.. grant.To.Workflows.Select(workflow => workflow.Value)]))],
            MoreGrants = Math.Max(0, grants.Count - MostGrants),
        };
    }
}
