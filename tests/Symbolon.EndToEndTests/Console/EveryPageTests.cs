using Xunit;

namespace Symbolon.EndToEndTests.Console;

/// <summary>What holds for every page of a filled console.</summary>
[Collection(nameof(FilledConsole))]
[Trait("area", "console")]
public sealed class EveryPageTests(FilledConsole console)
{
    [Fact]
    public void Every_page_is_found_by_following_links()
    {
        var found = console.Pages.Select(page => page.Route).ToHashSet(StringComparer.Ordinal);
        Assert.Contains(IssuedPages.Issued, found);
        Assert.Contains(IssuedPages.Rotated, found);
        Assert.Empty(ConsoleRoutes.All.Where(route => route.Method == "GET" && !NotPages.Contains(route.Pattern) && !found.Contains(route.Pattern)).Select(route => route.Pattern));
    }

    [Fact]
    public async Task Axe_finds_nothing_in_light_and_in_dark_and_no_text_lies_on_text_or_reaches_out_at_both_widths()
    {
        await using var tab = await console.OpenAsync();
        var faults = new List<string>();
        foreach (var page in console.Pages)
        {
            await page.OpenAsync(tab);
            faults.AddRange(await LookedAt.FaultsAsync(tab, page.Address));
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public async Task What_axe_finds_is_told()
    {
        await using var tab = await console.OpenAsync();
        await tab.GoAsync("/servers");
        Assert.Empty(await Axe.FaultsAsync(tab.Page));
        await tab.Page.EvaluateAsync("() => { const image = document.createElement('img'); document.querySelector('main').append(image); document.querySelector('h1').style.color = '#ccc'; }");
        var faults = await Axe.FaultsAsync(tab.Page);
        Assert.Contains(faults, fault => fault.StartsWith("image-alt,", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.StartsWith("color-contrast,", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Text_that_lies_on_text_or_is_cut_off_is_found()
    {
        await using var tab = await console.OpenAsync();
        await tab.GoAsync("/people/users/alice%40example.com");
        Assert.Empty(await TextOnText.FindAsync(tab.Page));
        await tab.Page.EvaluateAsync("() => document.querySelectorAll('.facts .row').forEach(each => each.style.flexWrap = 'nowrap')");
        Assert.Contains(await TextOnText.FindAsync(tab.Page), fault => fault.Contains("lies on", StringComparison.Ordinal));
        await tab.Page.ReloadAsync();
        await tab.Page.EvaluateAsync("() => Object.assign(document.querySelector('h1').style, { overflow: 'hidden', width: '2rem', whiteSpace: 'nowrap' })");
        Assert.Contains(await TextOnText.FindAsync(tab.Page), fault => fault.Contains("cuts off", StringComparison.Ordinal));
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
