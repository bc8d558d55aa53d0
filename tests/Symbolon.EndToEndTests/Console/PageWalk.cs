using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Symbolon.EndToEndTests.Console;

/// <summary>
/// Follows every link of every page, and keeps where it started and some of each kind: two addresses a route, and one more for each set of
/// names in a query, or for each value where that makes another page.
/// </summary>
internal static partial class PageWalk
{
    private static readonly string[] OtherPages = ["view", "state", "show"];

    public static async Task<IReadOnlyList<FoundPage>> FromAsync(IAPIRequestContext requests, params string[] starts)
    {
        var waiting = new Queue<string>(starts);
        var found = new List<FoundPage>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var kept = new Dictionary<string, int>(StringComparer.Ordinal);
        while (waiting.TryDequeue(out var address))
        {
            var (path, query) = (address.Split('?')[0], address.Split('?').ElementAtOrDefault(1));
            if (!seen.Add(address) || ConsoleRoutes.Of("GET", path) is not { } route) continue;
            var kind = $"{route.Pattern}?{string.Join('&', (query ?? "").Split('&').Select(each => OtherPages.Contains(each.Split('=')[0]) ? each : each.Split('=')[0]).Order(StringComparer.Ordinal))}";
            kept[kind] = kept.GetValueOrDefault(kind) + 1;
            if (kept[kind] > (query is null ? 2 : 1) && !starts.Contains(address)) continue;
            var answer = await requests.GetAsync(address);
            if (answer.Status != 200) throw new InvalidOperationException($"A link leads to {address}, which answers {answer.Status}.");
            // A file to save is no page.
            if (!answer.Headers["content-type"].StartsWith("text/html", StringComparison.Ordinal)) continue;
            found.Add(new FoundPage(address, route.Pattern));
            foreach (Match link in Links().Matches(await answer.TextAsync())) waiting.Enqueue(WebUtility.HtmlDecode(link.Groups[1].Value));
        }
        return found.Count > 0 ? found : throw new InvalidOperationException("No page was found.");
    }

    [GeneratedRegex("<a\\b[^>]*?\\shref=\"(/[^\"#]*)")]
    private static partial Regex Links();
}
