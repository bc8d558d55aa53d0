using System.Globalization;
using System.Text.Json.Nodes;

namespace Symbolon.Testing.Processes;

/// <summary>A token and what it is called by.</summary>
public sealed record IssuedToken(string Id, string Secret, string Grant)
{
    /// <summary>Of a token of <see cref="Setup.TokenAsync"/>: nobody else's.</summary>
    public string Agent => $"agent-of-{Grant}";
}

/// <summary>The usual first steps with a running program: servers registered and approved, tokens issued.</summary>
public sealed class Setup(SymbolonProcess symbolon) : IDisposable
{
    private int issued;

    public AdminApi Api { get; } = new(symbolon);

    /// <summary>Registers a server by the command, gives effects to its tools, approves it.</summary>
    /// <param name="change">What the reviewed file says differently from the draft; called with the document.</param>
    /// <param name="more">Further arguments of <c>server register</c>.</param>
    public Task ServerAsync(string name, Uri url, Action<JsonObject>? change = null, params string[] more) =>
        ReviewedAsync(name, ["--url", url.ToString(), .. more], change);

    /// <summary>As above, for a server that is a process.</summary>
    /// <param name="command">The program, then its arguments.</param>
    public Task CommandAsync(string name, string[] command, Action<JsonObject>? change = null, params string[] more) =>
        ReviewedAsync(name, [.. more, "--", .. command], change);

    private async Task ReviewedAsync(string name, string[] where, Action<JsonObject>? change)
    {
        (await symbolon.RunAsync(["server", "register", name, "--owner", "owner@example.com", .. where])).Expect();
        if (change is not null)
        {
            var document = (await Api.GetAsync("/export")).AsArray().First(each => (string?)each!["kind"] == "Server" && (string?)each["metadata"]!["name"] == name)!.AsObject();
            change(document);
            await Api.ApplyAsync(document);
        }
        // A file inside the envelope serves already.
        if ((int?)(await Api.GetAsync($"/servers/{name}"))["pendingVersion"] is { } pending)
            await Api.PostAsync($"/servers/{name}/approve", new JsonObject { ["version"] = pending });
    }

    /// <summary>For <see cref="ServerAsync"/>: these tools only read, and no others, whatever they were assessed as.</summary>
    public static Action<JsonObject> Reads(params string[] tools) => document =>
    {
        foreach (var tool in document["spec"]!["tools"]!.AsArray())
            tool!["effect"] = tools.Contains((string)tool["name"]!) ? "read" : "irreversible";
    };

    /// <summary>Issues a token for alice through an agent, with a grant of its own for exactly that.</summary>
    /// <param name="servers">Each as <c>NAME</c> for all tools, or <c>NAME:TOOL,TOOL</c>.</param>
    public async Task<IssuedToken> TokenAsync(params string[] servers)
    {
        var grant = string.Create(CultureInfo.InvariantCulture, $"grant-{Interlocked.Increment(ref issued)}-{Guid.NewGuid().ToString("N")[..8]}");
        var answer = await Api.PostAsync("/tokens", new JsonObject
        {
            ["user"] = "alice@example.com",
            ["agent"] = $"agent-of-{grant}",
            ["createAgent"] = new JsonObject { ["owner"] = "owner@example.com" },
            ["createGrant"] = new JsonObject { ["name"] = grant, ["maxTtl"] = "8h" },
            ["ttl"] = "1h",
            ["servers"] = new JsonArray([.. servers.Select(Access)]),
        });
        return new IssuedToken((string)answer["id"]!, (string)answer["token"]!, grant);
    }

    /// <summary>Issues a token for alice through an agent, with a grant of its own, for all tools, prompts and resources of a server.</summary>
    public async Task<IssuedToken> WholeTokenAsync(string server)
    {
        var name = $"whole-{Guid.NewGuid().ToString("N")[..8]}";
        var all = new JsonObject
        {
            ["name"] = server, ["effects"] = new JsonArray("read", "write", "irreversible"), ["prompts"] = new JsonArray("*"), ["resources"] = new JsonArray("*"),
        };
        await Api.ApplyAsync(
            new JsonObject { ["apiVersion"] = "symbolon/v1", ["kind"] = "Agent", ["metadata"] = new JsonObject { ["name"] = name, ["owner"] = "owner@example.com" }, ["spec"] = new JsonObject() },
            new JsonObject
            {
                ["apiVersion"] = "symbolon/v1", ["kind"] = "Grant", ["metadata"] = new JsonObject { ["name"] = name },
                ["spec"] = new JsonObject { ["to"] = new JsonObject { ["users"] = new JsonArray("alice@example.com"), ["agents"] = new JsonArray(name) }, ["servers"] = new JsonArray(all) },
            });
        var answer = await Api.PostAsync("/tokens", new JsonObject { ["user"] = "alice@example.com", ["agent"] = name, ["ttl"] = "1h", ["servers"] = new JsonArray(Access(server)) });
        return new IssuedToken((string)answer["id"]!, (string)answer["token"]!, name);
    }

    /// <summary>Applies a policy of one's own.</summary>
    /// <param name="rules">A JSON array.</param>
    public Task PolicyAsync(string name, string rules) => Api.ApplyAsync(new JsonObject
    {
        ["apiVersion"] = "symbolon/v1", ["kind"] = "Policy", ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = new JsonObject { ["rules"] = JsonNode.Parse(rules) },
    });

    /// <summary>For <see cref="ServerAsync"/>: it may ask clients for everything.</summary>
    public static void AsksClients(JsonObject document) => document["spec"]!["clientFeatures"] = new JsonArray("sampling", "elicitation", "roots");

    public void Dispose() => Api.Dispose();

    private static JsonNode Access(string text)
    {
        var parts = text.Split(':');
        return parts.Length == 1
            ? new JsonObject { ["name"] = parts[0], ["all"] = true }
            : new JsonObject { ["name"] = parts[0], ["tools"] = new JsonArray([.. parts[1].Split(',').Select(tool => JsonValue.Create(tool))]) };
    }
}
