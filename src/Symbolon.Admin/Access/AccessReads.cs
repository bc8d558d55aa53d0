using Symbolon.Admin.Api;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;
using Symbolon.Core.Tools;

namespace Symbolon.Admin.Access;

/// <summary>Who may call what and why, by the same tables as the gateway decides with.</summary>
internal sealed class AccessReads(Configuration configuration, ITokenStore tokens, IUpstreamHealth health, TimeProvider clock)
{
    public const string ByGrant = "grant";
    public const string ByToken = "token";

    /// <summary>Grants by name, then tokens by id; one more than the limit where there are more.</summary>
    /// <param name="by"><see cref="ByGrant"/>, <see cref="ByToken"/>, or null for both.</param>
    /// <param name="after">A <see cref="CursorOf"/>.</param>
    public async Task<IReadOnlyList<AccessResponse>> ListAsync(
        OrganisationId organisation, AccessSubject subject, string? by, string? after, int limit, CancellationToken cancellation)
    {
        var now = clock.Microseconds();
        var (passed, last) = Read(after);
        var found = new List<AccessResponse>();
        if (by is not ByToken && passed is not ByToken)
            found.AddRange(subject.Among(configuration, organisation).Where(grant => grant.EndsAt > now && (last is null || string.CompareOrdinal(grant.Name.Value, last) > 0))
                .OrderBy(grant => grant.Name.Value, StringComparer.Ordinal).Take(limit + 1).Select(grant => Grant(organisation, grant, subject)));
        if (by is ByGrant) return found;
        var lastToken = passed is ByToken && TokenId.IsValid(last) ? new TokenId(last!) : (TokenId?)null;
        // What an epoch killed is not marked in its row: it is left out here, and the next page begins behind it.
        while (found.Count <= limit)
        {
            var rows = await tokens.ListAsync(organisation, subject.ToQuery(now), lastToken, limit, cancellation);
            found.AddRange(rows.Where(token => !configuration.Epochs.IsRevoked(token)).Select(token => Token(token, subject, now)));
            if (rows.Count < limit) break;
            lastToken = rows[^1].Id;
        }
        return found.Count > limit + 1 ? found[..(limit + 1)] : found;
    }

    /// <summary>Where the next page begins.</summary>
    public static string CursorOf(AccessResponse last) => $"{last.By}/{last.Name}";

    /// <summary>How many tools of active servers the live grants open that name each of these, each tool once.</summary>
    public IReadOnlyDictionary<string, EffectCountsResponse> Reach(OrganisationId organisation, HolderKind kind, IReadOnlyCollection<string> names)
    {
        var now = clock.Microseconds();
        var reached = names.ToDictionary(name => name, _ => new HashSet<(ServerName, ManifestTool)>());
        foreach (var grant in configuration.Grants(organisation).Where(grant => grant.EndsAt > now))
        {
            var named = NamedBy(grant.To, kind, reached).ToList();
            if (named.Count == 0) continue;
            var opened = grant.Servers.SelectMany(access => Opened(organisation, access)).ToList();
            foreach (var name in named) reached[name].UnionWith(opened);
        }
        return reached.ToDictionary(pair => pair.Key, pair => EffectCountsResponse.Of([.. pair.Value.Select(found => found.Item2)]));
    }

    private static IEnumerable<string> NamedBy(GrantSubjects to, HolderKind kind, Dictionary<string, HashSet<(ServerName, ManifestTool)>> asked) => kind switch
    {
        HolderKind.User => to.Users.Contains("*") ? asked.Keys : to.Users.Where(asked.ContainsKey),
        HolderKind.Agent => to.Agents.Select(agent => agent.Value).Where(asked.ContainsKey),
        HolderKind.Workflow => to.Workflows.Select(workflow => workflow.Value).Where(asked.ContainsKey),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private IEnumerable<(ServerName Server, ManifestTool Tool)> Opened(OrganisationId organisation, ServerAccess access) =>
        configuration.Server(organisation, access.Server) is { State: Lifecycle.Active, Approved: { } approved }
            ? approved.Manifest.Tools.Where(tool => ToolReach.ScopeOf(access.Server, tool, access) is not null).Select(tool => (access.Server, tool))
            : [];

    private AccessResponse Grant(OrganisationId organisation, GrantObject grant, AccessSubject subject)
    {
        var servers = grant.Servers.Where(access => subject.Wants(access.Server)).GroupBy(access => access.Server)
            .Select(accesses => Server(organisation, accesses.Key, tool =>
                accesses.Select(access => ToolReach.ScopeOf(accesses.Key, tool, access)).FirstOrDefault(scope => scope is not null) is { } scope ? (scope, grant.Name.Value) : null,
                accesses.SelectMany(access => access.Prompts), accesses.SelectMany(access => access.Resources.Select(pattern => pattern.Text)))).ToList();
        return new AccessResponse
        {
            By = ByGrant,
            Name = grant.Name.Value,
            Users = grant.To.Users,
            Agents = [.. grant.To.Agents.Select(agent => agent.Value)],
            Workflows = [.. grant.To.Workflows.Select(workflow => workflow.Value)],
            ExpiresAt = grant.EndsAt == long.MaxValue ? null : UnixTime.FromMicroseconds(grant.EndsAt),
            Servers = servers,
            Effects = EffectsOf(servers),
        };
    }

    private AccessResponse Token(TokenRecord token, AccessSubject subject, long now)
    {
        var organisation = token.Organisation;
        var blocked = Blocks.OfHolder(configuration, token);
        var servers = token.Servers.Select(access => access.Server).Distinct().Where(subject.Wants).Select(name =>
        {
            var reach = blocked is null && configuration.Server(organisation, name) is { } server && !configuration.Epochs.IsRevoked(token, name)
                ? ServerReach.Once(token, server, configuration.GrantsOn(organisation, name, EpochTable.Since(token)), configuration.Binding, now) : null;
            var shown = Server(organisation, name, tool => reach?[tool.Name.Value].Decision is Decision.Allow allow ? (allow.Scope, allow.Grant) : null, reach?.Prompts ?? [], reach?.Resources ?? []);
            return shown.Blocked is null && reach is null && blocked is null
                ? shown with { Blocked = configuration.Epochs.IsRevoked(token, name) ? $"all tokens for {name} were revoked" : "no live grant matches its holder" }
                : shown;
        }).ToList();
        return new AccessResponse
        {
            By = ByToken,
            Name = token.Id.Value,
            Users = token.Holder.User is { } user ? [user.Value] : [],
            Agents = token.Holder.Agent is { } agent ? [agent.Value] : [],
            Workflows = token.Holder.Workflow is { } workflow ? [workflow.Value] : [],
            ExpiresAt = UnixTime.FromMicroseconds(token.ExpiresAt),
            LastUsedAt = token.LastUsedAt is { } at ? UnixTime.FromMicroseconds(at) : null,
            Blocked = blocked,
            Servers = servers,
            Effects = EffectsOf(servers),
        };
    }

    private ServerReachResponse Server(OrganisationId organisation, ServerName name, Func<ManifestTool, (string Scope, string Grant)?> reach, IEnumerable<string> prompts, IEnumerable<string> resources)
    {
        var server = configuration.Server(organisation, name);
        var blocked = Blocks.OfServer(server);
        var reading = server is null || blocked is not null ? UpstreamReading.Nothing : health.Of(organisation, server);
        return new ServerReachResponse
        {
            Name = name.Value,
            Blocked = blocked,
            Tools = blocked is not null || server?.Approved is not { } approved ? []
                : [.. approved.Manifest.Tools.OrderBy(tool => tool.Name.Value, StringComparer.Ordinal)
                    .Select(tool => reach(tool) is var (scope, grant) ? new ToolAccessResponse(tool.Name.Value, tool.Effect.ToText(), scope, grant) { Blocked = Blocks.OfTool(reading, tool.Name) } : null).OfType<ToolAccessResponse>()],
            Prompts = blocked is null ? [.. prompts] : [],
            Resources = blocked is null ? [.. resources] : [],
        };
    }

    private static EffectCountsResponse EffectsOf(List<ServerReachResponse> servers)
    {
        var all = servers.SelectMany(server => server.Tools).Where(tool => tool.Blocked is null).ToLookup(tool => tool.Class);
        return new EffectCountsResponse(all[Effect.Read].Count(), all[Effect.Write].Count(), all[Effect.Irreversible].Count());
    }

    private static (string? By, string? Name) Read(string? cursor) =>
        cursor is not null && cursor.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? (cursor[..slash], cursor[(slash + 1)..]) : (null, null);
}
