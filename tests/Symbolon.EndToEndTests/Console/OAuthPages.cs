using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Console;

/// <summary>The pages to which a program leads a person who is to let it call tools, and where that ends.</summary>
internal sealed class OAuthPages(SymbolonProcess symbolon)
{
    public const string Authorize = "/oauth/authorize";
    private const string Local = "http://127.0.0.1:7123/callback";
    private const string Elsewhere = "https://releases.example.com/callback";

    private string? stranger;

    public IReadOnlyList<FoundPage> All =>
    [
        new FoundPage(Asking("release-desk", Elsewhere), Authorize),
        new AnsweredPage(Authorize, Authorize + "/stranger", AskNobodyCheckedAsync),
        new AnsweredPage(Authorize, Authorize + "/nothing-ticked", TickNothingAsync, Status: 400),
        new AnsweredPage(Authorize, Authorize + "/leave", LeaveAsync),
        new AnsweredPage(Authorize, Authorize + "/stop", StopAsync, Status: 400),
    ];

    /// <summary>Gives Alice something to let a client call, and a client that is registered here.</summary>
    public static async Task PrepareAsync(Setup setup, params string[] tools)
    {
        if (tools.Length == 0) tools = ["list_orders", "get_order", "add_order", "cancel_order"];
        await setup.Api.ApplyAsync(new JsonObject
        {
            ["apiVersion"] = "symbolon/v1", ["kind"] = "Grant", ["metadata"] = new JsonObject { ["name"] = "alice-desk" },
            ["spec"] = new JsonObject
            {
                ["to"] = new JsonObject { ["users"] = new JsonArray("alice@example.com") },
                ["servers"] = new JsonArray(new JsonObject { ["name"] = "orders", ["tools"] = new JsonArray([.. tools.Select(tool => JsonValue.Create(tool))]) }),
            },
        });
        await setup.Api.PostAsync("/clients", new JsonObject { ["name"] = "release-desk", ["owner"] = "platform@example.com", ["redirects"] = new JsonArray(Elsewhere) });
    }

    /// <summary>A program that registered itself: nobody has looked at its name.</summary>
    private async Task<int> AskNobodyCheckedAsync(Tab tab)
    {
        stranger ??= await RegisterAsync(symbolon, "Draft Desk", Local);
        return await tab.GoAsync(Asking(stranger!, Local));
    }

    private async Task<int> TickNothingAsync(Tab tab)
    {
        await tab.GoAsync(Asking("release-desk", Elsewhere));
        foreach (var box in await tab.Page.Locator("input[name=tool]").AllAsync()) await box.UncheckAsync();
        return (await tab.Page.RunAndWaitForResponseAsync(
            () => tab.Page.GetByRole(AriaRole.Button, new() { Name = "Allow what is ticked" }).ClickAsync(), answer => answer.Request.Method == "POST")).Status;
    }

    /// <summary>Where the page goes on to is not there, so that the browser stays.</summary>
    private async Task<int> LeaveAsync(Tab tab)
    {
        await tab.Window.RouteAsync(Elsewhere + "**", route => route.AbortAsync("aborted"));
        var left = tab.Page.WaitForRequestAsync(request => request.Url.StartsWith(Elsewhere + "?error=unsupported_response_type", StringComparison.Ordinal));
        var status = await tab.GoAsync(Asking("release-desk", Elsewhere).Replace("response_type=code", "response_type=token", StringComparison.Ordinal) + "&signed_in_since=0");
        await left;
        Assert.All(tab.TakeFaults(), fault => Assert.Contains("went elsewhere: " + Elsewhere, fault, StringComparison.Ordinal));
        return status;
    }

    private Task<int> StopAsync(Tab tab) => tab.GoAsync(Asking("nobody", Elsewhere));

    public string Asking(string client, string redirect) =>
        $"{Authorize}?response_type=code&client_id={Uri.EscapeDataString(client)}&redirect_uri={Uri.EscapeDataString(redirect)}&resource={Uri.EscapeDataString(new Uri(symbolon.Url, "/mcp/orders").ToString())}"
        + "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256&state=here";

    /// <returns>The client's id; null where the name is refused.</returns>
    public static async Task<string?> RegisterAsync(SymbolonProcess symbolon, string name, string redirect)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var answer = await http.PostAsJsonAsync(new Uri(symbolon.Url, "/oauth/register"), new JsonObject
        {
            ["client_name"] = name, ["redirect_uris"] = new JsonArray(redirect), ["token_endpoint_auth_method"] = "none",
        }, TestContext.Current.CancellationToken);
        return (string?)(await answer.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!["client_id"];
    }
}
