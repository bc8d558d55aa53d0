using Symbolon.Admin.Access;
using Symbolon.Admin.Console.AuditPages;
using Symbolon.Admin.History;
using Symbolon.Admin.Servers;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Console.ServerPages;

/// <summary>Reads what the page of one server shows, through the same ports as the API.</summary>
internal sealed class ServerPageReader(ServerReads servers, ServerKeyReads keys, AccessReads access, Configuration configuration, AuditListing audit, HistoryReads history, TimeProvider clock)
{
    private const int MostTools = 200;
    private const int MostCalls = 25;
    private const int MostEntries = 50;
    private const int MostVersions = 200;

    /// <returns>Null for no such server.</returns>
    public async Task<ServerPageModel?> ReadAsync(OrganisationId organisation, string name, ServerPageQuery query, CancellationToken cancellation)
    {
        if (await servers.FindAsync(organisation, name, cancellation) is not { } server) return null;
        var model = new ServerPageModel
        {
            Server = server,
            View = query.View is ServerPageModel.AccessView or ServerPageModel.ActivityView or ServerPageModel.ManifestView or ServerPageModel.CredentialView or ServerPageModel.HistoryView ? query.View : ServerPageModel.ToolsView,
            Now = clock.GetUtcNow(),
        };
        return model.View switch
        {
            ServerPageModel.ToolsView => model with { Tools = await ToolsAsync(organisation, name, query, cancellation) },
            ServerPageModel.AccessView => model with { Access = await AccessAsync(organisation, name, query, cancellation) },
            ServerPageModel.ActivityView => model with { Activity = await CallsAsync(organisation, name, cancellation) },
            ServerPageModel.CredentialView => model with { Keys = keys.List(organisation, name) ?? [], Rotation = keys.Rotation(organisation, name) },
            ServerPageModel.ManifestView => await ManifestAsync(model, organisation, name, query, cancellation),
            _ => model,
        };
    }

    private async Task<ServerPageModel> ManifestAsync(ServerPageModel model, OrganisationId organisation, string name, ServerPageQuery query, CancellationToken cancellation)
    {
        var key = new ObjectKey(ObjectKind.Server, name);
        return model with
        {
            History = [.. (await history.ListAsync(organisation, key, cancellation)).Reverse().Take(MostVersions)],
            Since = query.Since is { } version ? await history.SinceAsync(organisation, key, version, cancellation) : null,
        };
    }

    private async Task<ToolMatrixModel?> ToolsAsync(OrganisationId organisation, string name, ServerPageQuery query, CancellationToken cancellation)
    {
        if (configuration.Server(organisation, new ServerName(name)) is not { } server || (server.Approved ?? server.Pending) is not { } version) return null;
        var all = (await servers.ToolsAsync(organisation, server, version, version.Manifest.Tools, cancellation)).OrderBy(tool => tool.Name, StringComparer.Ordinal).ToList();
        var filter = ToolMatrixModel.Filters.Contains(query.Show) ? query.Show! : "all";
        var found = all.FindAll(tool => filter switch { "differs" => Differs(tool), "unused" => IsUnused(tool), _ => true })
            .SkipWhile(tool => query.After is not null && string.CompareOrdinal(tool.Name, query.After) <= 0).ToList();
        return new ToolMatrixModel(
            found.Take(MostTools).ToList(), filter, all.Count, all.Count(Differs), all.Count(IsUnused),
            all.FindAll(tool => tool.Definition is "changed" or "unreviewed"), found.Count > MostTools ? found[MostTools - 1].Name : null);
    }

    private async Task<ServerAccessModel> AccessAsync(OrganisationId organisation, string name, ServerPageQuery query, CancellationToken cancellation)
    {
        var subject = new AccessSubject { Server = name };
        var tokens = await access.ListAsync(organisation, subject, AccessReads.ByToken, query.Tokens, MostEntries, cancellation);
        var grants = await access.ListAsync(organisation, subject, AccessReads.ByGrant, query.Grants, MostEntries, cancellation);
        return new ServerAccessModel(
            tokens.Take(MostEntries).ToList(), tokens.Count > MostEntries ? AccessReads.CursorOf(tokens[MostEntries - 1]) : null,
            grants.Take(MostEntries).ToList(), grants.Count > MostEntries ? AccessReads.CursorOf(grants[MostEntries - 1]) : null);
    }

    private async Task<IReadOnlyList<AuditEntry>> CallsAsync(OrganisationId organisation, string name, CancellationToken cancellation) =>
        [.. (await audit.ReadAsync(organisation, new AuditFilter { Server = name }, cancellation, 2 * MostCalls)).Entries.Where(entry => entry.IsCall).Take(MostCalls)];

    private static bool Differs(AssessedToolResponse tool) => tool.Disagreements.Count > 0;

    private static bool IsUnused(AssessedToolResponse tool) => tool.Calls30Days == 0;
}
