using System.Net.Http.Headers;

namespace Symbolon.Cli.Api;

/// <summary>The next page of a list, as RFC 8288 names it.</summary>
internal static class PageLink
{
    /// <returns>Path and query below <c>/api/v1/</c>, or null at the end. Other origins are never followed.</returns>
    public static string? Next(HttpResponseHeaders headers)
    {
        if (!headers.TryGetValues("Link", out var values)) return null;
        foreach (var link in values.SelectMany(value => value.Split(',')))
        {
            var (open, close) = (link.IndexOf('<'), link.IndexOf('>'));
            if (open < 0 || close < open || !link[close..].Contains("rel=\"next\"", StringComparison.Ordinal)) continue;
            var target = link[(open + 1)..close];
            if (target.StartsWith("/api/v1/", StringComparison.Ordinal)) return target["/api/v1/".Length..];
        }
        return null;
    }
}
