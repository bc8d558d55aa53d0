using Microsoft.Playwright;
using Xunit;

namespace Symbolon.EndToEndTests.Console;

/// <summary>The console in a browser that runs no script.</summary>
[Collection(nameof(FilledConsole))]
[Trait("area", "console")]
public sealed class WithoutScriptTests(FilledConsole console, Chromium chromium)
{
    [Fact]
    public async Task No_page_shows_a_button_that_does_nothing()
    {
        await using var tab = await console.OpenAsync(scripts: false);
        var faults = new List<string>();
        foreach (var page in console.Pages)
        {
            await page.OpenAsync(tab);
            faults.AddRange((await tab.Page.EvaluateAsync<string[]>("""
                () => [...document.querySelectorAll("button, a")].filter(each => each.checkVisibility() && !(each.tagName === "A" ? each.getAttribute("href") : each.form && each.type === "submit")).map(each => each.outerHTML.slice(0, 160))
                """)).Select(dead => $"{page.Address}: {dead}"));
        }
        Assert.Empty(faults);
    }

    [Fact]
    public async Task Signing_in_by_token_searching_and_signing_out_are_forms()
    {
        await using var tab = await chromium.OpenAsync(console.Symbolon.Url, scripts: false);
        Assert.Equal(401, await tab.GoAsync("/servers"));
        await tab.Page.GetByLabel("Admin token").FillAsync(console.Symbolon.AdminToken);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in with token" }).ClickAsync();
        await tab.GoAsync("/servers");
        await tab.Page.GetByRole(AriaRole.Searchbox).FillAsync("order");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Search" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("main tbody tr")).ToHaveCountAsync(1);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        Assert.Equal(401, await tab.GoAsync("/servers"));
    }
}
