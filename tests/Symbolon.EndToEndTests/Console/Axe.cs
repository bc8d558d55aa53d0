using Deque.AxeCore.Commons;
using Microsoft.Playwright;
using Xunit;

namespace Symbolon.EndToEndTests.Console;

/// <summary>
/// axe on a page as it stands, run within it. Our pages have no frames; the package's own runner, which opens a second page for those at
/// each look, takes four times as long and finds the same.
/// </summary>
internal static class Axe
{
    private const string Run = """
        () => axe.run(document, { resultTypes: ["violations"] }).then(result => {
          if (document.querySelector("iframe, frame, object, embed")) throw new Error("the page has a frame, and axe did not look into it");
          return {
            passed: result.passes.length,
            faults: result.violations.map(violation => `${violation.id}, ${violation.help}: ${violation.nodes.slice(0, 3).map(node => node.html).join(" | ")}`),
          };
        })
        """;

    private static readonly string Script = new BundledAxeScriptProvider().GetScript();

    /// <returns>What it finds, a line each.</returns>
    public static async Task<string[]> FaultsAsync(IPage page)
    {
        if (!await page.EvaluateAsync<bool>("() => typeof window.axe?.run === 'function'")) await page.EvaluateAsync(Script);
        var result = await page.EvaluateAsync<Result>(Run);
        Assert.NotEqual(0, result.Passed);
        return result.Faults;
    }

    private sealed class Result
    {
        public int Passed { get; set; }

        public string[] Faults { get; set; } = [];
    }
}
