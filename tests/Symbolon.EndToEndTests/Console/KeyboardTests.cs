using Microsoft.Playwright;
using Xunit;

namespace Symbolon.EndToEndTests.Console;

/// <summary>The console by keys alone.</summary>
[Collection(nameof(FilledConsole))]
[Trait("area", "console")]
public sealed class KeyboardTests(FilledConsole console)
{
    [Fact]
    public async Task A_slash_goes_to_the_search_of_the_page_and_into_a_field_it_is_typed()
    {
        await using var tab = await console.OpenAsync();
        await tab.GoAsync("/servers");
        await tab.Page.Keyboard.PressAsync("/");
        await Assertions.Expect(tab.Page.Locator("main [data-search]")).ToBeFocusedAsync();
        await tab.Page.Keyboard.TypeAsync("a/g s");
        await Assertions.Expect(tab.Page.Locator("main [data-search]")).ToHaveValueAsync("a/g s");
        Assert.Empty(tab.TakeFaults());
    }

    [Fact]
    public async Task G_and_a_letter_go_to_each_place()
    {
        await using var tab = await console.OpenAsync();
        await tab.GoAsync("/servers");
        var places = await tab.Page.Locator(".nav a[data-go]").AllAsync();
        Assert.NotEmpty(places);
        foreach (var (key, path) in await Task.WhenAll(places.Select(async place => (await place.GetAttributeAsync("data-go"), await place.GetAttributeAsync("href")))))
        {
            await tab.GoAsync("/servers?q=elsewhere");
            await tab.Page.Keyboard.PressAsync("g");
            await tab.Page.Keyboard.PressAsync(key!);
            await Assertions.Expect(tab.Page).ToHaveURLAsync(new Uri(console.Symbolon.Url, path).ToString());
            await Assertions.Expect(tab.Page.Locator(".nav a[aria-current=page]")).ToHaveAttributeAsync("href", path!);
        }
        Assert.Empty(tab.TakeFaults());
    }

    [Fact]
    public async Task A_question_mark_opens_the_list_of_keys_and_escape_closes_it_and_gives_the_focus_back()
    {
        await using var tab = await console.OpenAsync();
        await tab.GoAsync("/servers");
        var place = tab.Page.Locator(".nav a").First;
        await place.FocusAsync();
        await tab.Page.Keyboard.PressAsync("?");
        var list = tab.Page.Locator("dialog#keys");
        await Assertions.Expect(list).ToBeVisibleAsync();
        foreach (var shown in await tab.Page.Locator(".nav a[data-go]").AllAsync())
            // Without the number of what waits there.
            await Assertions.Expect(list).ToContainTextAsync((await shown.EvaluateAsync<string>("link => [...link.childNodes].filter(node => node.nodeType === Node.TEXT_NODE).map(node => node.data).join('')")).Trim());
        Assert.True(await list.EvaluateAsync<bool>("list => list.contains(document.activeElement)"), "The focus is not in the list.");
        await tab.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(list).ToBeHiddenAsync();
        await Assertions.Expect(place).ToBeFocusedAsync();
    }

    [Fact]
    public async Task The_first_key_leads_past_the_navigation_and_wherever_the_focus_goes_it_is_seen()
    {
        await using var tab = await console.OpenAsync();
        var faults = new List<string>();
        foreach (var page in console.Pages)
        {
            await page.OpenAsync(tab);
            // A page that puts the focus somewhere itself begins there.
            await tab.Page.EvaluateAsync("() => { document.activeElement.blur(); getSelection().removeAllRanges(); }");
            await tab.Page.Keyboard.PressAsync("Tab");
            var first = await tab.Page.EvaluateAsync<string?>("() => document.activeElement.getAttribute('href')");
            if (first != "#main") faults.Add($"{page.Address}: the first stop is {first}, not the way to the content");
            for (var stop = 0; stop < 40 && await tab.Page.EvaluateAsync<string?>(Unseen) is var seen && seen != Nowhere; stop++)
            {
                if (seen is not null) faults.Add($"{page.Address}: {seen}");
                await tab.Page.Keyboard.PressAsync("Tab");
            }
        }
        Assert.Empty(faults.Distinct());
    }

    [Fact]
    public async Task The_theme_is_switched_at_once_and_kept_by_the_next_page()
    {
        await using var tab = await console.OpenAsync();
        await tab.GoAsync("/servers");
        await tab.Page.Locator("[data-theme-toggle]").ClickAsync();
        await Assertions.Expect(tab.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        var html = await (await tab.Window.APIRequest.GetAsync("/servers")).TextAsync();
        Assert.Contains("<html lang=\"en\" data-theme=\"dark\">", html, StringComparison.Ordinal);
    }

    private const string Nowhere = "nothing";

    /// <summary>What has the focus, if nobody can see that it has: no ring on it or around it, or not in the window.</summary>
    private const string Unseen = $$"""
        () => {
          if (document.activeElement === document.body) return "{{Nowhere}}";
          const at = document.activeElement, style = element => getComputedStyle(element), box = at.getBoundingClientRect();
          const ringed = element => element && (style(element).boxShadow !== "none" || (style(element).outlineStyle !== "none" && parseFloat(style(element).outlineWidth) > 0));
          // A choice that is drawn by its label has the ring there.
          const drawn = [at, at.labels?.[0], at.nextElementSibling, at.parentElement];
          const what = at.outerHTML.slice(0, 120);
          if (!drawn.some(ringed)) return "no ring around " + what;
          if (box.bottom < 0 || box.top > innerHeight) return "outside of the window: " + what;
          return null;
        }
        """;
}
