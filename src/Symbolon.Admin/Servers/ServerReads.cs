using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Servers;

namespace Symbolon.Admin.Servers;

/// <summary>Servers as the API and the console show them: the configuration, beside what the gateway knows.</summary>
internal sealed class ServerReads(
    Configuration configuration, IConfigurationStore store, ApprovalCheck check, IUpstreamHealth health, IUsage usage, ServerKeyReads keys, TimeProvider clock)
{
    /// <summary>For so long back use is counted.</summary>
    private static readonly TimeSpan Counted = TimeSpan.FromDays(30);

    private const int MostOwners = 100;

    /// <summary>Those of the filter by name, behind <paramref name="after"/>, one more than the limit where there are more.</summary>
    public async Task<IReadOnlyList<ServerSummary>> ListAsync(OrganisationId organisation, ServerFilter filter, string? after, int limit, CancellationToken cancellation)
    {
        var found = configuration.Servers(organisation)
            .Where(server => after is null || string.CompareOrdinal(server.Name.Value, after) > 0)
            .Where(filter.HoldsBesidesState)
            .Where(server => filter.State is null || ServerFilter.IsIn(filter.State, server, health.Of(organisation, server)))
            .OrderBy(server => server.Name.Value, StringComparer.Ordinal)
            .Take(limit + 1).ToList();
        var used = await TryAsync(async () => (await usage.ServersAsync(organisation, found.ConvertAll(server => server.Name.Value), Since, cancellation)).ToDictionary(use => use.Server));
        return found.ConvertAll(server => With(ServerResponses.Summary(server, health.Of(organisation, server)), used) with { OldestKeyAt = OldestKey(organisation, server.Name) });
    }

    private DateTimeOffset? OldestKey(OrganisationId organisation, ServerName name) =>
        configuration.ServerKeys(organisation, name)?.InUseAt(clock.Microseconds()).Select(instance => (long?)instance.EnrolledAt).Min() is { } at ? UnixTime.FromMicroseconds(at) : null;

    /// <summary>How many servers of the filter, whatever its state, are in each state; under the empty text, all.</summary>
    public IReadOnlyDictionary<string, int> Counts(OrganisationId organisation, ServerFilter filter)
    {
        var counts = ServerFilter.States.ToDictionary(state => state, _ => 0);
        counts[""] = 0;
        foreach (var server in configuration.Servers(organisation).Where(filter.HoldsBesidesState))
        {
            counts[""]++;
            counts[server.State.ToText()]++;
            if (ServerFilter.IsIn(ServerFilter.Attention, server, health.Of(organisation, server))) counts[ServerFilter.Attention]++;
        }
        return counts;
    }

    /// <summary>The first owners by name, to choose from.</summary>
    public IReadOnlyList<string> Owners(OrganisationId organisation) =>
        [.. configuration.Servers(organisation).Select(server => server.Owner).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(MostOwners)];

    /// <summary>With its history and its keys; where a pending host leads is asked of its name server. From memory, without versions, while the store cannot be asked.</summary>
    public async Task<ServerResponse?> FindAsync(OrganisationId organisation, string name, CancellationToken cancellation) =>
        await FindAloneAsync(organisation, name, cancellation) is { } found ? found with { Keys = keys.List(organisation, name) is { Count: > 0 } some ? some : null } : null;

    private async Task<ServerResponse?> FindAloneAsync(OrganisationId organisation, string name, CancellationToken cancellation)
    {
        if (!ServerName.IsValid(name)) return null;
        var key = new ObjectKey(ObjectKind.Server, name);
        try
        {
            if (await store.FindObjectAsync(organisation, key, cancellation) is not { Item: ServerObject server, Version: var version }) return null;
            var history = await store.HistoryAsync(organisation, key, cancellation);
            var place = server.Pending is { } pending ? await check.PlaceAsync(pending, cancellation) : null;
            var used = (await usage.ServersAsync(organisation, [name], Since, cancellation)).ToDictionary(use => use.Server);
            return With(ServerResponses.Whole(server, health.Of(organisation, server), version, history, place), used);
        }
        catch (StoreUnavailableException)
        {
            // Reads go on from memory; without the version nobody can build a change on it.
            return configuration.Server(organisation, new ServerName(name)) is { } remembered
                ? ServerResponses.Whole(remembered, health.Of(organisation, remembered), null, [])
                : null;
        }
    }

    /// <summary>What came of a change.</summary>
    public ServerResponse Changed(OrganisationId organisation, VersionedServer changed) =>
        ServerResponses.Whole(changed.Server, health.Of(organisation, changed.Server), changed.Version, []);

    /// <summary>Assesses each; the live definitions are those of the version that serves.</summary>
    public async Task<IReadOnlyList<AssessedToolResponse>> ToolsAsync(
        OrganisationId organisation, ServerObject server, ManifestVersion version, IEnumerable<ManifestTool> tools, CancellationToken cancellation)
    {
        var live = version == server.Approved ? health.Of(organisation, server).Tools : UpstreamReading.Nothing.Tools;
        var used = await TryAsync(async () => (await usage.ToolsAsync(organisation, server.Name.Value, Since, cancellation)).ToDictionary(use => use.Tool));
        return [.. tools.Select(tool => With(AssessedToolResponse.Of(tool, live.GetValueOrDefault(tool.Name)), used))];
    }

    /// <summary>Tools of active servers that nobody called in the last 30 days.</summary>
    public async Task<int> CountUnusedToolsAsync(OrganisationId organisation, CancellationToken cancellation)
    {
        var used = (await usage.ToolsAsync(organisation, null, Since, cancellation)).Where(use => use.Allowed > 0).Select(use => (use.Server, use.Tool)).ToHashSet();
        return configuration.Servers(organisation).Where(server => server.State == Lifecycle.Active)
            .Sum(server => server.Approved?.Manifest.Tools.Count(tool => !used.Contains((server.Name.Value, tool.Name.Value))) ?? 0);
    }

    private long Since => UnixTime.ToMicroseconds(clock.GetUtcNow() - Counted);

    private static T With<T>(T server, Dictionary<string, ServerUse>? used) where T : ServerSummary =>
        used is null ? server
        : used.TryGetValue(server.Name, out var use) ? server with { Calls30Days = use.Allowed, Refused30Days = use.Refused, LastUsedAt = use.Allowed > 0 ? UnixTime.FromMicroseconds(use.LastAt) : null }
        : server with { Calls30Days = 0, Refused30Days = 0 };

    private static AssessedToolResponse With(AssessedToolResponse tool, Dictionary<string, ToolUse>? used) =>
        used is null ? tool
        : used.TryGetValue(tool.Name, out var use) ? tool with { Calls30Days = use.Allowed, Refused30Days = use.Refused, LastUsedAt = use.Allowed > 0 ? UnixTime.FromMicroseconds(use.LastAt) : null }
        : tool with { Calls30Days = 0, Refused30Days = 0 };

    /// <returns>Null while the store cannot be asked: what is in memory is shown all the same.</returns>
    private static async Task<T?> TryAsync<T>(Func<Task<T>> read) where T : class
    {
        try
        {
            return await read();
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }
}
