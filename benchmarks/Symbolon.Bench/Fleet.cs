using System.Diagnostics;
using System.Globalization;
using Symbolon.Testing.Processes;
using Symbolon.Testing.Storage;

namespace Symbolon.Bench;

/// <summary>Everything that runs during the bench, on loopback: two upstreams, nginx, the bare hop, Symbolon and its variants.</summary>
internal sealed class Fleet(string root, string folder) : IAsyncDisposable
{
    public const string ReadTool = "lookup";
    public const string WriteTool = "update";
    public const string CsharpTool = "now";
    private const string Arguments = """{"key":"invoice-2026-00017"}""";

    private readonly List<Server> servers = [];
    private readonly List<Target> targets = [];
    private readonly List<SymbolonProcess> variants = [];
    private readonly Lazy<PostgresCluster> postgres = new(() => new PostgresCluster());

    public IReadOnlyList<Target> Targets => targets;

    /// <summary>Milliseconds until Symbolon was ready; 0 without it.</summary>
    public double StartMilliseconds { get; private set; }

    /// <summary>Symbolon as it is; null when it was left out.</summary>
    public SymbolonProcess? Symbolon { get; private set; }

    /// <summary>The least upstream.</summary>
    public Uri Minimal { get; private set; } = null!;

    public async Task StartAsync(bool withSymbolon, bool withVariants)
    {
        int minimal = FreePort.Take(), csharp = FreePort.Take(), nginx = FreePort.Take(), bare = FreePort.Take();
        var upstream = Start("upstream", Built("Upstream"), [Url(minimal)]);
        var sdk = Start("csharp", Built("Clock"), ["--url", Url(csharp)]);
        var config = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(config, (await File.ReadAllTextAsync(Path.Combine(root, "benchmarks", "nginx.conf")))
            .Replace("@DIR@", folder, StringComparison.Ordinal).Replace("@PORT@", Text(nginx), StringComparison.Ordinal)
            .Replace("@MINIMAL@", Text(minimal), StringComparison.Ordinal).Replace("@CSHARP@", Text(csharp), StringComparison.Ordinal));
        var proxy = Start("nginx", File.Exists("/usr/sbin/nginx") ? "/usr/sbin/nginx" : "nginx", ["-c", config, "-p", folder]);
        var hop = Start("bare", Built("BareHop"), [Url(bare), $"json={Url(minimal)}/json", $"sse={Url(minimal)}/sse", $"csharp={Url(csharp)}/mcp"]);
        foreach (var port in (int[])[minimal, csharp, nginx, bare]) await FreePort.ListeningAsync(port);

        foreach (var kind in (string[])["json", "sse"])
        {
            Add(Hop.Direct, kind, ReadTool, $"{Url(minimal)}/{kind}", null, upstream);
            Add(Hop.Nginx, kind, ReadTool, $"{Url(nginx)}/{kind}", null, proxy);
            Add(Hop.Bare, kind, ReadTool, $"{Url(bare)}/{kind}", null, hop);
        }
        Add(Hop.Direct, "csharp", CsharpTool, $"{Url(csharp)}/mcp", null, sdk);
        Add(Hop.Nginx, "csharp", CsharpTool, $"{Url(nginx)}/csharp", null, proxy);
        Minimal = new Uri(Url(minimal));
        if (withSymbolon) await StartSymbolonAsync(minimal, csharp);
        if (!withVariants) return;
        await StartVariantAsync(Hop.IntentFirst, minimal, await SymbolonProcess.StartAsync(null, ("SYMBOLON_AUDIT_INTENT_FIRST", "all")), ReadTool);
        await StartVariantAsync(Hop.Unrecorded, minimal, await SymbolonProcess.StartOtherAsync(Built("Unrecorded")), ReadTool, WriteTool);
        var store = postgres.Value.ConnectionString(postgres.Value.CreateDatabase());
        await StartVariantAsync(Hop.Postgres, minimal, await SymbolonProcess.StartAsync(null, ("SYMBOLON_STORE", store)), ReadTool, WriteTool);
    }

    private async Task StartVariantAsync(Hop hop, int minimal, SymbolonProcess variant, params string[] tools)
    {
        variants.Add(variant);
        using var setup = new Setup(variant);
        await setup.ServerAsync("json", new Uri($"{Url(minimal)}/json"), Setup.Reads(ReadTool));
        var token = (await setup.TokenAsync("json")).Secret;
        foreach (var tool in tools) Add(hop, "json", tool, new Uri(variant.Url, "/t/mcp/json").ToString(), token, Server.Of(variant.ProcessId));
    }

    private async Task StartSymbolonAsync(int minimal, int csharp)
    {
        var started = Stopwatch.GetTimestamp();
        var symbolon = Symbolon = await SymbolonProcess.StartAsync();
        StartMilliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        using var setup = new Setup(symbolon);
        await setup.ServerAsync("json", new Uri($"{Url(minimal)}/json"), Setup.Reads(ReadTool));
        await setup.ServerAsync("sse", new Uri($"{Url(minimal)}/sse"), Setup.Reads(ReadTool));
        await setup.ServerAsync("csharp", new Uri($"{Url(csharp)}/mcp"), Setup.Reads(CsharpTool));
        var token = (await setup.TokenAsync("json", "sse", "csharp")).Secret;
        var server = Server.Of(symbolon.ProcessId);
        foreach (var kind in (string[])["json", "sse"])
        {
            Add(Hop.Symbolon, kind, ReadTool, Of(kind), token, server);
            Add(Hop.Symbolon, kind, WriteTool, Of(kind), token, server);
        }
        Add(Hop.Symbolon, "csharp", CsharpTool, Of("csharp"), token, server);
        string Of(string name) => new Uri(symbolon.Url, $"/t/mcp/{name}").ToString();
    }

    private Server Start(string name, string program, IReadOnlyList<string> arguments)
    {
        var server = Server.Start(folder, name, program, arguments);
        servers.Add(server);
        return server;
    }

    private void Add(Hop hop, string upstream, string tool, string url, string? token, Server server) =>
        targets.Add(new Target(hop, upstream, tool, tool == CsharpTool ? "{}" : Arguments, new Uri(url), token, server));

    private string Built(string project) => Path.Combine(root, "artifacts", "bin", project, "release", project);

    private static string Url(int port) => $"http://127.0.0.1:{Text(port)}";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        if (Symbolon is not null) await Symbolon.DisposeAsync();
        foreach (var variant in variants) await variant.DisposeAsync();
        if (postgres.IsValueCreated) postgres.Value.Dispose();
        foreach (var server in Enumerable.Reverse(servers)) await server.DisposeAsync();
    }
}
