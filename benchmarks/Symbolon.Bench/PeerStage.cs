using System.Globalization;
using Symbolon.Testing.Processes;

namespace Symbolon.Bench;

/// <summary>
/// Gateways that put one stdio server on Streamable HTTP, each with a process of the same npm server behind it: Symbolon with everything on, and
/// the peers as they come, which check no token, decide nothing and record nothing.
/// </summary>
internal sealed class PeerStage(string root, string folder) : IAsyncDisposable
{
    /// <summary>What tables and keys call the server behind.</summary>
    public const string Upstream = "stdio";

    public const string Tool = "echo";
    private const string Arguments = """{"message":"invoice-2026-00017"}""";
    private static readonly string Node = NodeProgram.File("node_modules", "node", "bin", "node");
    private static readonly string Everything = NodeProgram.File("node_modules", "@modelcontextprotocol", "server-everything", "dist", "index.js");

    private readonly List<Server> servers = [];
    private readonly List<Target> targets = [];
    private readonly HttpClient client = new();
    private SymbolonProcess? symbolon;

    public IReadOnlyList<Target> Targets => targets;

    public async Task StartAsync()
    {
        symbolon = await SymbolonProcess.StartAsync();
        using var setup = new Setup(symbolon);
        await setup.CommandAsync("everything", [Node, Everything, "stdio"], Setup.Reads(Tool));
        await AddAsync(Hop.Symbolon, new Uri(symbolon.Url, "/t/mcp/everything"), Server.Of(symbolon.ProcessId), (await setup.TokenAsync("everything")).Secret);

        int proxy = FreePort.Take(), gateway = FreePort.Take();
        await AddPeerAsync(Hop.McpProxy, proxy, [Package("mcp-proxy", "bin", "mcp-proxy.mjs"), "--host", "127.0.0.1", "--port", Text(proxy), "--server", "stream", "--", Node, Everything, "stdio"]);
        await AddPeerAsync(Hop.Supergateway, gateway, [Package("supergateway", "index.js"), "--stdio", $"{Node} {Everything} stdio", "--outputTransport", "streamableHttp", "--stateful", "--port", Text(gateway), "--logLevel", "none"]);
    }

    /// <summary>What one further session costs, in MB of the gateway and of what it started.</summary>
    public async Task<double> SessionMegabytesAsync(Target target)
    {
        const int Sessions = 8;
        var before = target.Server.ResidentMegabytes();
        for (var i = 0; i < Sessions; i++) await PeerSession.OpenAsync(client, target);
        return (target.Server.ResidentMegabytes() - before) / Sessions;
    }

    private async Task AddPeerAsync(Hop hop, int port, string[] arguments)
    {
        var server = Server.Start(folder, hop.ToString(), Node, arguments);
        servers.Add(server);
        await FreePort.ListeningAsync(port);
        await AddAsync(hop, new Uri($"http://127.0.0.1:{Text(port)}/mcp"), server, null);
    }

    /// <summary>One session, in which all connections call.</summary>
    private async Task AddAsync(Hop hop, Uri url, Server server, string? token)
    {
        var target = new Target(hop, Upstream, Tool, Arguments, url, token, server);
        target = target with { Session = await PeerSession.OpenAsync(client, target) };
        targets.Add(target with { Behind = server.Below(Everything) });
    }

    private string Package(string name, params string[] file) => Path.Combine([root, "benchmarks", "node", "node_modules", name, "dist", .. file]);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        if (symbolon is not null) await symbolon.DisposeAsync();
        foreach (var server in servers) await server.DisposeAsync();
    }
}
