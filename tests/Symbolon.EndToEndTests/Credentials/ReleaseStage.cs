using System.Globalization;
using System.Text.Json.Nodes;
using Symbolon.Testing;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;

namespace Symbolon.EndToEndTests.Credentials;

/// <summary>The program, the sample server Releases behind it in mode exchange, and its API ReleaseApi, each a process of its own.</summary>
internal sealed class ReleaseStage : IAsyncDisposable
{
    private readonly List<ChildProcess> processes = [];

    private ReleaseStage(SymbolonProcess symbolon)
    {
        Symbolon = symbolon;
        Setup = new Setup(symbolon);
        Wire = new McpWire(symbolon.Url);
    }

    public SymbolonProcess Symbolon { get; }

    public Setup Setup { get; }

    public McpWire Wire { get; }

    public string Folder { get; } = Directory.CreateTempSubdirectory("symbolon-releases-").FullName;

    public string Server { get; } = Address();

    public string Audience { get; } = Address();

    public string KeyFile => Path.Combine(Folder, "instance.key");

    public ChildProcess Api { get; private set; } = null!;

    public ChildProcess Releases { get; private set; } = null!;

    /// <summary>Registered, reviewed, enrolled and started.</summary>
    /// <param name="more">Arguments of the server.</param>
    public static async Task<ReleaseStage> StartAsync(params string[] more)
    {
        var stage = await StartAsync(stage => stage.ServeAsync("Releases", "--url", stage.Server));
        await stage.EnrolAsync();
        stage.Releases = await stage.StartReleasesAsync(["--enroll", Path.Combine(stage.Folder, "code"), .. more]);
        return stage;
    }

    /// <summary>Registered and reviewed, beside its API.</summary>
    /// <param name="list">Starts the server without a credential: it lists its tools and runs none, which is enough to be registered.</param>
    public static async Task<ReleaseStage> StartAsync(Func<ReleaseStage, Task<ChildProcess>> list)
    {
        var stage = new ReleaseStage(await SymbolonProcess.StartAsync());
        await using (await list(stage))
            await stage.Setup.ServerAsync("releases", new Uri(stage.Server + "/mcp"), stage.Review);
        stage.Api = await stage.StartApiAsync();
        return stage;
    }

    public async Task EnrolAsync() =>
        await File.WriteAllTextAsync(Path.Combine(Folder, "code"), (await Symbolon.RunAsync("server", "enroll", "releases")).Expect().Output);

    public Task<ChildProcess> StartReleasesAsync(params string[] more) =>
        ServeAsync("Releases", ["--url", Server, "--symbolon", Symbolon.Url.GetLeftPart(UriPartial.Authority), "--key", KeyFile, .. more]);

    /// <summary>A call of a tool through the gateway, in a trace.</summary>
    public Task<WireAnswer> CallAsync(string token, string tool, string name, string trace) =>
        Wire.PostAsync("/t/mcp/releases", token,
            McpText.Call(tool, $$"""{"namespace":"checkout","name":"{{name}}"}""").Replace("\"_meta\":{", $"\"_meta\":{{\"traceparent\":\"00-{trace}-b7ad6b7169203331-01\",", StringComparison.Ordinal),
            McpWire.Modern("tools/call", tool));

    /// <summary>The lines that the API wrote about calls of a trace.</summary>
    public IEnumerable<string> ApiLines(string trace) => Api.Output.Where(line => line.EndsWith($"trace={trace}", StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes) await process.DisposeAsync();
        Wire.Dispose();
        Setup.Dispose();
        await Symbolon.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task<ChildProcess> StartApiAsync()
    {
        var (key, shown) = (Path.Combine(Folder, "api.key"), Path.Combine(Folder, "api.jwk"));
        await using (var showing = ChildProcess.Start(ProgramOf("ReleaseApi"), ["--key", key, "--show-key"]))
        {
            await showing.ExitAsync();
            await File.WriteAllTextAsync(shown, showing.Output[0]);
        }
        (await Symbolon.RunAsync("client", "create", "release-api", "--owner", "owner@example.com", "--audience", Audience, "--key", shown)).Expect();
        var api = await ServeAsync("ReleaseApi", "--url", Audience, "--symbolon", Symbolon.Url.GetLeftPart(UriPartial.Authority), "--key", key);
        await api.LineAsync(line => line.Contains("The feed of revocations is current", StringComparison.Ordinal));
        return api;
    }

    private async Task<ChildProcess> ServeAsync(string program, params string[] arguments)
    {
        var process = ChildProcess.Start(ProgramOf(program), [.. arguments, "--end-with-input"]);
        processes.Add(process);
        await process.LineAsync(line => line.StartsWith("listening on ", StringComparison.Ordinal));
        return process;
    }

    private void Review(JsonObject document)
    {
        document["spec"]!["credential"] = new JsonObject { ["mode"] = "exchange", ["audience"] = Audience, ["ttl"] = "1h" };
        foreach (var tool in document["spec"]!["tools"]!.AsArray())
        {
            var reads = (string)tool!["name"]! == "rollout_status";
            tool["effect"] = reads ? "read" : "irreversible";
            tool["needs"] = new JsonArray(new JsonObject
            {
                ["actions"] = reads ? new JsonArray("read") : new JsonArray("read", "delete"),
                ["resource"] = reads ? "cluster:prod/namespace:{namespace}/release/*" : "cluster:prod/namespace:{namespace}/release/{name}",
            });
        }
    }

    private static string ProgramOf(string name) => Repo.At("artifacts", "bin", name, "release", name);

    private static string Address() => $"http://127.0.0.1:{FreePort.Take().ToString(CultureInfo.InvariantCulture)}";
}
