using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Symbolon.ConformanceTests;

/// <summary>A server with approved MCP servers, tokens for them, and somebody who is signed in to its console.</summary>
internal sealed partial class TokenStage : IAsyncDisposable
{
    private int issued;
    private bool owned;

    private TokenStage(RunningServer server)
    {
        Server = server;
        Browser = new Browser(server);
    }

    public RunningServer Server { get; }
    public Browser Browser { get; }

    /// <param name="upstream">Where the MCP servers are; by default nothing listens there.</param>
    public static async Task<TokenStage> StartAsync(string upstream = "http://127.0.0.1:1/mcp", params string[] servers)
    {
        var stage = new TokenStage(await RunningServer.StartAsync()) { owned = true };
        foreach (var name in servers.Length == 0 ? ["shop"] : servers) await stage.HaveServerAsync(name, upstream);
        await stage.Browser.SignInAsync();
        return stage;
    }

    /// <summary>The same on a server that somebody else stops.</summary>
    public static async Task<TokenStage> OnAsync(RunningServer server)
    {
        var stage = new TokenStage(server);
        await stage.HaveServerAsync("shop", "http://127.0.0.1:1/mcp");
        await stage.Browser.SignInAsync();
        return stage;
    }

    /// <summary>Without any MCP server, on a server that somebody else stops.</summary>
    public static async Task<TokenStage> BareAsync(RunningServer server)
    {
        var stage = new TokenStage(server);
        await stage.Browser.SignInAsync();
        return stage;
    }

    /// <summary>Asks the admin API; the answer must be a success.</summary>
    public async Task<JsonNode> ApiAsync(HttpMethod method, string path, JsonNode? body = null)
    {
        using var answer = await Server.SendAsync(method, "/api/v1" + path, Server.AdminToken, request =>
        {
            if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        });
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    /// <summary>A token of a new agent with a grant of its own.</summary>
    public Task<JsonNode> IssueAsync(string? note = null, string server = "shop", string? user = null)
    {
        var number = (++issued).ToString(CultureInfo.InvariantCulture);
        return ApiAsync(HttpMethod.Post, "/tokens", new JsonObject
        {
            ["agent"] = $"bot-{number}",
            ["user"] = user,
            ["createAgent"] = new JsonObject { ["owner"] = "ops@example.com" },
            ["createGrant"] = new JsonObject { ["name"] = $"grant-{number}" },
            ["servers"] = new JsonArray(new JsonObject { ["name"] = server, ["effects"] = new JsonArray("read"), ["tools"] = new JsonArray("change") }),
            ["note"] = note,
        });
    }

    /// <summary>Calls a tool with a pasted token.</summary>
    public Task<HttpResponseMessage> CallAsync(string secret, string tool, string server = "shop") =>
        Server.SendAsync(HttpMethod.Post, $"/t/mcp/{server}", secret, request =>
        {
            request.Headers.Add("Accept", "application/json, text/event-stream");
            request.Headers.Add("MCP-Protocol-Version", "2025-11-25");
            request.Content = new StringContent($$$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{{tool}}}}","arguments":{}}}""", Encoding.UTF8, "application/json");
        });

    /// <summary>A page that must be there.</summary>
    public async Task<string> PageAsync(string path)
    {
        using var answer = await Browser.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The fields of a page's form as a browser sends them: hidden ones, what is ticked or chosen, what is typed.</summary>
    public static (string Name, string Value)[] FieldsOf(string page) =>
        [.. Input().Matches(page).Select(match => match.Value)
            .Where(input => AttributeOf(input, "type") is not ("checkbox" or "radio") || input.Contains(" checked", StringComparison.Ordinal))
            .Select(input => (Name: AttributeOf(input, "name"), Value: AttributeOf(input, "value") ?? ""))
            .Where(field => field.Name is not (null or "form" or "client")).Select(field => (field.Name!, field.Value))];

    /// <summary>Sends a page's form with what is in it.</summary>
    /// <param name="without">A field that is typed anew.</param>
    public Task<HttpResponseMessage> PostFormAsync(string path, string page, string? without, params (string Name, string Value)[] more) =>
        Browser.PostAsync(path, page, [.. FieldsOf(page).Where(field => field.Name != without && !more.Any(each => each.Name == field.Name && each.Name != "tool")), .. more]);

    public Task<HttpResponseMessage> PostFormAsync(string path, string page, params (string Name, string Value)[] more) => PostFormAsync(path, page, null, more);

    public async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        if (owned) await Server.DisposeAsync();
    }

    /// <summary>With the tools look (read), change (write), drop (irreversible) and peek (read, sensitive).</summary>
    private async Task HaveServerAsync(string name, string upstream)
    {
        await ApiAsync(HttpMethod.Post, "/apply", JsonNode.Parse($$$"""
            {"documents":[{"apiVersion":"symbolon/v1","kind":"Server","metadata":{"name":"{{{name}}}","owner":"ops@example.com"},"spec":{
              "upstream":{"transport":"http","url":"{{{upstream}}}"},"tools":[
                {"name":"look","effect":"read"},{"name":"change","effect":"write"},{"name":"drop","effect":"irreversible"},{"name":"peek","effect":"read","flags":["sensitive"]}]}}]}
            """));
        await ApiAsync(HttpMethod.Post, $"/servers/{name}/approve", new JsonObject { ["version"] = 1 });
    }

    private static string? AttributeOf(string tag, string name) =>
        Regex.Match(tag, $" {name}=\"([^\"]*)\"") is { Success: true } found ? WebUtility.HtmlDecode(found.Groups[1].Value) : null;

    [GeneratedRegex("<input [^>]*>")]
    private static partial Regex Input();
}
