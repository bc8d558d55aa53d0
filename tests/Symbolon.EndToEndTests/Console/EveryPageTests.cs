using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Symbolon.EndToEndTests.Console;

/// <summary>What holds for every page of a filled console.</summary>
[Collection(nameof(FilledConsole))]
[Trait("area", "console")]
public sealed class EveryPageTests(FilledConsole console)
{
    private const int Narrow = 390;

    [Fact]
    public void Every_page_is_found_by_following_links()
    {
        var found = console.Pages.Select(page => page.Route).ToHashSet(StringComparer.Ordinal);
        Assert.Contains(IssuedPages.Issued, found);
        Assert.Contains(IssuedPages.Rotated, found);
        Assert.Empty(ConsoleRoutes.All.Where(route => route.Method == "GET" && !NotPages.Contains(route.Pattern) && !found.Contains(route.Pattern)).Select(route => route.Pattern));
    }

    [Fact]
    public async Task Axe_finds_nothing_in_light_and_in_dark_at_both_widths()
    {
        await using var tab = await console.OpenAsync();
        var faults = new List<string>();
        foreach (var page in console.Pages)
        {
            await page.OpenAsync(tab);
            foreach (var width in new[] { 1440, Narrow })
            {
                await tab.Page.SetViewportSizeAsync(width, 900);
                foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
                {
                    await tab.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
                    var result = await tab.Page.RunAxe();
                    Assert.NotEmpty(result.Passes);
                    faults.AddRange(result.Violations.Select(violation =>
                        $"{page.Address} {width} {scheme}: {violation.Id}, {violation.Help}: {string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html))}"));
                }
            }
            faults.AddRange(tab.TakeFaults());
        }
        Assert.Empty(faults);
    }

    [Fact]
    public async Task No_page_has_an_error_on_its_console_a_failed_request_or_anything_that_its_policy_forbids()
    {
        await using var tab = await console.OpenAsync();
        // A violation of the policy is an error on the console too; the event also names those that are only reported.
        await tab.Window.AddInitScriptAsync("addEventListener('securitypolicyviolation', event => console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI));");
        var faults = new List<string>();
        foreach (var page in console.Pages)
        {
            await page.OpenAsync(tab);
            faults.AddRange(tab.TakeFaults());
        }
        Assert.Empty(faults);
    }

    [Fact]
    public async Task Nothing_but_code_and_the_navigation_scrolls_sideways_on_a_phone()
    {
        await using var tab = await console.OpenAsync(Narrow);
        var faults = new List<string>();
        foreach (var page in console.Pages)
        {
            await page.OpenAsync(tab);
            faults.AddRange((await tab.TooWideAsync()).Select(fault => $"{page.Address}: {fault}"));
        }
        Assert.Empty(faults);
    }

    [Fact]
    public async Task No_fact_reaches_into_the_one_beside_it()
    {
        await using var tab = await console.OpenAsync();
        var faults = new List<string>();
        foreach (var page in console.Pages)
        {
            await page.OpenAsync(tab);
            faults.AddRange((await tab.Page.EvaluateAsync<string[]>(
                "() => [...document.querySelectorAll('.facts > div')].filter(fact => fact.scrollWidth > fact.clientWidth + 1).map(fact => fact.textContent.trim())")).Select(fact => $"{page.Address}: {fact}"));
        }
        Assert.Empty(faults);
    }

    [Fact]
    public async Task Every_page_has_one_main_heading_and_says_where_it_is()
    {
        await using var tab = await console.OpenAsync(scripts: false);
        foreach (var page in console.Pages)
        {
            await page.OpenAsync(tab);
            Assert.True(await tab.Page.Locator("h1").CountAsync() == 1, $"{page.Address} has no one h1.");
            Assert.EndsWith(" · Symbolon", await tab.Page.TitleAsync(), StringComparison.Ordinal);
        }
    }

    /// <summary>Answered by GET and no page: files, streams, and what only says where to go.</summary>
    private static readonly string[] NotPages = ["/assets/app.css", "/assets/app.js", "/assets/icon.svg", "/audit/export", "/audit/live", "/tokens/{id}/first-call"];
}
