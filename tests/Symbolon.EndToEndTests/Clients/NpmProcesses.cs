using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Clients;

/// <summary>The unmodified npm servers filesystem and memory as processes of a program, and everything over the old HTTP+SSE.</summary>
public sealed class NpmProcesses : IAsyncLifetime
{
    private ChildProcess? old;

    public static string Node { get; } = NodeProgram.File("node_modules", "node", "bin", "node");

    public SymbolonProcess Symbolon { get; private set; } = null!;

    public Setup Setup { get; private set; } = null!;

    /// <summary>All that the filesystem server may see.</summary>
    public string Shared { get; } = Directory.CreateTempSubdirectory("symbolon-shared-").FullName;

    /// <summary>Where the memory server keeps what it is told.</summary>
    public string Memory => Path.Combine(Shared, "memory.jsonl");

    public static string ProgramOf(string server) => NodeProgram.File("node_modules", "@modelcontextprotocol", $"server-{server}", "dist", "index.js");

    public Uri UrlOf(string server) => new(Symbolon.Url, $"/t/mcp/{server}");

    public async ValueTask InitializeAsync()
    {
        Symbolon = await SymbolonProcess.StartAsync();
        Setup = new Setup(Symbolon);
        await Setup.CommandAsync("filesystem", [Node, ProgramOf("filesystem"), Shared]);
        await Setup.CommandAsync("memory", [Node, ProgramOf("memory")], null, "--env", $"MEMORY_FILE_PATH={Memory}");
        var port = FreePort.Take();
        old = NodeProgram.Start([ProgramOf("everything"), "sse"], new Dictionary<string, string?> { ["PORT"] = $"{port}" });
        await Deadline.ForAsync("server-everything to listen", () => old.Errors.Concat(old.Output).Any(line => line.Contains("running on port", StringComparison.OrdinalIgnoreCase)));
        await Setup.ServerAsync("old", new Uri($"http://127.0.0.1:{port}/sse"), Setup.Reads("echo", "get-sum", "trigger-long-running-operation"));
    }

    public async ValueTask DisposeAsync()
    {
        Setup?.Dispose();
        if (Symbolon is not null) await Symbolon.DisposeAsync();
        if (old is not null) await old.DisposeAsync();
        Directory.Delete(Shared, recursive: true);
    }
}
