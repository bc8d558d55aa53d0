using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Console;

/// <summary>What live pages hold open: a browser has six connections to a host, and people forget tabs.</summary>
[Collection(nameof(FilledConsole))]
[Trait("area", "console")]
public sealed class LiveStreamTests(FilledConsole console)
{
    /// <summary>Notes each stream, and lets the test say whether the tab is looked at.</summary>
    private const string Watch = """
        window.streams = [];
        window.EventSource = class extends EventSource { constructor(address) { super(address); streams.push(this); } };
        Object.defineProperty(document, "hidden", { get: () => window.isHidden ?? false });
        """;

    [Fact]
    public async Task A_tab_has_one_stream_lets_go_of_it_when_it_is_hidden_and_goes_on_when_it_is_looked_at_again()
    {
        await using var tab = await console.OpenAsync();
        await tab.Window.AddInitScriptAsync(Watch);
        await tab.GoAsync("/audit?user=alice%40example.com");
        await WaitAsync(tab, [1]);
        await HideAsync(tab, true);
        await WaitAsync(tab, [2]);
        var before = await tab.Page.Locator("[data-live] tbody tr").CountAsync();
        await console.Wire.CallAsync("orders", console.Alice.Secret, "list_orders");
        await HideAsync(tab, false);
        await WaitAsync(tab, [2, 1]);
        // What was missed meanwhile is filled in.
        await Microsoft.Playwright.Assertions.Expect(tab.Page.Locator("[data-live] tbody tr")).ToHaveCountAsync(before + 1);
        await tab.Page.Locator("[data-live-pause]").ClickAsync();
        await tab.Page.Locator("[data-live-pause]").ClickAsync();
        await WaitAsync(tab, [2, 1]);
        Assert.Empty(tab.TakeFaults());
    }

    [Fact]
    public async Task Behind_seven_forgotten_tabs_an_eighth_still_answers()
    {
        await using var first = await console.OpenAsync();
        await first.Window.AddInitScriptAsync(Watch);
        var tabs = new List<Tab> { first };
        while (tabs.Count < 7) tabs.Add(await first.AnotherAsync());
        foreach (var tab in tabs)
        {
            Assert.Equal(200, await tab.GoAsync("/audit"));
            await HideAsync(tab, true);
        }
        var eighth = await first.AnotherAsync();
        Assert.Equal(200, await eighth.GoAsync("/audit"));
        await WaitAsync(eighth, [1]);
        foreach (var tab in tabs) await WaitAsync(tab, [2]);
    }

    private static async Task HideAsync(Tab tab, bool isHidden) =>
        await tab.Page.EvaluateAsync("isHidden => { window.isHidden = isHidden; document.dispatchEvent(new Event('visibilitychange')); }", isHidden);

    /// <summary>Of each stream that the page ever made: 0 connecting, 1 open, 2 closed.</summary>
    private static Task<int[]> StatesAsync(Tab tab) => tab.Page.EvaluateAsync<int[]>("() => streams.map(stream => stream.readyState)");

    private static async Task WaitAsync(Tab tab, int[] states) =>
        await Deadline.ForAsync($"the streams to be {string.Join(", ", states)}", async () => (await StatesAsync(tab)).SequenceEqual(states) ? states : null);
}
