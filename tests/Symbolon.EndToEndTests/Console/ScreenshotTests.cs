using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Symbolon.Testing;
using Xunit;

namespace Symbolon.EndToEndTests.Console;

/// <summary>
/// A picture of every page in docs/screenshots. With <c>SYMBOLON_SCREENSHOTS=write</c> they are made anew, without it this says which
/// page has none.
/// </summary>
[Collection(nameof(FilledConsole))]
[Trait("area", "console")]
public sealed partial class ScreenshotTests(FilledConsole console)
{
    internal static readonly string Folder = Repo.At("docs", "screenshots");

    internal static bool Writes => Environment.GetEnvironmentVariable("SYMBOLON_SCREENSHOTS") == "write";

    /// <summary>Pixels.</summary>
    private const int Highest = 3000;

    /// <summary>Bytes: the pictures are part of every clone.</summary>
    private const int Largest = 220_000;

    /// <summary>Also in dark: the pages with most colours.</summary>
    private static readonly string[] AlsoDark = ["/", "/servers/{name}", "/audit/{seq}", "/reviews/{name}", OAuthPages.Authorize];

    /// <summary>What looks different from its route's first page.</summary>
    private static readonly FoundPage[] Views =
    [
        new("/servers/orders?view=activity", "/servers/{name}/activity"), new("/servers/orders?view=access", "/servers/{name}/access"), new("/servers/orders?view=history", "/servers/{name}/history"),
        new("/servers/orders?view=manifest&since=2", "/servers/{name}/manifest"),
        new("/policies/customers?view=file", "/policies/{name}/file"), new("/policies/customers?view=tests", "/policies/{name}/tests"), new("/policies/customers?view=history&since=1", "/policies/{name}/history"),
        new("/servers/releases?view=credential", "/servers/{name}/credential"), new("/servers/memory", "/servers/{name}/first-approval"), new("/audit/{seq}", "/audit/{seq}/allowed"),
    ];

    [Fact]
    public async Task Every_page_has_a_picture_wide_and_narrow()
    {
        var writes = Writes;
        var expected = new HashSet<string>(FirstStepsTests.Pictures, StringComparer.Ordinal);
        foreach (var page in console.Pages.DistinctBy(page => page.Route).Concat(Views))
        {
            foreach (var (width, scheme) in new[] { (1440, ColorScheme.Light), (390, ColorScheme.Light), (1440, ColorScheme.Dark) })
            {
                if (scheme == ColorScheme.Dark && !AlsoDark.Contains(page.Route)) continue;
                var name = $"{NameOf(page.Route)}-{width}{(scheme == ColorScheme.Dark ? "-dark" : "")}.png";
                expected.Add(name);
                if (writes) await WriteAsync(await BestAsync(page), width, scheme, Path.Combine(Folder, name));
            }
        }
        Assert.Empty(expected.Where(name => !File.Exists(Path.Combine(Folder, name))).Select(name => $"{name} is missing: run with SYMBOLON_SCREENSHOTS=write"));
        Assert.Empty(Directory.GetFiles(Folder).Where(file => new FileInfo(file).Length > Largest).Select(file => $"{file} has more than {Largest} bytes"));
        Assert.Empty(Directory.GetFiles(Folder).Select(Path.GetFileName).Where(name => !expected.Contains(name!)).Select(name => $"{name} is of no page that there is"));
    }

    private async Task WriteAsync(FoundPage page, int width, ColorScheme scheme, string path)
    {
        await using var tab = await console.OpenAsync(width, scheme);
        await page.OpenAsync(tab);
        await WriteAsync(tab, width, path);
    }

    internal static async Task WriteAsync(Tab tab, int width, string path)
    {
        Directory.CreateDirectory(Folder);
        // A window as high as the page: what keeps its place in the window would stand in the middle of the picture.
        await tab.Page.SetViewportSizeAsync(width, LeastOf(width));
        await tab.Page.SetViewportSizeAsync(width, Math.Clamp(await tab.Page.EvaluateAsync<int>("() => document.documentElement.scrollHeight"), LeastOf(width), Highest));
        await File.WriteAllBytesAsync(path, PalettePng.Of(await tab.Page.ScreenshotAsync(new PageScreenshotOptions { Animations = ScreenshotAnimations.Disabled })), TestContext.Current.CancellationToken);
    }

    private static int LeastOf(int width) => width < 720 ? 844 : 900;

    /// <summary>Where several pages are of one kind, the one with most on it.</summary>
    private async Task<FoundPage> BestAsync(FoundPage page) => page.Route switch
    {
        "/servers/{name}" => page with { Address = "/servers/orders" },
        "/policies/{name}" => page with { Address = "/policies/customers" },
        "/reviews/{name}" => page with { Address = $"/reviews/{(string)(await console.Setup.Api.GetAsync("/servers/orders"))["pendingReview"]!}" },
        "/audit/{seq}" => page with { Address = await CallOfAsync("delete_customer") },
        "/audit/{seq}/allowed" => page with { Address = await CallOfAsync("find_customer") + "?tool=find_customer" },
        _ => page,
    };

    private async Task<string> CallOfAsync(string tool) => $"/audit/{(long)(await console.Setup.Api.GetAsync($"/audit?tool={tool}&limit=1"))[0]!["seq"]!}";

    /// <summary><c>/servers/{name}</c> is <c>servers-name</c>.</summary>
    private static string NameOf(string pattern) => pattern == "/" ? "overview" : NoLetters().Replace(pattern.Split(':')[0], "-").Trim('-');

    [GeneratedRegex("[^a-z]+")]
    private static partial Regex NoLetters();
}
