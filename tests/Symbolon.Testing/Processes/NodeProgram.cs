using System.Text.Json.Nodes;

namespace Symbolon.Testing.Processes;

/// <summary>The npm fixtures of tests/node, run by the Node 22 that they bring along.</summary>
public static class NodeProgram
{
    private static string Folder => Repo.At("tests", "node");

    /// <summary>Starts a script or a package's program.</summary>
    public static ChildProcess Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null) =>
        ChildProcess.Start(Path.Combine(Folder, "node_modules", "node", "bin", "node"), arguments, environment);

    /// <summary>The path of a file below tests/node.</summary>
    public static string File(params string[] parts) => Path.Combine([Folder, .. parts]);

    /// <summary>Starts the server on the TypeScript SDK 2.x.</summary>
    /// <param name="era"><c>legacy</c>, <c>modern</c> or <c>both</c>.</param>
    /// <returns>The process, and the address of its MCP endpoint.</returns>
    public static Task<(ChildProcess Process, Uri Url)> StartSdk2ServerAsync(string era) => StartServerAsync("server.mjs", era);

    /// <summary>Starts a server whose tools change when it is told to; what it is told and says stands in tests/node/changing.mjs.</summary>
    /// <param name="kind"><c>sdk1</c>, <c>sdk2</c>, <c>old</c> or <c>hang</c>.</param>
    public static Task<(ChildProcess Process, Uri Url)> StartChangingServerAsync(string kind) => StartServerAsync("changing.mjs", kind);

    /// <summary>Starts a server that closes the streams of its calls so that the client comes back; what it says stands in tests/node/polling.mjs.</summary>
    /// <param name="kind"><c>sdk1</c> or <c>sdk2</c>.</param>
    public static Task<(ChildProcess Process, Uri Url)> StartPollingServerAsync(string kind) => StartServerAsync("polling.mjs", kind);

    /// <summary>Starts the server that the official conformance suite tests; what it offers stands in tests/node/conformance-features.mjs.</summary>
    /// <param name="era"><c>legacy</c>, <c>modern</c> or <c>both</c>.</param>
    public static Task<(ChildProcess Process, Uri Url)> StartConformanceServerAsync(string era) => StartServerAsync("conformance-server.mjs", era);

    /// <summary>Starts the server with tasks that the official conformance suite tests; it is of the modern era alone.</summary>
    public static Task<(ChildProcess Process, Uri Url)> StartTasksServerAsync() => StartServerAsync("tasks.mjs");

    /// <summary>Starts a server that answers only who shows a value that it accepts; what it is told and says stands in tests/node/guarded.mjs.</summary>
    /// <param name="value">The whole <c>Authorization</c> header that it accepts first.</param>
    public static Task<(ChildProcess Process, Uri Url)> StartGuardedServerAsync(string value) => StartServerAsync("guarded.mjs", value);

    /// <summary>Starts a server that is told who asks; what it answers and says stands in tests/node/identity.mjs.</summary>
    /// <param name="issuer">The address of Symbolon.</param>
    public static Task<(ChildProcess Process, Uri Url)> StartIdentityServerAsync(string issuer) => StartServerAsync("identity.mjs", issuer);

    /// <summary>Starts an API under another authorization server, and that; what they are told and say stands in tests/node/foreign.mjs.</summary>
    /// <param name="issuer">The address of Symbolon.</param>
    /// <param name="port">Of the authorization server.</param>
    /// <param name="client">What Symbolon is called there, and its secret, if it has one.</param>
    public static Task<(ChildProcess Process, Uri Url)> StartForeignServerAsync(string issuer, int port, params string[] client) => StartServerAsync("foreign.mjs", [issuer, $"{port}", .. client]);

    private static async Task<(ChildProcess Process, Uri Url)> StartServerAsync(string script, params string[] arguments)
    {
        var process = Start([File(script), .. arguments]);
        var line = await process.LineAsync(text => text.StartsWith('{'));
        return (process, new Uri(JsonNode.Parse(line)!["url"]!.GetValue<string>()));
    }

    /// <summary>Starts the npm package server-everything over Streamable HTTP.</summary>
    public static async Task<(ChildProcess Process, Uri Url)> StartEverythingAsync()
    {
        var port = FreePort.Take();
        return (await StartEverythingAsync("streamableHttp", port), new Uri($"http://127.0.0.1:{port}/mcp"));
    }

    /// <summary>Starts the npm package server-everything over the old HTTP+SSE transport, under <c>/sse</c>.</summary>
    public static Task<ChildProcess> StartOldEverythingAsync(int port) => StartEverythingAsync("sse", port);

    private static async Task<ChildProcess> StartEverythingAsync(string transport, int port)
    {
        var process = Start([File("node_modules", "@modelcontextprotocol", "server-everything", "dist", "index.js"), transport],
            new Dictionary<string, string?> { ["PORT"] = $"{port}" });
        await Deadline.ForAsync("server-everything to listen", () => process.Errors.Concat(process.Output).Any(line =>
            line.Contains("listening", StringComparison.OrdinalIgnoreCase) || line.Contains("running on port", StringComparison.Ordinal)));
        return process;
    }

    /// <summary>Lets an unmodified npm client walk through steps, as tests/node/client.mjs says.</summary>
    /// <param name="kind"><c>sdk1</c>, <c>sdk2</c> or <c>sdk2-auto</c>.</param>
    public static ChildProcess StartClient(string kind, Uri url, string token, JsonArray steps) =>
        Start([File("client.mjs"), kind, url.ToString(), token, steps.ToJsonString()]);

    /// <summary>The lines that a client printed, once it is done.</summary>
    public static async Task<IReadOnlyList<JsonNode>> LinesAsync(ChildProcess client)
    {
        var code = await client.ExitAsync(TimeSpan.FromMinutes(1));
        if (code != 0) throw new InvalidOperationException($"The client ended with {code}.\n{string.Join('\n', client.Errors)}");
        return [.. client.Output.Select(line => JsonNode.Parse(line)!)];
    }
}
