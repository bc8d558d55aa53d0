using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Symbolon.Core;
using Symbolon.Core.OAuth;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Gateway.Authentication;
using Symbolon.Gateway.Mcp;

namespace Symbolon.Gateway.Catalog;

/// <summary>
/// The read part of the official registry's API (modelcontextprotocol/registry, docs/reference/api), for clients that are pointed at a registry: a pasted token
/// sees the servers of which it may have something now, and nobody learns of any other. Access tokens of OAuth have one server as their audience, and are refused as on <c>/t</c>.
/// </summary>
/// <remarks>A suspended or retired server is not there, and of each only the version that serves: what waits for a review is the reviewers' alone.</remarks>
internal sealed class CatalogRequests(CallerAuthenticator authenticator, StandingTable standings, Freshness freshness, IPublicOrigins origins, TimeProvider clock)
{
    public Task ListAsync(HttpContext http) => AnswerAsync(http, (origin, token, now) =>
    {
        if (CatalogQuery.Read(http.Request.Query, out var fault) is not { } query) return Told(http, StatusCodes.Status400BadRequest, fault!);
        var found = EntriesOf(origin, token, now)
            .Where(entry => query.Cursor is null || string.CompareOrdinal(entry.Name, query.Cursor) > 0)
            .Where(entry => query.Search is null || entry.Name.Contains(query.Search, StringComparison.OrdinalIgnoreCase))
            .Where(entry => query.UpdatedSince is null || entry.UpdatedAt >= query.UpdatedSince)
            .Where(entry => query.Version is null || entry.Is(query.Version))
            .Take(query.Limit + 1).ToList();
        return Write(http, json => WriteList(json, found.Take(query.Limit).ToList(), found.Count > query.Limit ? found[query.Limit - 1].Name : null));
    });

    public Task VersionsAsync(HttpContext http) => AnswerAsync(http, (origin, token, now) =>
        Find(http, origin, token, now) is { } entry ? Write(http, json => WriteList(json, [entry], null)) : Told(http, StatusCodes.Status404NotFound, "Server not found"));

    public Task VersionAsync(HttpContext http) => AnswerAsync(http, (origin, token, now) =>
        Find(http, origin, token, now) is not { } entry ? Told(http, StatusCodes.Status404NotFound, "Server not found")
        : entry.Is(Named(http, "version")) ? Write(http, entry.WriteTo)
        : Told(http, StatusCodes.Status404NotFound, "Server version not found"));

    private async Task AnswerAsync(HttpContext http, Func<string, CallerToken, long, Task> answer)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.Vary = "Authorization";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        var now = clock.Microseconds();
        var refusal = authenticator.Authenticate(http, now, out var token, out var lookUp);
        if (lookUp is { } hash) (token, refusal) = await authenticator.LookUpAsync(http, hash, now);
        // Whether it was revoked is known without any server: asked of one that no name can be.
        if (refusal is null && standings.Of(token!, "", now) is Standing.Dead dead) refusal = authenticator.Count(http, new Refusal(dead.Code, "The token was revoked, or its holder is suspended."));
        refusal ??= freshness.IsCurrent ? null : Refusal.StateStale;
        if (refusal is not null) await RefuseAsync(http, refusal);
        else if (origins.Selected(http.Request.Host.Value) is not { } origin) await Told(http, StatusCodes.Status403Forbidden, "This is none of the addresses of this server.");
        else await answer(origin, token!, now);
    }

    private static Task RefuseAsync(HttpContext http, Refusal refusal)
    {
        var status = refusal.Code == ReasonCode.MalformedRequest ? StatusCodes.Status400BadRequest
            : refusal.Code == ReasonCode.Overloaded ? StatusCodes.Status429TooManyRequests
            : refusal.Code == ReasonCode.StateStale ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status401Unauthorized;
        if (status == StatusCodes.Status401Unauthorized) http.Response.Headers.WWWAuthenticate = refusal.Form == RefusalForm.NoToken ? "Bearer" : "Bearer error=\"invalid_token\"";
        if (refusal.RetryAfter is { } seconds) http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Told(http, status, refusal.Text);
    }

    private CatalogEntry? Find(HttpContext http, string origin, CallerToken token, long now) =>
        CatalogName.ServerOf(origin, Named(http, "name")) is { } server ? EntryOf(origin, token, server, now) : null;

    /// <summary>By name. A token names few servers, and where it stands on each is remembered.</summary>
    private IEnumerable<CatalogEntry> EntriesOf(string origin, CallerToken token, long now) =>
        token.Record.Servers.Select(access => access.Server.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(server => EntryOf(origin, token, server, now)).OfType<CatalogEntry>();

    private CatalogEntry? EntryOf(string origin, CallerToken token, string server, long now)
    {
        if (standings.Of(token, server, now) is not Standing.Known { Server: { State: Lifecycle.Active, Approved: { } approved } known, Reach: { LacksKey: false } reach }) return null;
        var tools = approved.Manifest.Tools.Count(tool => reach[tool.Name.Value].IsAllowed);
        return tools == 0 && !reach.HasPrompts && !reach.HasResources ? null : new CatalogEntry(origin, CatalogName.Of(origin, server), known, tools, reach);
    }

    /// <summary>The slash of a name is escaped in an address, and stays so in what the router hands on.</summary>
    private static string Named(HttpContext http, string part) => Uri.UnescapeDataString(http.Request.RouteValues[part] as string ?? "");

    private static void WriteList(Utf8JsonWriter json, List<CatalogEntry> entries, string? next)
    {
        json.WriteStartObject();
        json.WriteStartArray("servers");
        foreach (var entry in entries) entry.WriteTo(json);
        json.WriteEndArray();
        json.WriteStartObject("metadata");
        if (next is not null) json.WriteString("nextCursor", next);
        json.WriteNumber("count", entries.Count);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>An error in the registry's words: <c>{"error": …}</c>.</summary>
    private static Task Told(HttpContext http, int status, string error)
    {
        http.Response.StatusCode = status;
        return Write(http, json =>
        {
            json.WriteStartObject();
            json.WriteString("error", error);
            json.WriteEndObject();
        });
    }

    private static async Task Write(HttpContext http, Action<Utf8JsonWriter> write)
    {
        http.Response.ContentType = "application/json";
        await using (var json = new Utf8JsonWriter(http.Response.BodyWriter)) write(json);
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }
}
