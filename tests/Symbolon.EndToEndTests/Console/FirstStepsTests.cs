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
    public static readonly IReadOnlyList<string> Pictures = ["first-steps-1440.png", "first-steps-390.png", "sign-in-link-1440.png", "sign-in-link-390.png"];

    [Fact]
    public async Task The_commands_of_the_four_steps_lead_to_a_token_as_they_stand_there_and_each_done_step_says_so()
    {
        await using var orders = await SampleServer.StartAsync("Orders");
        await using var symbolon = await SymbolonProcess.StartAsync();
        await using var tab = await SignedInAsync(symbolon);
        var first = await tab.Page.Locator("section[aria-labelledby=shell] code").InnerTextAsync();
        Assert.DoesNotContain(symbolon.AdminToken, first, StringComparison.Ordinal);
        var commands = (await tab.Page.Locator(".steps .code code").AllInnerTextsAsync()).Select(text => text.Trim()).ToList();
        Assert.Equal(4, commands.Count);
        await using (var shell = Shell())
        {
            await TypeAsync(shell, first);
            for (var step = 0; step < 3; step++)
            {
                // As it stands there, but for the address of the sample, which has another port.
                await TypeAsync(shell, commands[step].Replace("http://127.0.0.1:7001/mcp", orders.Url.ToString(), StringComparison.Ordinal));
                await tab.GoAsync("/");
                await Expect(tab.Page.Locator(".steps .done")).ToHaveCountAsync(step + 1);
            }
        }
        // Another shell, on another day of the same server, in which another server was used before.
        await using var later = Shell(("SYMBOLON_URL", "http://127.0.0.1:1"), ("SYMBOLON_TOKEN_FILE", "/nowhere"));
        await TypeAsync(later, first);
        Assert.Contains("/t/mcp/docs", await TypeAsync(later, commands[3]), StringComparison.Ordinal);
        Assert.Empty(tab.TakeFaults());
    }

    [Fact]
    public async Task They_and_the_one_time_link_before_them_look_as_every_page_must_and_have_a_picture()
    {
        await using var symbolon = await SymbolonProcess.StartAsync();
        await using var link = await chromium.OpenAsync(symbolon.Url);
        await link.GoAsync(LinkOf(symbolon));
        await Expect(link.Page.GetByText("Your one-time link is good")).ToBeVisibleAsync();
        await LookAsync(link, "sign-in-link");
        await using var tab = await SignedInAsync(symbolon);
        await LookAsync(tab, "first-steps");
        Assert.All(Pictures, name => Assert.True(File.Exists(Path.Combine(ScreenshotTests.Folder, name)), $"{name} is missing: run with SYMBOLON_SCREENSHOTS=write"));
    }

    private static string LinkOf(SymbolonProcess symbolon) => File.ReadAllText(Path.Combine(symbolon.Folder, "sign-in-link")).Trim();

    private static async Task LookAsync(Tab tab, string name)
    {
        Assert.Empty(await LookedAt.FaultsAsync(tab, name));
        if (!ScreenshotTests.Writes) return;
        foreach (var width in new[] { LookedAt.Wide, LookedAt.Narrow }) await ScreenshotTests.WriteAsync(tab, width, Path.Combine(ScreenshotTests.Folder, $"{name}-{width}.png"));
    }

    /// <summary>One that knows nothing of the server, and in which the program is on no path.</summary>
    private static ChildProcess Shell(params (string Name, string Value)[] known)
    {
        var environment = new Dictionary<string, string?> { ["PATH"] = "/usr/bin:/bin", ["SYMBOLON_URL"] = null, ["SYMBOLON_TOKEN"] = null, ["SYMBOLON_TOKEN_FILE"] = null, ["XDG_CONFIG_HOME"] = "/nowhere" };
        foreach (var (name, value) in known) environment[name] = value;
        return ChildProcess.Start("/bin/bash", ["--noprofile", "--norc"], environment);
    }

    /// <returns>What it has written so far.</returns>
    private static async Task<string> TypeAsync(ChildProcess shell, string lines)
    {
        var mark = $"ended-{Guid.NewGuid():N}";
        await shell.WriteLineAsync($"{lines}\necho {mark} $?");
        var ended = await shell.LineAsync(line => line.StartsWith(mark, StringComparison.Ordinal), TimeSpan.FromMinutes(2));
        Assert.True(ended == $"{mark} 0", $"{lines}\n{string.Join('\n', shell.Output.Concat(shell.Errors))}");
        return string.Join('\n', shell.Output);
    }

    private async Task<Tab> SignedInAsync(SymbolonProcess symbolon)
    {
        var tab = await chromium.OpenAsync(symbolon.Url);
        await tab.GoAsync(LinkOf(symbolon));
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in as administrator", Exact = true }).ClickAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Name = "Welcome to Symbolon" })).ToBeVisibleAsync();
        return tab;
    }
}
