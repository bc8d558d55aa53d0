using Symbolon.Admin.Servers;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Console.ServerPages;

/// <summary>Reads what the page of one server shows, through the same ports as the API.</summary>
internal sealed class ServerPageReader(ServerReads servers, Configuration configuration, IAuditStore audit, TimeProvider clock)
{
    private const int MostTools = 200;
    private const int MostCalls = 25;

    /// <returns>Null for no such server.</returns>
    public async Task<ServerPageModel?> ReadAsync(OrganisationId organisation, string name, string? view, string? show, string? after, CancellationToken cancellation)
    {
        if (await servers.FindAsync(organisation, name, cancellation) is not { } server) return null;
        var model = new ServerPageModel
        {
            Server = server,
            View = view is ServerPageModel.ActivityView or ServerPageModel.HistoryView ? view : ServerPageModel.ToolsView,
            Now = clock.GetUtcNow(),
        };
        return model.View switch
        {
            ServerPageModel.ToolsView => model with { Tools = Tools(organisation, name, show, after) },
            ServerPageModel.ActivityView => model with { Activity = await CallsAsync(organisation, name, cancellation) },
            _ => model,
        };
    }

    private ToolMatrixModel? Tools(OrganisationId organisation, string name, string? show, string? after)
    {
        if (configuration.Server(organisation, new ServerName(name)) is not { } server || (server.Approved ?? server.Pending) is not { } version) return null;
        var all = servers.Tools(organisation, server, version, version.Manifest.Tools).OrderBy(tool => tool.Name, StringComparer.Ordinal).ToList();
        var filter = ToolMatrixModel.Filters.Contains(show) ? show! : "all";
        var found = all.FindAll(tool => filter != "differs" || tool.Disagreements.Count > 0).SkipWhile(tool => after is not null && string.CompareOrdinal(tool.Name, after) <= 0).ToList();
        return new ToolMatrixModel(found.Take(MostTools).ToList(), filter, all.Count, all.Count(tool => tool.Disagreements.Count > 0),
            all.FindAll(tool => tool.Definition is "changed" or "unreviewed"), found.Count > MostTools ? found[MostTools - 1].Name : null);
    }

    private async Task<IReadOnlyList<ActivityRow>> CallsAsync(OrganisationId organisation, string name, CancellationToken cancellation)
    {
        var query = new AuditQuery { Kind = AuditKind.CallOutcome.ToText(), Server = name };
        return [.. (await audit.ReadAsync(organisation, query, null, descending: true, MostCalls, cancellation)).Select(ActivityRow.Of)];
    }
}
