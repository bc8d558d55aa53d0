using System.Globalization;
using System.Text.Json.Nodes;
using Symbolon.Testing;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;

namespace Symbolon.EndToEndTests.Stdio;

/// <summary>A copy of the shell server of tests/data, behind a program of its own, spoken to in the legacy era.</summary>
internal sealed class ShellServer : IAsyncDisposable
{
    private static int made;

    private ShellServer(SymbolonProcess symbolon) => (Symbolon, Setup, Wire) = (symbolon, new Setup(symbolon), new McpWire(symbolon.Url));

    public SymbolonProcess Symbolon { get; }

    public Setup Setup { get; }

    public McpWire Wire { get; }

    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("symbolon-stdio-");

    public string Script => Path.Combine(Folder.FullName, "server.sh");

    /// <summary>Stands in the command line of all its processes.</summary>
    public string Mark { get; } = string.Create(CultureInfo.InvariantCulture, $"{8000 + Interlocked.Increment(ref made)}.{Environment.ProcessId}");

    public static async Task<ShellServer> StartAsync(string[]? more = null, params (string Name, string Value)[] settings)
    {
        var server = new ShellServer(await SymbolonProcess.StartAsync(null, settings));
        File.Copy(Repo.At("tests", "data", "stdio", "server.sh"), server.Script);
        await server.Setup.CommandAsync("sh", ["/bin/sh", server.Script, server.Mark], null, more ?? []);
        await Deadline.ForAsync("the process that was read to be gone", () => server.Processes.Count == 0);
        return server;
    }

    public IReadOnlyList<string> Processes => ProcessList.With(Mark);

    public Task<WireAnswer> CallAsync(string token, string tool, string say = "x", string id = "1", string server = "sh") => Wire.PostAsync(
        $"/t/mcp/{server}", token,
        "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool + "\",\"arguments\":" + new JsonObject { ["say"] = say }.ToJsonString() + ",\"_meta\":{\"progressToken\":1}}}");

    public Task NothingLeftAsync() => Deadline.ForAsync("no process to be left", () => Processes.Count == 0);

    public async ValueTask DisposeAsync()
    {
        Wire.Dispose();
        Setup.Dispose();
        await Symbolon.DisposeAsync();
        await NothingLeftAsync();
        Folder.Delete(recursive: true);
    }
}
