using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;

namespace Symbolon.Bench;

/// <summary>One page of the console over a small store and over a large one, milliseconds, medians.</summary>
internal sealed record PageTime(string Page, double Small, double Large)
{
    public double Ratio => Large / Small;
}

/// <summary>
/// The console's pages over 10,000 tokens and 1,000,000 audit records beside the same pages over 10 and 1,000. Both stores are filled with
/// copies of what the same few calls left in them. The pages are found by following links.
/// </summary>
internal static partial class FilledPages
{
    private const int Samples = 15;

    /// <summary>Nothing links to a search for what is rare; people make it themselves.</summary>
    private static readonly string[] Rare = ["/audit?user=rare%40example.com", "/tokens?q=rare"];

    public static async Task<IReadOnlyList<PageTime>> MeasureAsync(Uri minimal)
    {
        await using var small = await FilledConsole.StartAsync(minimal, tokens: 10, records: 1_000);
        await using var large = await FilledConsole.StartAsync(minimal, tokens: 10_000, records: 1_000_000);
        var times = new List<PageTime>();
        foreach (var (page, twin) in (await PairsAsync(small, large)).Concat(Rare.Select(rare => (rare, rare))))
        {
            var (few, many) = (new List<double>(), new List<double>());
            // In turns, so that both see the same machine; the first of each is counted by nobody.
            for (var sample = 0; sample <= Samples; sample++)
            {
                if (await TimeAsync(small, twin) is not { } first || await TimeAsync(large, page) is not { } second) throw new InvalidOperationException($"{page} does not answer.");
                if (sample == 0) continue;
                few.Add(first);
                many.Add(second);
            }
            times.Add(new PageTime(Shape(page), Figures.Median(few), Figures.Median(many)));
        }
        return times;
    }

    private static async Task<double?> TimeAsync(FilledConsole console, string page)
    {
        var start = Stopwatch.GetTimestamp();
        using var answer = await console.Client.GetAsync(console.AddressOf(page));
        await answer.Content.ReadAsByteArrayAsync();
        return answer.StatusCode == HttpStatusCode.OK ? Stopwatch.GetElapsedTime(start).TotalMilliseconds : null;
    }

    /// <summary>Each page of the large store beside the one of the small store that is like it; beside the list itself where only the large one has further pages.</summary>
    private static async Task<IEnumerable<(string Page, string Twin)>> PairsAsync(FilledConsole small, FilledConsole large)
    {
        var twins = (await PagesAsync(small)).ToDictionary(Shape, StringComparer.Ordinal);
        return (await PagesAsync(large)).Select(page => (page, twins.TryGetValue(Shape(page), out var twin) ? twin : twins[Shape(page.Split('?')[0])]));
    }

    /// <summary>One page of each shape that links lead to, one record and one token among them.</summary>
    private static async Task<IReadOnlyList<string>> PagesAsync(FilledConsole console)
    {
        var waiting = new Queue<string>(["/"]);
        var shapes = new HashSet<string>(StringComparer.Ordinal);
        var pages = new List<string>();
        while (waiting.TryDequeue(out var page))
        {
            if (!shapes.Add(Shape(page))) continue;
            using var answer = await console.Client.GetAsync(console.AddressOf(page), HttpCompletionOption.ResponseHeadersRead);
            // Exports are files, and take as long as they are large.
            if (answer.Content.Headers.ContentType?.MediaType != "text/html") continue;
            pages.Add(page);
            foreach (Match link in Links().Matches(await answer.Content.ReadAsStringAsync())) waiting.Enqueue(WebUtility.HtmlDecode(link.Groups[1].Value));
        }
        return pages;
    }

    /// <summary>The address with what it names left out: numbers, ids, and the values of a query.</summary>
    private static string Shape(string page)
    {
        var parts = page.Split('?');
        var path = Named().Replace(parts[0], "$1/…");
        return parts.Length == 1 ? path : $"{path}?{string.Join('&', parts[1].Split('&').Select(each => each.Split('=')[0]).Order(StringComparer.Ordinal))}{(Rare.Contains(page) ? " (rare)" : "")}";
    }

    [GeneratedRegex("<a\\b[^>]*?\\shref=\"(/[^\"#]*)")]
    private static partial Regex Links();

    [GeneratedRegex("^(/(?:servers|tokens|audit|reasons|people/(?:users|agents|workflows)))/(?!issue$)[^/]+")]
    private static partial Regex Named();
}
