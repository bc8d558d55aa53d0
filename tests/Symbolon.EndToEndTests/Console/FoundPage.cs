using Microsoft.Playwright;
using Xunit;

namespace Symbolon.EndToEndTests.Console;

/// <summary>A page that a link leads to.</summary>
/// <param name="Address">Path and query.</param>
/// <param name="Route">The pattern of the route that answers it.</param>
/// <param name="Status">What it answers with.</param>
internal record FoundPage(string Address, string Route, int Status = 200)
{
    /// <summary>Fails where the page answers otherwise than it should.</summary>
    public async Task OpenAsync(Tab tab) => Assert.Equal((Address, Status), (Address, await GoAsync(tab)));

    protected virtual Task<int> GoAsync(Tab tab) => tab.GoAsync(Address);
}

/// <summary>A page that is the answer to a form, so that no link leads to it.</summary>
/// <param name="Address">Where its form is.</param>
/// <param name="Route">A name of its own.</param>
/// <param name="Send">Fills the form and sends it; the status of the answer.</param>
internal sealed record AnsweredPage(string Address, string Route, Func<Tab, Task<int>> Send, int Status = 200) : FoundPage(Address, Route, Status)
{
    protected override async Task<int> GoAsync(Tab tab)
    {
        var status = await Send(tab);
        // The answer has come; the page that it is may still be on its way into the window.
        await tab.Page.Locator("h1").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        return status;
    }
}
