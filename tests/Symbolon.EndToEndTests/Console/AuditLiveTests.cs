using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Symbolon.EndToEndTests.Console;

/// <summary>The audit in a browser while calls are made.</summary>
[Collection(nameof(FilledConsole))]
[Trait("area", "console")]
public sealed class AuditLiveTests(FilledConsole console)
{
    [Fact]
    public async Task Calls_appear_by_themselves_wait_while_the_page_is_paused_and_open_beside_the_list()
    {
        await using var tab = await console.OpenAsync();
        await tab.GoAsync("/audit?user=alice%40example.com");
        var said = tab.Page.Locator("[data-live-said]");
        var rows = tab.Page.Locator("[data-live] tbody tr");
        await Expect(said).ToHaveTextAsync("Live");
        var before = await rows.CountAsync();

        await CallAsync();
        await Expect(rows).ToHaveCountAsync(before + 1);
        await Expect(said).ToHaveTextAsync("Live, 1 new");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await CallAsync();
        await Expect(said).ToHaveTextAsync("Paused, 1 waiting");
        await Expect(rows).ToHaveCountAsync(before + 1);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Expect(rows).ToHaveCountAsync(before + 2);
        await Expect(said).ToHaveTextAsync("Live, 2 new");

        await rows.First.Locator("a.plain").ClickAsync();
        await Expect(tab.Page.Locator("#entry")).ToContainTextAsync("called list_orders on orders");
        await tab.Page.Keyboard.PressAsync("Escape");
        await Expect(tab.Page.Locator("#entry")).ToHaveCountAsync(0);
        Assert.EndsWith("/audit?user=alice%40example.com", tab.Page.Url.Split('#')[0], StringComparison.Ordinal);
        Assert.Empty(tab.TakeFaults());
    }

    private async Task CallAsync() => await console.Wire.CallAsync("orders", console.Alice.Secret, "list_orders");
}
