using System.Text.Json.Nodes;
using Symbolon.Client.Credentials;
using Symbolon.EndToEndTests.Cli;
using Symbolon.EndToEndTests.Stdio;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Symbolon.Testing.Webhooks;
using Xunit;

namespace Symbolon.EndToEndTests.Console;

/// <summary>The tests that look at one filled console, one after another.</summary>
[CollectionDefinition(nameof(FilledConsole))]
public sealed class FilledConsoles : ICollectionFixture<FilledConsole>;

/// <summary>
/// A program as it is after some days of use: servers over HTTP and stdio in every state, people, agents and a workflow with grants and
/// tokens, calls that were allowed and refused, and a tool that changed after it was reviewed.
/// </summary>
public sealed class FilledConsole(Chromium chromium) : IAsyncLifetime
{
    /// <summary>Pages of one route that look like no other of it.</summary>
    private static readonly string[] Different =
    [
        .. new[] { "orders", "orders?view=access", "orders?view=activity", "orders?view=history", "orders?view=manifest", "orders?view=manifest&since=2", "releases?view=credential", "clock", "calc", "reports", "reports?view=history", "everything", "memory" }.Select(page => $"/servers/{page}"),
        .. new[] { "users/alice%40example.com", "users/bob%40example.com", "users/erin%40example.com", "users/frank%40example.com", "agents/release-bot" }.Select(page => $"/people/{page}"),
        "/policies/customers?view=file", "/policies/customers?view=tests", "/policies/customers?view=history&since=1", "/policies/refunds",
        "/clients/release-tool", "/clients/nightly-runner", "/clients/release-desk",
    ];

    private readonly List<IAsyncDisposable> upstreams = [];
    private readonly DirectoryInfo scripts = Directory.CreateTempSubdirectory("mcp-");

    public SymbolonProcess Symbolon { get; private set; } = null!;

    public Setup Setup { get; private set; } = null!;

    public McpWire Wire { get; private set; } = null!;

    /// <summary>Alice's token through an agent.</summary>
    public IssuedToken Alice { get; private set; } = null!;

    /// <summary>The cookies of Alice, who is an administrator and has tokens of her own.</summary>
    public string Cookies { get; private set; } = null!;

    /// <summary>Every page that links lead to, and those that only forms lead to.</summary>
    internal IReadOnlyList<FoundPage> Pages { get; private set; } = null!;

    public Task<Tab> OpenAsync(int width = 1440, Microsoft.Playwright.ColorScheme scheme = Microsoft.Playwright.ColorScheme.Light, bool scripts = true) =>
        chromium.OpenAsync(Symbolon.Url, Cookies, width, scheme, scripts);

    public async ValueTask InitializeAsync()
    {
        var hooks = new HookListener("503 Service Unavailable");
        upstreams.Add(hooks);
        var starting = SymbolonProcess.StartAsync(
            null, ("SYMBOLON_CLIENTS_DYNAMIC_REGISTRATION", "on"), ("SYMBOLON_WEBHOOK_URL", hooks.Url.AbsoluteUri), ("SYMBOLON_WEBHOOK_SECRET_FILE", hooks.SecretFile));
        var orders = await SampleServer.StartAsync("Orders");
        var clock = await SampleServer.StartAsync("Clock");
        var calc = await NodeProgram.StartSdk2ServerAsync("both");
        upstreams.AddRange([orders, clock, calc.Process]);
        Symbolon = await starting;
        Setup = new Setup(Symbolon);
        Wire = new McpWire(Symbolon.Url);

        await RegisterAsync("orders", "shop@example.com", ["--url", orders.Url.ToString()]);
        await RegisterAsync("clock", "platform@example.com", ["--url", clock.Url.ToString()]);
        await RegisterAsync("calc", "finance@example.com", ["--url", calc.Url.ToString()]);
        await RegisterAsync("reports", "finance@example.com", ["--url", calc.Url.ToString()]);
        await RegisterAsync("everything", "platform@example.com", ["--", "/bin/sh", Script("everything", NpmServers.PackageOf("server-everything")), "stdio"]);
        await RegisterAsync("memory", "research@example.com", ["--", "/bin/sh", Script("memory", NpmServers.PackageOf("server-memory"))]);
        await ChangeAsync("clock", document =>
        {
            var tool = Tool(document, "days_until");
            foreach (var (era, _) in tool["digests"]!.AsObject().ToList()) tool["digests"]![era] = $"sha256:{new string('0', 64)}";
        });
        await HaveExchangeAsync(clock.Url);
        foreach (var name in new[] { "orders", "clock", "calc", "reports", "everything", "releases" })
        {
            var pending = (int)(await Setup.Api.GetAsync($"/servers/{name}"))["pendingVersion"]!;
            await Setup.Api.PostAsync($"/servers/{name}/approve", new JsonObject { ["version"] = pending, ["reason"] = "Read with the owner." });
        }
        foreach (var instance in new[] { "blue", "green" }) await EnrolAsync(instance);
        await IssueAndCallAsync();
        await Setup.Api.PostAsync("/servers/calc/suspend", new JsonObject { ["reason"] = "Its owner moves it to another machine." });
        await Setup.Api.PostAsync("/servers/reports/retire", new JsonObject { ["reason"] = "calc does it now." });
        // A second version of a server that serves: it waits for approval beside the first.
        await Setup.Api.ApplyAsync(Resource("orders", "orders/*", "internal", reaches: "customers/*/address", triggers: "warehouse/*/parcel"), Resource("addresses", "customers/*/address", "confidential"));
        await ChangeAsync("orders", document =>
        {
            document["spec"]!["tools"]![0]!["description"] = "Lists the newest orders first, also cancelled ones.";
            Tool(document, "cancel_order")["needs"] = new JsonArray(new JsonObject { ["actions"] = new JsonArray("read", "delete"), ["resource"] = "orders/*" });
        });

        await HavePoliciesAsync();

        // The first event, a review that was opened, was refused; this one is taken.
        (await Symbolon.RunAsync("webhook", "test")).Expect();
        await HavePeopleAsync();
        await OAuthPages.PrepareAsync(Setup);
        await using var tab = await chromium.OpenAsync(Symbolon.Url);
        await tab.GoAsync("/sign-in");
        await tab.SignInAsync("alice@example.com", PeoplePages.Password);
        await Microsoft.Playwright.Assertions.Expect(tab.Page.Locator("form[action='/sign-out']")).ToBeVisibleAsync();
        Cookies = await tab.Window.StorageStateAsync();
        Pages =
        [
            .. await PageWalk.FromAsync(tab.Window.APIRequest, ["/", "/sign-in", $"/command-line?port=40000&state=k7Qd2mVxR9tLw4ZpB1nYc8HsJ6fGaE3u&challenge={new string('c', 43)}&label=laptop", .. Different]),
            .. new IssuedPages(Setup, Wire).All, .. RefusedPages.All,
            .. new PeoplePages(Setup).All,
            .. new OAuthPages(Symbolon).All, new FoundPage("/servers/nothing", "/nothing-here", Status: 404),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        Wire?.Dispose();
        Setup?.Dispose();
        if (Symbolon is not null) await Symbolon.DisposeAsync();
        foreach (var upstream in upstreams) await upstream.DisposeAsync();
        scripts.Delete(recursive: true);
    }

    /// <summary>A server that exchanges: it says what its tools need at an API, and its instances have keys.</summary>
    private async Task HaveExchangeAsync(Uri url)
    {
        await RegisterAsync("releases", "platform@example.com", ["--url", url.ToString()]);
        await ChangeAsync("releases", document =>
        {
            document["spec"]!["credential"] = new JsonObject { ["mode"] = "exchange", ["audience"] = "https://releases.example.com", ["ttl"] = "1h", ["rotation"] = "30d" };
            Tool(document, "now")["needs"] = new JsonArray(new JsonObject { ["actions"] = new JsonArray("read"), ["resource"] = "cluster:prod/namespace:*/release/*" });
            Tool(document, "days_until")["needs"] = new JsonArray(new JsonObject { ["actions"] = new JsonArray("read", "restart"), ["resource"] = "cluster:prod/namespace:checkout/release/*" });
        });
    }

    /// <summary>One that changed since it was made, and one that is retired.</summary>
    private async Task HavePoliciesAsync()
    {
        foreach (var limit in new[] { "120/minute", "60/minute" })
            await Setup.Api.ApplyAsync(JsonNode.Parse($$$"""
                {"apiVersion":"symbolon/v1","kind":"Policy","metadata":{"name":"customers"},"spec":{"rules":[
                  {"name":"no-deletion-at-night","servers":["orders"],"tools":["delete_customer"],"when":"call.time.getHours() < 7 || call.time.getHours() > 19","decision":"deny","message":"Customers are deleted in working hours."},
                  {"name":"large-orders","servers":["orders"],"effects":["write","irreversible"],"agents":["*"],"when":"has(args.amount) && args.amount > 100","decision":"deny","message":"Ask the shop.","mode":"observe"},
                  {"name":"slow-down","servers":["*"],"tools":["*"],"limit":"{{{limit}}}","burst":20,"per":["token"]},
                  {"name":"no-addresses","servers":["*"],"labels":{"data":"personal"},"obligations":{"redact":["address","customer.email"],"maxResultBytes":262144}}],
                 "tests":[
                  {"server":"orders","tool":"add_order","args":{"amount":250},"agent":"release-bot","expect":"deny","rule":"large-orders"},
                  {"server":"orders","tool":"list_orders","subject":{"user":"alice@example.com","groups":["shop"]},"expect":"allow"}]} }
                """)!.AsObject());
        await Setup.Api.ApplyAsync(JsonNode.Parse("""{"apiVersion":"symbolon/v1","kind":"Policy","metadata":{"name":"refunds"},"spec":{"default":"deny","rules":[{"name":"all","servers":["*"],"decision":"allow"}]} }""")!.AsObject());
        await Setup.Api.PostAsync("/policies/refunds/retire", new JsonObject { ["reason"] = "customers says it now." });
    }

    private async Task EnrolAsync(string instance)
    {
        var code = (string)(await Setup.Api.PostAsync("/servers/releases/enrolments", new JsonObject { ["instance"] = instance }))["code"]!;
        using var credential = await ServerCredential.OpenAsync(new ServerCredentialOptions { Symbolon = Symbolon.Url, KeyFile = Path.Combine(scripts.FullName, $"{instance}.key"), EnrolmentCode = code, Instance = instance });
    }

    private async Task HavePeopleAsync()
    {
        await Setup.Api.PostAsync("/users", new JsonObject { ["email"] = "alice@example.com", ["name"] = "Alice Moreno", ["admin"] = true, ["password"] = PeoplePages.Password });
        foreach (var email in new[] { PeoplePages.Invited, "frank@example.com" }) await Setup.Api.PostAsync("/users", new JsonObject { ["email"] = email });
        await Setup.Api.PostAsync("/clients", new JsonObject { ["name"] = "release-tool", ["owner"] = "platform@example.com", ["agent"] = "release-bot", ["legacySecret"] = true });
        await Setup.Api.PostAsync("/clients", new JsonObject
        {
            ["name"] = "nightly-runner", ["owner"] = "shop@example.com", ["workflow"] = "nightly-report",
            ["keys"] = new JsonArray(new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs", ["y"] = "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA" }),
        });
        await Setup.Api.PostAsync("/users/frank@example.com/suspend", new JsonObject { ["reason"] = "Left the company." });
    }

    private async Task IssueAndCallAsync()
    {
        Alice = await TokenAsync(new() { ["user"] = "alice@example.com", ["agent"] = "claude-code", ["ttl"] = "8h", ["note"] = "Laptop" }, "alice-orders", "orders:list_orders,get_order,find_customer");
        var bob = await TokenAsync(new() { ["user"] = "bob@example.com", ["ttl"] = "30d" }, "bob-clock", "clock:now,days_until", "calc:add");
        var nightly = await TokenAsync(new() { ["workflow"] = "nightly-report", ["ttl"] = "1h" }, "nightly-report", "orders:list_orders,cancel_order");
        var release = await TokenAsync(new() { ["agent"] = "release-bot", ["ttl"] = "30m" }, "release-bot", "everything:echo,get-sum", "releases:now");
        var lost = await TokenAsync(new() { ["user"] = "carol@example.com", ["agent"] = "cursor", ["ttl"] = "4h", ["note"] = "Left in a chat" }, "carol-orders", "orders:list_orders");

        foreach (var id in new[] { "1001", "1002" }) await Wire.CallAsync("orders", Alice.Secret, "get_order", $$"""{"id":{{id}}}""");
        await Wire.CallAsync("orders", Alice.Secret, "list_orders");
        await Wire.CallAsync("orders", Alice.Secret, "find_customer", """{"text":"example"}""");
        await Wire.CallAsync("orders", Alice.Secret, "delete_customer", """{"id":1}""");
        await Wire.CallAsync("clock", bob.Secret, "now");
        await Wire.CallAsync("clock", bob.Secret, "days_until", """{"date":"2027-01-01"}""");
        await Wire.CallAsync("calc", bob.Secret, "add", """{"a":1,"b":2}""");
        await Wire.CallAsync("orders", nightly.Secret, "list_orders");
        await Wire.CallAsync("orders", nightly.Secret, "cancel_order", """{"id":1001}""");
        await Wire.CallAsync("orders", nightly.Secret, "add_order", """{"customer":1,"article":"ring"}""");
        await Wire.LegacyCallAsync("everything", release.Secret, "get-sum", """{"a":1,"b":2}""");
        await Wire.CallAsync("orders", lost.Secret, "list_orders");
        await Wire.CallAsync("orders", "sym_usr_unknown", "list_orders");
        await Setup.Api.PostAsync($"/tokens/{lost.Id}/revoke", new JsonObject { ["reason"] = "Posted in a chat by mistake." });
        await Wire.CallAsync("orders", lost.Secret, "list_orders");
    }

    private async Task<IssuedToken> TokenAsync(JsonObject order, string grant, params string[] servers)
    {
        foreach (var (kind, create) in new[] { ("agent", "createAgent"), ("workflow", "createWorkflow") })
        {
            if (order[kind] is not null) order[create] = new JsonObject { ["owner"] = "platform@example.com" };
        }
        order["createGrant"] = new JsonObject { ["name"] = grant };
        order["servers"] = new JsonArray([.. servers.Select(each => each.Split(':')).Select(each => new JsonObject
        {
            ["name"] = each[0],
            ["tools"] = new JsonArray([.. each[1].Split(',').Select(tool => JsonValue.Create(tool))]),
        })]);
        var answer = await Setup.Api.PostAsync("/tokens", order);
        return new IssuedToken((string)answer["id"]!, (string)answer["token"]!, grant);
    }

    /// <summary>Starts an npm program from a path that is as short on a picture as on a usual machine.</summary>
    private string Script(string name, string package)
    {
        var path = Path.Combine(scripts.FullName, $"{name}.sh");
        File.WriteAllText(path, $"exec '{NpmServers.Node}' '{package}' \"$@\"\n");
        return path;
    }

    private async Task RegisterAsync(string name, string owner, string[] where) =>
        (await Symbolon.RunAsync(["server", "register", name, "--owner", owner, .. where])).Expect();

    private static JsonNode Tool(JsonObject document, string name) => document["spec"]!["tools"]!.AsArray().Single(each => (string?)each!["name"] == name)!;

    private static JsonObject Resource(string name, string pattern, string sensitivity, string? reaches = null, string? triggers = null)
    {
        var spec = new JsonObject { ["pattern"] = pattern, ["sensitivity"] = sensitivity };
        if (reaches is not null) spec["reaches"] = new JsonArray(reaches);
        if (triggers is not null) spec["triggers"] = new JsonArray(triggers);
        return new JsonObject { ["apiVersion"] = "symbolon/v1", ["kind"] = "Resource", ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = spec };
    }

    private async Task ChangeAsync(string name, Action<JsonObject> change)
    {
        var document = (await Setup.Api.GetAsync("/export")).AsArray().First(each => (string?)each!["kind"] == "Server" && (string?)each["metadata"]!["name"] == name)!.AsObject();
        change(document);
        await Setup.Api.ApplyAsync(document);
    }
}
