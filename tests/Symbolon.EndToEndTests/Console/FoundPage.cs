namespace Symbolon.EndToEndTests.Console;

/// <summary>A page that a link leads to.</summary>
/// <param name="Address">Path and query.</param>
/// <param name="Route">The pattern of the route that answers it.</param>
internal record FoundPage(string Address, string Route)
{
    /// <returns>The status of the answer.</returns>
    public virtual Task<int> OpenAsync(Tab tab) => tab.GoAsync(Address);
}

/// <summary>A page that is the answer to a form, so that no link leads to it.</summary>
/// <param name="Address">Where its form is.</param>
/// <param name="Route">A name of its own.</param>
/// <param name="Send">Fills the form and sends it; the status of the answer.</param>
internal sealed record AnsweredPage(string Address, string Route, Func<Tab, Task<int>> Send) : FoundPage(Address, Route)
{
    public override Task<int> OpenAsync(Tab tab) => Send(tab);
}
