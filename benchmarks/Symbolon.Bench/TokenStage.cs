using System.Globalization;
using System.Text.Json.Nodes;
using Symbolon.Jose.Signatures;
using Symbolon.Testing.Processes;

namespace Symbolon.Bench;

/// <summary>
/// Token endpoints side by side, client credentials by <c>private_key_jwt</c>, JWTs signed with ES256: Symbolon, which stores each assertion as used and
/// records each token durably, and npm <c>oidc-provider</c>, which keeps all in memory. And Symbolon's tokens that are bound to a key (DPoP).
/// </summary>
internal sealed class TokenStage(string root, string folder) : IAsyncDisposable
{
    /// <summary>What tables and keys call this work.</summary>
    public const string Work = "token";
    public const string Asserted = "by assertion";
    public const string Bound = "bound to a key";
    public const int Connections = 16;

    // More than either can answer in a round.
    private const int Requests = 24_000;
    private const string Scope = "mcp:json:@granted";

    private readonly Es256SigningKey key = Es256SigningKey.Generate();
    private readonly List<Server> servers = [];
    private readonly List<(Target Target, Func<string> Request)> targets = [];
    private SymbolonProcess? symbolon;

    public IEnumerable<Target> Targets => targets.Select(each => each.Target);

    private string File => Path.Combine(folder, "token-requests");

    public async Task StartAsync()
    {
        int minimal = FreePort.Take(), provider = FreePort.Take();
        servers.Add(Server.Start(folder, "token-upstream", Path.Combine(root, "artifacts", "bin", "Upstream", "release", "Upstream"), [$"http://127.0.0.1:{Text(minimal)}"]));
        await FreePort.ListeningAsync(minimal);
        symbolon = await SymbolonProcess.StartAsync();
        using var setup = new Setup(symbolon);
        await setup.ServerAsync("json", new Uri($"http://127.0.0.1:{Text(minimal)}/json"), Setup.Reads(Fleet.ReadTool));
        await setup.Api.ApplyAsync(Agent(), Grant());
        var secret = (string)(await setup.Api.PostAsync("/clients", new JsonObject
        {
            ["name"] = "bench-legacy", ["owner"] = "owner@example.com", ["agent"] = "bench", ["legacySecret"] = true,
        }))["secret"]!;
        var (issuer, url, server) = (symbolon.Url.GetLeftPart(UriPartial.Authority), new Uri(symbolon.Url, "/oauth/token"), Server.Of(symbolon.ProcessId));
        Add(Hop.Symbolon, Asserted, url, server, () => TokenRequests.Asserted(key, issuer, Scope));
        Add(Hop.Symbolon, Bound, url, server, () => TokenRequests.Bound(secret, url.ToString(), Scope));

        var other = Server.Start(folder, "oidc-provider", NodeProgram.File("node_modules", "node", "bin", "node"),
            [Path.Combine(root, "benchmarks", "node", "oidc-provider.mjs"), Text(provider), Jwk()]);
        servers.Add(other);
        await FreePort.ListeningAsync(provider);
        var its = $"http://127.0.0.1:{Text(provider)}";
        Add(Hop.OidcProvider, Asserted, new Uri(its + "/token"), other, () => TokenRequests.Asserted(key, its, "mcp:everything:@granted"));
    }

    /// <summary>One round of requests made just now.</summary>
    public async Task<Round> RunAsync(Target target, int seconds)
    {
        var request = targets.Single(each => each.Target == target).Request;
        await System.IO.File.WriteAllLinesAsync(File, Enumerable.Range(0, Requests).Select(_ => request()));
        return await Load.RunAsync(new Cell(target, Connections), seconds, Path.Combine(root, "benchmarks", "token.lua"));
    }

    private void Add(Hop hop, string how, Uri url, Server server, Func<string> request) =>
        targets.Add((new Target(hop, Work, how, File, url, Token: null, server), request));

    private string Jwk()
    {
        var jwk = JsonNode.Parse(key.PublicKey.RequiredMembers())!.AsObject();
        jwk["kid"] = key.PublicKey.Thumbprint.ToString();
        return jwk.ToJsonString();
    }

    private JsonObject Agent() => new()
    {
        ["apiVersion"] = "symbolon/v1", ["kind"] = "Agent", ["metadata"] = new JsonObject { ["name"] = "bench", ["owner"] = "owner@example.com" },
        ["spec"] = new JsonObject { ["keys"] = new JsonArray(JsonNode.Parse(Jwk())) },
    };

    private static JsonObject Grant() => new()
    {
        ["apiVersion"] = "symbolon/v1", ["kind"] = "Grant", ["metadata"] = new JsonObject { ["name"] = "bench" },
        ["spec"] = new JsonObject
        {
            ["to"] = new JsonObject { ["agents"] = new JsonArray("bench") },
            ["servers"] = new JsonArray(new JsonObject { ["name"] = "json", ["tools"] = new JsonArray(Fleet.ReadTool, Fleet.WriteTool) }),
        },
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        key.Dispose();
        if (symbolon is not null) await symbolon.DisposeAsync();
        foreach (var server in servers) await server.DisposeAsync();
    }
}
