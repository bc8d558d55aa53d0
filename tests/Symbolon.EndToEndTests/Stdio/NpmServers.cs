using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Stdio;

/// <summary>Unmodified npm servers over stdio behind one program: <c>everything</c>, <c>files</c>, <c>memory</c>, and <c>dual</c> of both eras.</summary>
public sealed class NpmServers : IAsyncLifetime
{
    public static string Node { get; } = NodeProgram.File("node_modules", "node", "bin", "node");

    public SymbolonProcess Symbolon { get; private set; } = null!;

    public Setup Setup { get; private set; } = null!;

    public McpWire Wire { get; private set; } = null!;

    /// <summary>Which the server <c>files</c> may read.</summary>
    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("symbolon-files-");

    public static string EverythingProgram { get; } = PackageOf("server-everything");

    public async ValueTask InitializeAsync()
    {
        Symbolon = await SymbolonProcess.StartAsync();
        Setup = new Setup(Symbolon);
        Wire = new McpWire(Symbolon.Url);
        await Setup.CommandAsync("everything", [Node, EverythingProgram, "stdio"], Setup.Reads("echo", "get-sum", "trigger-long-running-operation"));
        await Setup.CommandAsync("files", [Node, PackageOf("server-filesystem"), Folder.FullName], Setup.Reads("read_text_file"));
        await Setup.CommandAsync("memory", [Node, PackageOf("server-memory")], Setup.Reads("open_nodes"), "--env", $"MEMORY_FILE_PATH={Path.Combine(Folder.FullName, "memory.json")}");
        await Setup.CommandAsync("dual", [Node, NodeProgram.File("stdio.mjs")], Setup.Reads("add", "slow"));
    }

    public Uri UrlOf(string server) => new(Symbolon.Url, $"/t/mcp/{server}");

    /// <summary>A legacy call with the same id and progress token as all others.</summary>
    public Task<WireAnswer> CallAsync(string server, string token, string tool, string arguments) => Wire.PostAsync(
        $"/t/mcp/{server}", token, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool + "\",\"arguments\":" + arguments + ",\"_meta\":{\"progressToken\":\"p\"}}}");

    public async ValueTask DisposeAsync()
    {
        Wire?.Dispose();
        Setup?.Dispose();
        if (Symbolon is not null) await Symbolon.DisposeAsync();
        await Deadline.ForAsync("no process to be left", () => ProcessList.With(Folder.FullName).Count == 0);
        Folder.Delete(recursive: true);
    }

    public static string PackageOf(string name) => NodeProgram.File("node_modules", "@modelcontextprotocol", name, "dist", "index.js");
}
