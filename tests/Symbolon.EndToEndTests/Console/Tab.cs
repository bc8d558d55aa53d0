using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Symbolon.EndToEndTests.Console;

/// <summary>One page of a window, and what went wrong on it: errors on its console, requests that failed or went elsewhere, dialogs.</summary>
public sealed class Tab : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> faults = [];
    private readonly Uri origin;
    private string asked = "";

    private Tab(Uri origin, IBrowserContext window, IPage page, bool scripts)
    {
        (this.origin, Window, Page, RunsScripts) = (origin, window, page, scripts);
        // Chromium calls a page that says no an error too; what it answers with is what its test looks at.
        page.Console += (_, message) => Note(message.Type is "error" or "warning" && !(message.Text.StartsWith("Failed to load resource: the server responded", StringComparison.Ordinal) && message.Location.StartsWith(asked, StringComparison.Ordinal)), $"console {message.Type}: {message.Text}");
        page.PageError += (_, error) => Note(true, $"script: {error}");
        // What a navigation away from the page cut off, or a stream that the page closed, did not fail.
        page.RequestFailed += (_, request) => Note(request.Failure != "net::ERR_ABORTED", $"failed: {request.Url} {request.Failure}");
        page.Request += (_, request) => asked = request.IsNavigationRequest ? request.Url : asked;
        page.Request += (_, request) => Note(!origin.IsBaseOf(new Uri(request.Url)), $"went elsewhere: {request.Url}");
        page.Dialog += async (_, dialog) =>
        {
            Note(true, $"dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
    }

    public IBrowserContext Window { get; }

    public IPage Page { get; }

    public bool RunsScripts { get; }

    /// <summary>What went wrong since the last look.</summary>
    public IReadOnlyList<string> TakeFaults()
    {
        List<string> taken = [];
        while (faults.TryDequeue(out var fault)) taken.Add(fault);
        return taken;
    }

    /// <summary>Another page of the same window.</summary>
    public async Task<Tab> AnotherAsync() => new(origin, Window, await Window.NewPageAsync(), RunsScripts);

    internal static async Task<Tab> OpenAsync(Uri origin, IBrowserContext window, bool scripts) => new(origin, window, await window.NewPageAsync(), scripts);

    /// <returns>The status of the answer.</returns>
    public async Task<int> GoAsync(string address) => (await Page.GotoAsync(address))!.Status;

    /// <summary>On the sign-in page.</summary>
    public async Task SignInAsync(string email, string password)
    {
        await Page.GetByLabel("E-mail address").FillAsync(email);
        await Page.GetByLabel("Password").FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
    }

    /// <summary>How far the page is wider than its window, and what in it has to be scrolled sideways though it is neither code nor navigation.</summary>
    public Task<string[]> TooWideAsync() => Page.EvaluateAsync<string[]>("""
        () => {
          const found = [], root = document.documentElement;
          const name = element => element.tagName.toLowerCase() + (element.id ? "#" + element.id : "") + [...element.classList].map(each => "." + each).join("");
          if (root.scrollWidth > root.clientWidth) {
            found.push(`the page is ${root.scrollWidth} px wide`);
            for (const element of document.querySelectorAll("body *"))
              if (element.getBoundingClientRect().right > root.clientWidth + 1 && !element.closest(".nav, .code, pre, .sr")) found.push(`${name(element)} reaches out`);
          }
          for (const element of document.querySelectorAll("main *"))
            if (["auto", "scroll"].includes(getComputedStyle(element).overflowX) && element.scrollWidth > element.clientWidth + 1 && !element.closest("nav, .code, pre, code, .tabs, textarea, input")) {
              const edge = element.getBoundingClientRect().right + 1, wide = [...element.querySelectorAll("*")].filter(each => each.getBoundingClientRect().right > edge).at(-1);
              found.push(`${name(element)} scrolls sideways${wide ? " for " + name(wide) + " " + wide.textContent.slice(0, 40) : ""}`);
            }
          return found.slice(0, 8);
        }
        """);

    public async ValueTask DisposeAsync() => await Window.DisposeAsync();

    private void Note(bool isFault, string fault)
    {
        if (isFault) faults.Enqueue($"{Page.Url}: {fault}");
    }
}
