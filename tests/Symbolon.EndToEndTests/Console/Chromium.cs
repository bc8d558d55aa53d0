using Microsoft.Playwright;
using Symbolon.EndToEndTests.Console;
using Xunit;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace Symbolon.EndToEndTests.Console;

/// <summary>
/// Debian's Chromium, driven by the Playwright package with the node program that it brings along: nothing is fetched. Started by the
/// first test that asks for it.
/// </summary>
public sealed class Chromium : IAsyncDisposable
{
    private readonly Lazy<Task<IBrowser>> browser;
    private IPlaywright? playwright;

    public Chromium() => browser = new Lazy<Task<IBrowser>>(StartAsync);

    /// <summary>A window of its own, with its own cookies.</summary>
    /// <param name="cookies">Playwright's storage state; null for a visitor that nobody knows.</param>
    public async Task<Tab> OpenAsync(Uri origin, string? cookies = null, int width = 1440, ColorScheme scheme = ColorScheme.Light, bool scripts = true) =>
        await Tab.OpenAsync(origin, await (await browser.Value).NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = origin.ToString(),
            StorageState = cookies,
            ViewportSize = new ViewportSize { Width = width, Height = width < 720 ? 844 : 900 },
            ColorScheme = scheme,
            JavaScriptEnabled = scripts,
            ReducedMotion = ReducedMotion.Reduce,
            Permissions = ["clipboard-read", "clipboard-write"],
            Locale = "en-GB",
            TimezoneId = "UTC",
        }), scripts);

    public async ValueTask DisposeAsync()
    {
        if (browser.IsValueCreated) await (await browser.Value).DisposeAsync();
        playwright?.Dispose();
    }

    private async Task<IBrowser> StartAsync()
    {
        playwright = await Playwright.CreateAsync();
        return await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            // Its sandbox refuses to be started by root.
            Args = [.. Environment.IsPrivilegedProcess ? ["--no-sandbox"] : Array.Empty<string>(), "--font-render-hinting=none", "--disable-lcd-text"],
        });
    }
}
