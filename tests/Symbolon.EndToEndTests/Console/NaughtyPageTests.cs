using System.Net;
using System.Text.Json.Nodes;
using Symbolon.Core.Identity;
using Symbolon.EndToEndTests.Cli;
using Symbolon.Testing;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Console;

/// <summary>The big list of naughty strings as every text that a page can show: nothing of it runs, nothing of it breaks the layout.</summary>
[Trait("area", "console")]
public sealed class NaughtyPageTests(Chromium chromium)
{
    private const int LongestAddress = 7000;

    private static string[] Strings { get; } =
        [.. JsonNode.Parse(File.ReadAllText(Repo.At("tests", "data", "naughty-strings", "blns.json")))!.AsArray().Select(each => (string)each!),
            new string('W', 1000), string.Concat(Enumerable.Repeat("‮wide﷽", 40))];

    /// <summary>Those that a browser could take for markup, and some of every other kind.</summary>
    internal static string[] Chosen { get; } = [.. Strings.Where((text, i) => text.Contains('<', StringComparison.Ordinal) || text.Contains("javascript:", StringComparison.OrdinalIgnoreCase) || i % 20 == 0)];

    [Fact]
    public async Task As_every_text_of_servers_identities_tokens_calls_and_reasons_they_are_only_text()
    {
        await using var orders = await SampleServer.StartAsync("Orders");
        await using var symbolon = await SymbolonProcess.StartAsync();
        using var setup = new Setup(symbolon);
        using var wire = new McpWire(symbolon.Url);
        var filled = await FillAsync(setup, wire, orders.Url);

        await using var tab = await SignedInAsync(symbolon);
        var pages = (await PageWalk.FromAsync(tab.Window.APIRequest, "/")).Select(page => page.Address)
            .Concat(filled.Servers.SelectMany(server => new[] { $"/servers/{server}", $"/servers/{server}?view=history" })).Concat(filled.Identities).Append("/servers?owner=%24%7B7*7%7D%40example.com").Distinct().ToList();
        await ExpectTextAsync(tab, pages);
        // As a description of a tool, as a label of a server and of an agent, and as an owner of both.
        await ExpectShownAsync(tab, filled.Servers.Select(server => $"/servers/{server}"), "<script>alert(123)</script>");
        await ExpectShownAsync(tab, filled.Identities, "<script>alert(123)</script>");
        await ExpectShownAsync(tab, filled.Servers.Select(server => $"/servers/{server}"), filled.Owners[0]);
        await ExpectShownAsync(tab, filled.Identities, filled.Owners[0]);
    }

    [Fact]
    public async Task As_what_is_searched_for_and_typed_into_forms_they_are_only_text()
    {
        await using var orders = await SampleServer.StartAsync("Orders");
        await using var symbolon = await SymbolonProcess.StartAsync();
        using var setup = new Setup(symbolon);
        await setup.ServerAsync("orders", orders.Url, Setup.Reads("list_orders"));
        await setup.TokenAsync("orders");

        await using var tab = await SignedInAsync(symbolon);
        var lists = (await PageWalk.FromAsync(tab.Window.APIRequest, "/")).Select(page => page.Address.Split('?')[0]).Where(path => path.Count(character => character == '/') == 1).Distinct().ToList();
        Assert.Contains("/servers", lists);
        foreach (var path in lists)
        {
            await tab.GoAsync(path);
            var fields = await tab.Page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('main form:not([method=post]) [name]')].map(each => each.name)");
            // Many at once, as long as an address may be: none of them may do anything, beside whatever else.
            foreach (var text in Joined(LongestAddress / Math.Max(1, fields.Distinct().Count())))
                await ExpectTextAsync(tab, [$"{path}?{string.Join('&', fields.Distinct().Select(field => $"{field}={Uri.EscapeDataString(text)}"))}"], mayRefuse: true);
        }
        foreach (var text in Chosen.Where(text => text.Contains('<', StringComparison.Ordinal)).Chunk(8).Select(texts => string.Join(' ', texts)))
        {
            await tab.GoAsync("/servers/orders");
            var form = tab.Page.Locator("form[action$='/suspend']");
            await form.Locator("[name=confirm]").FillAsync(text);
            await form.Locator("[name=reason]").FillAsync(text);
            await tab.Page.RunAndWaitForResponseAsync(() => form.Locator("button[type=submit]").ClickAsync(), answer => answer.Request.Method == "POST" && answer.Status == (int)HttpStatusCode.UnprocessableEntity);
            await Microsoft.Playwright.Assertions.Expect(tab.Page.Locator(".error").First).ToBeVisibleAsync();
            // A page can be seen before its style is there.
            await tab.Page.WaitForFunctionAsync("() => document.readyState === 'complete'");
            // The browser says on its console that the answer was no page that was asked for.
            Assert.DoesNotContain(await FaultsAsync(tab, "a refused form"), fault => !fault.Contains("status of 422", StringComparison.Ordinal));
        }
    }

    /// <summary>The chosen ones, as many of them together as have room.</summary>
    private static IEnumerable<string> Joined(int room)
    {
        var joined = "";
        foreach (var text in Chosen.Where(text => Uri.EscapeDataString(text).Length < room))
        {
            if (Uri.EscapeDataString($"{joined} {text}").Length >= room)
            {
                yield return joined;
                joined = "";
            }
            joined = $"{joined} {text}";
        }
        yield return joined;
    }

    /// <param name="Identities">Addresses of the pages of agents and workflows.</param>
    /// <param name="Owners">Addresses that are naughty strings before the at sign.</param>
    private sealed record Filled(IReadOnlyList<string> Servers, IReadOnlyList<string> Identities, IReadOnlyList<string> Owners);

    private static async Task ExpectShownAsync(Tab tab, IEnumerable<string> pages, string text)
    {
        foreach (var page in pages)
        {
            await tab.GoAsync(page);
            if ((await tab.Page.Locator("main").TextContentAsync())!.Contains(text, StringComparison.Ordinal)) return;
        }
        Assert.Fail($"No page shows {text}");
    }

    private static async Task<Filled> FillAsync(Setup setup, McpWire wire, Uri orders)
    {
        await setup.ServerAsync("orders", orders, Setup.Reads("list_orders"));
        var kept = new List<string>();
        foreach (var texts in Strings.Chunk(32)) await KeepAsync(setup, texts, kept);
        Assert.InRange(kept.Count, Strings.Length - 40, Strings.Length);
        var servers = new List<string>();
        // An owner is an e-mail address, in which most of them are refused.
        string[] owners = [.. kept.Select(text => $"{text}@example.com").Where(text => UserEmail.TryParse(text, out _)).Distinct()];
        Assert.True(owners.Length > 50);
        foreach (var (i, texts) in kept.Chunk(60).Index())
        {
            servers.Add($"naughty-{i}");
            Assert.True(await AppliesAsync(setup, Server($"naughty-{i}", texts, owners[i % owners.Length])));
        }
        var process = Server("started", [])!;
        process["spec"]!["upstream"] = new JsonObject { ["transport"] = "stdio", ["command"] = "/bin/sh", ["args"] = new JsonArray([.. Chosen.Where(text => text.Length is > 0 and < 200 && !text.Any(char.IsControl)).Take(30).Select(text => JsonValue.Create(text))]) };
        if (await AppliesAsync(setup, process)) servers.Add("started");

        var labels = kept.Where(text => text.Length is > 0 and <= 256).ToList();
        var identities = new List<string>();
        foreach (var (i, texts) in labels.Chunk(40).Index())
        {
            foreach (var kind in new[] { "Agent", "Workflow" })
                if (await AppliesAsync(setup, Identity(kind, $"{kind.ToLowerInvariant()}-{i}", texts, owners[i % owners.Length]))) identities.Add($"/people/{kind.ToLowerInvariant()}s/{kind.ToLowerInvariant()}-{i}");
        }
        foreach (var (i, text) in Chosen.Where(text => text.Length is > 0 and <= 100 && text.Contains('<', StringComparison.Ordinal) && !text.Any(char.IsControl)).Take(12).Index())
        {
            await setup.Api.PostAsync("/users", new JsonObject { ["email"] = $"named{i}@example.com", ["name"] = text, ["reason"] = text });
            identities.Add($"/people/users/named{i}%40example.com");
        }
        foreach (var (i, owner) in owners.Index()) await AppliesAsync(setup, Identity("Agent", $"owned-{i}", [], owner));
        foreach (var (i, text) in Chosen.Where(text => text.Length <= 1000).Index())
        {
            var (status, answer) = await setup.Api.SendAsync(HttpMethod.Post, "/tokens", new JsonObject
            {
                ["user"] = $"user{i}@example.com", ["agent"] = $"agent-{i % 10}", ["ttl"] = "1h", ["note"] = text, ["reason"] = text,
                ["createGrant"] = new JsonObject { ["name"] = $"grant-{i}" }, ["servers"] = new JsonArray(new JsonObject { ["name"] = "orders", ["all"] = true }),
            }.ToJsonString());
            if ((int)status >= 300) continue;
            var token = JsonNode.Parse(answer)!;
            await wire.CallAsync("orders", (string)token["token"]!, "list_orders", new JsonObject { ["state"] = text }.ToJsonString());
            await wire.PostAsync("/t/mcp/orders", (string)token["token"]!, new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = "tools/call", ["params"] = new JsonObject { ["name"] = text, ["arguments"] = new JsonObject() } }.ToJsonString(), ("MCP-Protocol-Version", "2025-06-18"));
            if (i % 2 == 0) await setup.Api.SendAsync(HttpMethod.Post, $"/tokens/{(string)token["id"]!}/revoke", new JsonObject { ["reason"] = text }.ToJsonString());
            if (i % 3 == 0) await setup.Api.SendAsync(HttpMethod.Post, "/revocations", new JsonObject { ["user"] = $"user{i}@example.com", ["reason"] = text }.ToJsonString());
            foreach (var step in new[] { "suspend", "resume" }) await setup.Api.SendAsync(HttpMethod.Post, $"/servers/orders/{step}", new JsonObject { ["reason"] = text }.ToJsonString());
        }
        await setup.Api.SendAsync(HttpMethod.Post, "/servers/orders/suspend", new JsonObject { ["reason"] = "<script>alert(1)</script><img src=x onerror=alert(2)>" }.ToJsonString());
        return new Filled(servers, identities, [.. owners.Select(owner => owner.ToLowerInvariant())]);
    }

    /// <summary>Those that may be a description at all: what a rule refuses is looked for by halves.</summary>
    private static async Task KeepAsync(Setup setup, string[] texts, List<string> kept)
    {
        if (await AppliesAsync(setup, Server("probe", texts))) kept.AddRange(texts);
        else if (texts.Length > 1)
        {
            await KeepAsync(setup, texts[..(texts.Length / 2)], kept);
            await KeepAsync(setup, texts[(texts.Length / 2)..], kept);
        }
    }

    private Task<Tab> SignedInAsync(SymbolonProcess symbolon) => SignedInAsync(chromium, symbolon);

    internal static async Task<Tab> SignedInAsync(Chromium chromium, SymbolonProcess symbolon)
    {
        var tab = await chromium.OpenAsync(symbolon.Url, width: LookedAt.Narrow);
        await tab.GoAsync("/sign-in");
        await tab.Page.GetByLabel("Admin token").FillAsync(symbolon.AdminToken);
        await tab.Page.Keyboard.PressAsync("Enter");
        await Microsoft.Playwright.Assertions.Expect(tab.Page.Locator("form[action='/sign-out']")).ToHaveCountAsync(1);
        tab.TakeFaults();
        return tab;
    }

    internal static async Task ExpectTextAsync(Tab tab, IReadOnlyList<string> pages, bool mayRefuse = false)
    {
        var faults = new List<string>();
        foreach (var page in pages)
        {
            var status = await tab.GoAsync(page);
            var found = await FaultsAsync(tab, page);
            await tab.Page.SetViewportSizeAsync(LookedAt.Wide, 900);
            faults.AddRange((await tab.TooWideAsync()).Select(fault => $"{page}, in a wide window: {fault}"));
            await tab.Page.SetViewportSizeAsync(LookedAt.Narrow, 844);
            if (mayRefuse && status is >= 400 and < 500) found = [.. found.Where(fault => !fault.Contains($"status of {status}", StringComparison.Ordinal))];
            else if (status != 200) faults.Add($"{page} answers {status}");
            faults.AddRange(found);
        }
        Assert.Empty(faults);
    }

    /// <summary>What ran, loaded, was put into the page or broke it.</summary>
    internal static async Task<IReadOnlyList<string>> FaultsAsync(Tab tab, string page) =>
        [.. (await tab.TooWideAsync()).Concat(await tab.Page.EvaluateAsync<string[]>(Injected)).Select(fault => $"{page}: {fault}").Concat(tab.TakeFaults())];

    /// <summary>Elements and attributes that no page of ours has.</summary>
    private const string Injected = """
        () => [...document.querySelectorAll("*")].filter(each =>
            each.matches("script:not([src^='/assets/app.js?v=']), iframe, object, embed, img, image, video, audio, marquee, base, style, meta[http-equiv], link:not([href^='/assets/app.css?v=']):not([rel=icon]), frame, applet, bgsound, layer, xss, div[style], [style]")
            || [...each.attributes].some(attribute => attribute.name.startsWith("on") || /^\s*(javascript|data|vbscript):/i.test(attribute.name === "href" || attribute.name === "action" || attribute.name === "src" ? attribute.value : "")))
          .map(each => "injected: " + each.outerHTML.slice(0, 160)).slice(0, 5)
        """;

    private static async Task<bool> AppliesAsync(Setup setup, JsonObject document) =>
        (await setup.Api.SendAsync(HttpMethod.Post, "/apply", new JsonObject { ["documents"] = new JsonArray(document.DeepClone()) }.ToJsonString())).Status == HttpStatusCode.OK;

    private static JsonObject Identity(string kind, string name, IReadOnlyList<string> labels, string owner) => new()
    {
        ["apiVersion"] = "symbolon/v1",
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = name, ["owner"] = owner, ["labels"] = Labels(labels) },
        ["spec"] = new JsonObject(),
    };

    private static JsonObject Server(string name, IReadOnlyList<string> texts, string owner = "owner@example.com") => new()
    {
        ["apiVersion"] = "symbolon/v1",
        ["kind"] = "Server",
        ["metadata"] = new JsonObject { ["name"] = name, ["owner"] = owner, ["labels"] = Labels([.. texts.Where(text => text.Length <= 256).Take(20)]) },
        ["spec"] = new JsonObject
        {
            ["upstream"] = new JsonObject { ["transport"] = "http", ["url"] = "http://127.0.0.1:9/mcp?x=<script>alert(1)</script>" },
            ["tools"] = new JsonArray([.. texts.Select((text, i) => new JsonObject
            {
                ["name"] = $"tool_{i}",
                ["title"] = text,
                ["description"] = text,
                ["effect"] = "read",
                ["digests"] = new JsonObject { ["modern"] = $"sha256:{new string('0', 64)}" },
            })]),
        },
    };

    private static JsonObject Labels(IReadOnlyList<string> texts) => new(texts.Select((text, i) => KeyValuePair.Create<string, JsonNode?>($"note-{i}", text)));
}
