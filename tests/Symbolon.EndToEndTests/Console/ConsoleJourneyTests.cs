using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Symbolon.EndToEndTests.Cli;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Symbolon.EndToEndTests.Console;

/// <summary>From the one-time link to a token that is refused, in a browser, with a real client beside it.</summary>
[Collection(nameof(Alone))]
[Trait("area", "console")]
public sealed partial class ConsoleJourneyTests(Chromium chromium)
{
    private static readonly LocatorAssertionsToBeVisibleOptions Soon = new() { Timeout = 15_000 };

    [Fact]
    public async Task From_the_link_by_an_approval_and_a_token_to_a_call_that_is_seen_and_a_token_that_is_refused()
    {
        await using var orders = await SampleServer.StartAsync("Orders");
        await using var symbolon = await SymbolonProcess.StartAsync();
        using var wire = new McpWire(symbolon.Url);
        (await symbolon.RunAsync("server", "register", "orders", "--owner", "shop@example.com", "--url", orders.Url.ToString())).Expect();
        await using var tab = await chromium.OpenAsync(symbolon.Url);

        await tab.GoAsync(File.ReadAllText(Path.Combine(symbolon.Folder, "sign-in-link")).Trim());
        await ClickAsync(tab, "Sign in as administrator");
        await Expect(tab.Page.Locator("form[action='/sign-out']")).ToBeVisibleAsync();

        await tab.GoAsync("/servers/orders");
        await ClickAsync(tab, "Approve version 1");
        await Expect(tab.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("Version 1 of orders serves");

        var secret = await IssueAsync(tab);
        await ClickAsync(tab, "Copy");
        Assert.Equal(secret, await tab.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()"));
        Assert.Empty(await Axe.FaultsAsync(tab.Page));
        var token = await TokenIdAsync(tab);
        var audit = await tab.AnotherAsync();
        await audit.GoAsync("/audit");
        await Expect(audit.Page.Locator("main").GetByText("list_orders")).ToHaveCountAsync(0);

        await using var client = NodeProgram.StartClient("sdk2", new Uri(symbolon.Url, "/t/mcp/orders"), secret,
            [new JsonObject { ["call"] = "list_orders" }, new JsonObject { ["wait"] = "revoked" }, new JsonObject { ["call"] = "list_orders" }]);
        await client.LineAsync(line => line.Contains("\"step\":0", StringComparison.Ordinal) && line.Contains("\"result\"", StringComparison.Ordinal));
        await Expect(tab.Page.Locator("#first-call.allowed")).ToBeVisibleAsync(Soon);
        await Expect(audit.Page.Locator("main tbody").GetByText("list_orders").First).ToBeVisibleAsync(Soon);

        await tab.GoAsync($"/tokens/{token}");
        await tab.Page.RunAndWaitForResponseAsync(() => ClickAsync(tab, "Revoke this token"), answer => answer.Request.Method == "POST" && answer.Url.EndsWith("/revoke", StringComparison.Ordinal));
        await Deadline.ForAsync("the token to be refused", async () => (await wire.CallAsync("orders", secret, "list_orders")).Status == HttpStatusCode.Unauthorized ? "refused" : null, TimeSpan.FromSeconds(1));
        await client.WriteLineAsync("revoked");
        Assert.Contains("\"error\"", await client.LineAsync(line => line.Contains("\"step\":2", StringComparison.Ordinal)), StringComparison.Ordinal);
        await Expect(tab.Page.GetByText("Revoked").First).ToBeVisibleAsync();
        Assert.Empty(tab.TakeFaults().Concat(audit.TakeFaults()));
    }

    /// <returns>The secret, as the page shows it once.</returns>
    private static async Task<string> IssueAsync(Tab tab)
    {
        await tab.GoAsync("/tokens/issue");
        await tab.Page.GetByText("An agent", new() { Exact = false }).First.ClickAsync();
        await tab.Page.GetByLabel("Agent", new() { Exact = true }).FillAsync("claude-code");
        await tab.Page.GetByLabel("Person", new() { Exact = true }).FillAsync("alice@example.com");
        await tab.Page.GetByLabel("Owner of a new agent or workflow").FillAsync("platform@example.com");
        await ClickAsync(tab, "Choose tools");
        await tab.Page.GetByLabel("Grant to create").FillAsync("alice-orders");
        await ClickAsync(tab, "Update the summary");
        await Expect(tab.Page.Locator(".rail .sentence")).ToContainTextAsync("claude-code, for alice@example.com, may call 2 tools on orders until");
        await ClickAsync(tab, "Issue token");
        var secret = await tab.Page.Locator("#secret").TextContentAsync();
        Assert.Matches("^sym_usr_[0-9A-Za-z]{49}$", secret);
        return secret!;
    }

    private static async Task<string> TokenIdAsync(Tab tab) =>
        TokenId().Match((await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Done" }).GetAttributeAsync("href"))!).Value;

    private static Task ClickAsync(Tab tab, string name) => tab.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    [GeneratedRegex("tok_[0-9A-Za-z]+")]
    private static partial Regex TokenId();
}
