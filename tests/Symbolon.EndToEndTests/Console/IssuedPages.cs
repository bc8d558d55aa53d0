using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using static Microsoft.Playwright.Assertions;

namespace Symbolon.EndToEndTests.Console;

/// <summary>The pages that show a secret once: the answers to the forms that issue and rotate a token.</summary>
internal sealed class IssuedPages(Setup setup, McpWire wire)
{
    public const string Issued = "/tokens/issued";
    public const string Rotated = "/tokens/rotated";

    /// <summary>The second step with its matrix, and the order in words.</summary>
    public const string Chosen = "/tokens/issue/chosen";

    /// <summary>The page of the secret once the first call came, and the page of a token with the time that its revocation took.</summary>
    private const string Called = "/tokens/called";
    private const string Revoked = "/tokens/revoked";

    private string? made;

    public IReadOnlyList<FoundPage> All =>
    [
        new AnsweredPage("/tokens/issue", Chosen, ChooseAsync), new AnsweredPage("/tokens/issue", Issued, IssueAsync), new AnsweredPage("/tokens", Rotated, RotateAsync),
        new AnsweredPage("/tokens/issue", Called, CallAsync), new AnsweredPage("/tokens", Revoked, RevokeAsync),
    ];

    /// <summary>For somebody new, so that the grant to be created is said too.</summary>
    private static async Task<int> ChooseAsync(Tab tab)
    {
        await tab.GoAsync("/tokens/issue?kind=agent&agent=release-notes&user=carol%40example.com&owner=dora%40example.com&preset=custom");
        foreach (var server in new[] { "orders", "everything" }) await tab.Page.Locator($"input[name=effect][value='{server}:read']").CheckAsync();
        await tab.Page.GetByLabel("Purpose").FillAsync("Notes of each release");
        await tab.Page.GetByLabel("Grant to create").FillAsync("release-notes-access");
        return await ClickAsync(tab, "Show the summary");
    }

    private async Task<int> IssueAsync(Tab tab)
    {
        await TidyAsync();
        await tab.GoAsync("/tokens/issue?kind=agent&agent=claude-code&user=alice%40example.com&servers=orders&preset=custom");
        foreach (var tool in new[] { "list_orders", "get_order" }) await tab.Page.Locator($"input[value='orders:{tool}']").CheckAsync();
        await tab.Page.GetByLabel("Purpose").FillAsync("Release of the shop");
        await tab.Page.GetByLabel("Grant to create").FillAsync("");
        await ClickAsync(tab, "Show the summary");
        var status = await ClickAsync(tab, "Issue token");
        made = (await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Done" }).GetAttributeAsync("href"))!.Split('/')[^1];
        return status;
    }

    private async Task<int> CallAsync(Tab tab)
    {
        var status = await IssueAsync(tab);
        await wire.CallAsync("orders", (await tab.Page.Locator("#secret").TextContentAsync())!, "list_orders");
        if (!tab.RunsScripts) return await tab.GoAsync($"/tokens/{made}");
        await Expect(tab.Page.Locator("#first-call.allowed")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        return status;
    }

    private async Task<int> RevokeAsync(Tab tab)
    {
        await MakeAsync();
        await tab.GoAsync($"/tokens/{made}");
        await ClickAsync(tab, "Revoke this token");
        made = null;
        await Expect(tab.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("refused it after");
        return 200;
    }

    private async Task<int> RotateAsync(Tab tab)
    {
        await MakeAsync();
        await tab.GoAsync($"/tokens/{made}");
        return await ClickAsync(tab, "Rotate the secret");
    }

    private async Task MakeAsync()
    {
        await TidyAsync();
        made = (string)(await setup.Api.PostAsync("/tokens", new JsonObject
        {
            ["user"] = "alice@example.com",
            ["agent"] = "claude-code",
            ["servers"] = new JsonArray(new JsonObject { ["name"] = "orders", ["tools"] = new JsonArray("list_orders") }),
        }))["id"]!;
    }

    /// <summary>The lists that other tests look at stay as they were, but for one.</summary>
    private async Task TidyAsync()
    {
        if (made is not null) await setup.Api.PostAsync($"/tokens/{made}/revoke", new JsonObject());
        made = null;
    }

    private static async Task<int> ClickAsync(Tab tab, string name) => (await tab.Page.RunAndWaitForResponseAsync(
        () => tab.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync(), answer => answer.Request.Method == "POST")).Status;
}
