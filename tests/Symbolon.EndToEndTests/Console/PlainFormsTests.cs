using System.Collections.Concurrent;
using System.Net;
using Microsoft.Playwright;
using Symbolon.EndToEndTests.Cli;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Symbolon.EndToEndTests.Console;

/// <summary>What people come to the console for, in a browser that runs no script: every step is a form that is sent.</summary>
[Trait("area", "console")]
public sealed class PlainFormsTests(Chromium chromium)
{
    [Fact]
    public async Task A_server_is_approved_and_a_token_issued_rotated_and_revoked_by_plain_forms()
    {
        await using var orders = await SampleServer.StartAsync("Orders");
        await using var symbolon = await SymbolonProcess.StartAsync();
        using var wire = new McpWire(symbolon.Url);
        (await symbolon.RunAsync("server", "register", "orders", "--owner", "shop@example.com", "--url", orders.Url.ToString())).Expect();
        await using var tab = await chromium.OpenAsync(symbolon.Url, scripts: false);
        var sent = new ConcurrentQueue<IRequest>();
        tab.Page.Request += (_, request) =>
        {
            if (request.Method == "POST") sent.Enqueue(request);
        };

        await tab.GoAsync(File.ReadAllText(Path.Combine(symbolon.Folder, "sign-in-link")).Trim());
        await ClickAsync(tab, "Sign in as administrator");
        await tab.GoAsync("/servers/orders");
        await ClickAsync(tab, "Approve version 1");
        await Expect(tab.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("Version 1 of orders serves");

        await tab.GoAsync("/tokens/issue");
        await tab.Page.Locator("input[value=person]").CheckAsync();
        await tab.Page.GetByLabel("Person", new() { Exact = true }).FillAsync("alice@example.com");
        await ClickAsync(tab, "Choose tools");
        await ClickAsync(tab, "Issue token");
        var secret = (await tab.Page.Locator("#secret").TextContentAsync())!;
        Assert.Equal(HttpStatusCode.OK, (await wire.CallAsync("orders", secret, "list_orders")).Status);

        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Done" }).ClickAsync();
        await ClickAsync(tab, "Rotate the secret");
        var rotated = (await tab.Page.Locator("#secret").TextContentAsync())!;
        Assert.Equal(HttpStatusCode.Unauthorized, (await wire.CallAsync("orders", secret, "list_orders")).Status);
        Assert.Equal(HttpStatusCode.OK, (await wire.CallAsync("orders", rotated, "list_orders")).Status);

        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Done" }).ClickAsync();
        await ClickAsync(tab, "Revoke this token");
        await Expect(tab.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("Token revoked");
        Assert.Equal(HttpStatusCode.Unauthorized, (await wire.CallAsync("orders", rotated, "list_orders")).Status);

        Assert.Equal(["/sign-in/link", "/servers/orders/approve", "/tokens/issue"], sent.Take(3).Select(request => new Uri(request.Url).AbsolutePath));
        Assert.Equal(5, sent.Count);
        Assert.All(sent, request => Assert.True(request.IsNavigationRequest));
        Assert.Empty(tab.TakeFaults());
    }

    private static Task ClickAsync(Tab tab, string name) => tab.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
}
