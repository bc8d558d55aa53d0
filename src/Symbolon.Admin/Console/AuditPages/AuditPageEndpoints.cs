using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.Admin.Api;
using Symbolon.Admin.Audit;
using Symbolon.Admin.Console.Layout;
using Symbolon.Admin.Console.Sessions;
using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Console.AuditPages;

internal static class AuditPageEndpoints
{
    /// <summary>Entries to look at for a neighbour: some are intents of calls that have their place elsewhere.</summary>
    private const int Beside = 20;

    public static void MapAuditPages(this RouteGroupBuilder pages)
    {
        pages.MapGet("/audit", ListAsync).WithMetadata(new RouteAccess.Administrator("audit:read"));
        pages.MapGet("/audit/live", (HttpContext http, AuditLive live) => live.SendAsync(http)).WithMetadata(new RouteAccess.Administrator("audit:read"));
        pages.MapGet("/audit/export", ExportAsync).WithMetadata(new RouteAccess.Administrator("audit:read"), new QueryNames(Admin.Audit.AuditFilters.Parameters));
        pages.MapPost("/audit/verify", VerifyAsync).WithMetadata(new RouteAccess.Administrator("audit:read"));
        pages.MapGet("/audit/{seq}", ShowAsync).WithMetadata(new RouteAccess.Administrator("audit:read"));
    }

    private static async Task<IResult> ListAsync(HttpContext http, IAntiforgery forms, AuditListing listing, Configuration configuration, TimeProvider clock)
    {
        var filter = FilterOf(http, configuration);
        // A name that was typed becomes a filter with an address of its own.
        if (http.Request.Query.ContainsKey("q")) return ConsolePages.SeeOther(http, filter.Address());
        var found = await listing.ReadAsync(http.Requester().Organisation, filter, http.RequestAborted);
        return Page(http, forms, configuration, clock, filter, found, null);
    }

    private static async Task<IResult> ShowAsync(string seq, HttpContext http, IAntiforgery forms, AuditListing listing, Configuration configuration, TimeProvider clock)
    {
        var organisation = http.Requester().Organisation;
        var filter = FilterOf(http, configuration);
        if (!long.TryParse(seq, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || await listing.FindAsync(organisation, number, http.RequestAborted) is not { } entry)
            return ConsolePages.Missing(http, forms, "such record", ("/audit", "The audit"));
        var found = await listing.ReadAsync(organisation, filter, http.RequestAborted);
        var older = await listing.ReadAsync(organisation, filter with { Before = entry.Seq, After = null }, http.RequestAborted, Beside);
        var newer = await listing.ReadAsync(organisation, filter with { Before = null, After = entry.Seq }, http.RequestAborted, Beside);
        return Page(http, forms, configuration, clock, filter, found,
            new OpenedEntry(entry, newer.Entries is [.., var next] ? next.Seq : null, older.Entries is [var before, ..] ? before.Seq : null, ServerOf(entry.Main.Server, configuration, organisation)));
    }

    private static ServerManifest? ServerOf(string? server, Configuration configuration, OrganisationId organisation) =>
        server is not null && ServerName.IsValid(server) ? configuration.Server(organisation, new ServerName(server))?.Approved?.Manifest : null;

    private static async Task<IResult> ExportAsync(HttpContext http, IAuditStore store)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.ContentDisposition = "attachment; filename=\"audit.ndjson\"";
        return await AuditExport.GetAsync(http, store);
    }

    private static async Task<IResult> VerifyAsync(HttpContext http, ChainCheck check)
    {
        var state = await check.StartAsync(http.Requester().Organisation, http.RequestAborted);
        return ConsolePages.Done(http, "/audit", new Notice(string.Create(CultureInfo.InvariantCulture, $"The chain is being verified up to record {state.Of:N0}")));
    }

    private static IResult Page(
        HttpContext http, IAntiforgery forms, Configuration configuration, TimeProvider clock, AuditFilter filter, AuditList found, OpenedEntry? open) =>
        ConsolePages.Page<AuditPage>(http, forms, new()
        {
            ["Found"] = found,
            ["Filter"] = filter,
            ["Servers"] = ServersOf(http, configuration, filter),
            ["Now"] = clock.GetUtcNow(),
            ["Open"] = open,
            ["Check"] = http.RequestServices.GetRequiredService<ChainCheck>().StateOf(http.Requester().Organisation),
            ["Since"] = filter.From(clock.Microseconds()),
        });

    private static AuditFilter FilterOf(HttpContext http, Configuration configuration) =>
        AuditFilter.Read(http.Request.Query, configuration, http.Requester().Organisation);

    /// <summary>Those that are, and the one that is asked for, which may be long gone.</summary>
    private static List<string> ServersOf(HttpContext http, Configuration configuration, AuditFilter filter)
    {
        var names = configuration.Servers(http.Requester().Organisation).Select(server => server.Name.Value);
        return [.. (filter.Server is { } server ? names.Append(server) : names).Distinct().Order(StringComparer.Ordinal)];
    }
}
