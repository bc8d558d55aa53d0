using Microsoft.Playwright;

namespace Symbolon.EndToEndTests.Console;

/// <summary>What must hold of a page as it stands in a tab, in dark in a wide window and in light on a phone.</summary>
internal static class LookedAt
{
    public const int Wide = 1440;
    public const int Narrow = 390;

    /// <returns>What axe finds, and what is too wide, lies over other text or is cut off.</returns>
    public static async Task<IReadOnlyList<string>> FaultsAsync(Tab tab, string name)
    {
        var faults = new List<string>();
        // Colours are the scheme's and places the width's: two looks show every one of each.
        foreach (var (width, scheme) in new[] { (Wide, ColorScheme.Dark), (Narrow, ColorScheme.Light) })
        {
            await tab.Page.SetViewportSizeAsync(width, 900);
            await tab.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            faults.AddRange((await Axe.FaultsAsync(tab.Page)).Select(fault => $"{name} {width} {scheme}: {fault}"));
            faults.AddRange((await tab.TooWideAsync()).Concat(await TextOnText.FindAsync(tab.Page)).Select(fault => $"{name} {width}: {fault}"));
        }
        faults.AddRange(tab.TakeFaults());
        return faults;
    }
}
