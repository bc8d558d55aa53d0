using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Symbolon.EndToEndTests.Cli;
using Symbolon.Testing.Processes;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Symbolon.EndToEndTests.Console;

/// <summary>The console of somebody who just started it: the four steps, and that their commands are commands.</summary>
[Trait("area", "console")]
public sealed class FirstStepsTests(Chromium chromium)
{
    public static readonly IReadOnlyList<string> Pictures = ["first-steps-1440.png", "first-steps-390.png"];

    [Fact]
    public async Task The_commands_of_the_four_steps_lead_to_a_token_as_they_stand_there_and_each_done_step_says_so()
    {
        await using var orders = await SampleServer.StartAsync("Orders");
        await using var symbolon = await SymbolonProcess.StartAsync();
        await using var tab = await SignedInAsync(symbolon);
        var commands = (await tab.Page.Locator(".steps .code code").AllInnerTextsAsync()).Select(text => text.Trim()).ToList();
        Assert.Equal(4, commands.Count);
        for (var step = 0; step < 3; step++)
        {
            // As it stands there, but for the address, which is this machine's.
            var words = commands[step].Split(' ')[1..].Select(word => word.StartsWith("http", StringComparison.Ordinal) ? orders.Url.ToString() : word).ToArray();
            (await symbolon.RunAsync(words)).Expect();
            await tab.GoAsync("/");
            await Expect(tab.Page.Locator(".steps .done")).ToHaveCountAsync(step + 1);
        }
        Assert.StartsWith("symbolon audit tail", commands[3], StringComparison.Ordinal);
        Assert.Empty(tab.TakeFaults());
    }

    [Fact]
    public async Task Axe_finds_nothing_on_them_nothing_scrolls_sideways_and_they_have_a_picture()
    {
        await using var symbolon = await SymbolonProcess.StartAsync();
        await using var tab = await SignedInAsync(symbolon);
        foreach (var width in new[] { 1440, 390 })
        {
            await tab.Page.SetViewportSizeAsync(width, 900);
            foreach (var scheme in new[] { ColorScheme.Dark, ColorScheme.Light })
            {
                await tab.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
                Assert.Empty((await tab.Page.RunAxe()).Violations.Select(violation => $"{width} {scheme}: {violation.Id}: {violation.Help}"));
            }
            Assert.Empty(await tab.TooWideAsync());
            if (ScreenshotTests.Writes) await ScreenshotTests.WriteAsync(tab, width, Path.Combine(ScreenshotTests.Folder, $"first-steps-{width}.png"));
        }
        Assert.All(Pictures, name => Assert.True(File.Exists(Path.Combine(ScreenshotTests.Folder, name)), $"{name} is missing: run with SYMBOLON_SCREENSHOTS=write"));
    }

    private async Task<Tab> SignedInAsync(SymbolonProcess symbolon)
    {
        var tab = await chromium.OpenAsync(symbolon.Url);
        await tab.GoAsync((await File.ReadAllTextAsync(Path.Combine(symbolon.Folder, "sign-in-link"), TestContext.Current.CancellationToken)).Trim());
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in as administrator", Exact = true }).ClickAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Name = "Welcome to Symbolon" })).ToBeVisibleAsync();
        return tab;
    }
}
