using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Symbolon.EndToEndTests.Cli;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Console;

/// <summary>Naughty strings as what strangers call themselves: a client that registers itself, and a command line that asks for a sign-in.</summary>
[Trait("area", "console")]
public sealed class NaughtyClientTests(Chromium chromium)
{
    private const int Most = 8;

    [Fact]
    public async Task As_names_of_clients_and_labels_of_command_lines_they_are_only_text()
    {
        await using var orders = await SampleServer.StartAsync("Orders");
        await using var symbolon = await SymbolonProcess.StartAsync(null, ("SYMBOLON_CLIENTS_DYNAMIC_REGISTRATION", "on"));
        using var setup = new Setup(symbolon);
        await setup.ServerAsync("orders", orders.Url, Setup.Reads("list_orders"));
        await setup.Api.PostAsync("/users", new JsonObject { ["email"] = "alice@example.com", ["admin"] = true, ["password"] = PeoplePages.Password });
        await OAuthPages.PrepareAsync(setup, "list_orders");
        await using var tab = await chromium.OpenAsync(symbolon.Url, width: LookedAt.Narrow);
        await tab.GoAsync("/sign-in");
        await tab.SignInAsync("alice@example.com", PeoplePages.Password);
        await Assertions.Expect(tab.Page.Locator("form[action='/sign-out']")).ToHaveCountAsync(1);
        // The program that asks.
        await using var program = new RawServer((_, stream, cancellation) => RawServer.WriteAsync(stream, "200 OK", "text/html; charset=utf-8", "<!doctype html><title>Back</title>", cancellation));
        var back = new Uri(program.Url, "/callback").ToString();
        var pages = new OAuthPages(symbolon);

        var shown = new List<string>();
        foreach (var text in NaughtyPageTests.Chosen.Where(text => text.Contains('<', StringComparison.Ordinal) || text.Length > 50).Where(text => text.Length <= 200))
        {
            if (shown.Count == Most) break;
            if (await OAuthPages.RegisterAsync(symbolon, text, back) is not { } client) continue;
            shown.Add(text);
            await NaughtyPageTests.ExpectTextAsync(tab, [pages.Asking(client, back)]);
            await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Allow what is ticked" }).ClickAsync();
            await tab.Page.WaitForURLAsync(back + "?code=**");
            tab.TakeFaults();
        }
        Assert.Equal(Most, shown.Count);
        await NaughtyPageTests.ExpectTextAsync(tab, ["/my-access", "/people/users/alice%40example.com", "/clients", "/servers/orders?view=access", "/audit"]);
        await tab.GoAsync("/my-access");
        await Assertions.Expect(tab.Page.Locator("[aria-labelledby=clients] tbody tr")).ToHaveCountAsync(Most);
        foreach (var text in NaughtyPageTests.Chosen.Where(text => text.Contains('<', StringComparison.Ordinal) && text.Length <= 64).Take(Most))
        {
            var address = $"/command-line?port=40000&state=k7Qd2mVxR9tLw4ZpB1nYc8HsJ6fGaE3u&challenge={new string('c', 43)}&label={Uri.EscapeDataString(text)}";
            await NaughtyPageTests.ExpectTextAsync(tab, [address], mayRefuse: true);
        }
    }
}
