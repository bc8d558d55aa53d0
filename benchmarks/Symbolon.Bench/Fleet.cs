using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Symbolon.Bench;

/// <summary>Everything that runs during the bench, on loopback: two upstreams, nginx, the bare hop, Symbolon.</summary>
internal sealed class Fleet(string root, string folder) : IAsyncDisposable
{
    public const string ReadTool = "lookup";
    public const string WriteTool = "update";
    public const string CsharpTool = "now";
    private const string Arguments = """{"key":"invoice-2026-00017"}""";

    private readonly List<Server> servers = [];
    private readonly List<Target> targets = [];

    public IReadOnlyList<Target> Targets => targets;

    /// <summary>Milliseconds until Symbolon was ready; 0 without it.</summary>
    public double StartMilliseconds { get; private set; }

    public async Task StartAsync(bool withSymbolon)
    {
        int minimal = FreePort(), csharp = FreePort(), nginx = FreePort(), bare = FreePort();
        var upstream = Start("upstream", Built("Upstream"), [Url(minimal)]);
        var sdk = Start("csharp", Built("Clock"), ["--url", Url(csharp)]);
        var config = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(config, (await File.ReadAllTextAsync(Path.Combine(root, "benchmarks", "nginx.conf")))
            .Replace("@DIR@", folder, StringComparison.Ordinal).Replace("@PORT@", Text(nginx), StringComparison.Ordinal)
            .Replace("@MINIMAL@", Text(minimal), StringComparison.Ordinal).Replace("@CSHARP@", Text(csharp), StringComparison.Ordinal));
        var proxy = Start("nginx", File.Exists("/usr/sbin/nginx") ? "/usr/sbin/nginx" : "nginx", ["-c", config, "-p", folder]);
        var hop = Start("bare", Built("BareHop"), [Url(bare), $"json={Url(minimal)}/json", $"sse={Url(minimal)}/sse", $"csharp={Url(csharp)}/mcp"]);
        foreach (var port in (int[])[minimal, csharp, nginx, bare]) await WaitForAsync(port);

        foreach (var kind in (string[])["json", "sse"])
        {
            Add(Hop.Direct, kind, ReadTool, $"{Url(minimal)}/{kind}", null, upstream);
            Add(Hop.Nginx, kind, ReadTool, $"{Url(nginx)}/{kind}", null, proxy);
            Add(Hop.Bare, kind, ReadTool, $"{Url(bare)}/{kind}", null, hop);
        }
        Add(Hop.Direct, "csharp", CsharpTool, $"{Url(csharp)}/mcp", null, sdk);
        Add(Hop.Nginx, "csharp", CsharpTool, $"{Url(nginx)}/csharp", null, proxy);
        if (withSymbolon) await StartSymbolonAsync(minimal, csharp);
    }

    private async Task StartSymbolonAsync(int minimal, int csharp)
    {
        var symbolon = new SymbolonSetup(Path.Combine(root, "artifacts", "bin", "Symbolon.Cli", "release", "symbolon"), Path.Combine(folder, "symbolon"));
        var port = FreePort();
        var server = Start("symbolon", symbolon.Program, symbolon.ServeArguments(port));
        StartMilliseconds = await symbolon.WaitUntilReadyAsync();
        await symbolon.RegisterAsync("json", $"{Url(minimal)}/json", ReadTool);
        await symbolon.RegisterAsync("sse", $"{Url(minimal)}/sse", ReadTool);
        await symbolon.RegisterAsync("csharp", $"{Url(csharp)}/mcp", CsharpTool);
        var token = await symbolon.IssueAsync(["json", "sse", "csharp"]);
        foreach (var kind in (string[])["json", "sse"])
        {
            Add(Hop.Symbolon, kind, ReadTool, $"{Url(port)}/t/mcp/{kind}", token, server);
            Add(Hop.Symbolon, kind, WriteTool, $"{Url(port)}/t/mcp/{kind}", token, server);
        }
        Add(Hop.Symbolon, "csharp", CsharpTool, $"{Url(port)}/t/mcp/csharp", token, server);
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

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task WaitForAsync(int port)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var socket = new TcpClient();
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException) when (attempt < 200)
            {
                await Task.Delay(50);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in Enumerable.Reverse(servers)) await server.DisposeAsync();
    }
}
