using System.Text.Json.Nodes;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Clients.Features;

/// <summary>A program with the unmodified npm servers behind it: everything over HTTP and as a process, filesystem and memory as processes.</summary>
public sealed class FeatureStage : IAsyncLifetime
{
    private readonly Dictionary<string, IssuedToken> tokens = [];
    private ChildProcess? everything;

    public SymbolonProcess Symbolon { get; private set; } = null!;

    /// <summary>All that the filesystem server may see.</summary>
    public string Shared { get; } = Directory.CreateTempSubdirectory("symbolon-features-").FullName;

    public async ValueTask InitializeAsync()
    {
        Symbolon = await SymbolonProcess.StartAsync();
        using var setup = new Setup(Symbolon);
        (everything, var url) = await NodeProgram.StartEverythingAsync();
        await setup.ServerAsync("everything", url);
        await setup.CommandAsync("process", [NpmProcesses.Node, NpmProcesses.ProgramOf("everything"), "stdio"]);
        await setup.CommandAsync("filesystem", [NpmProcesses.Node, NpmProcesses.ProgramOf("filesystem"), Shared], NothingSensitive);
        await setup.CommandAsync("memory", [NpmProcesses.Node, NpmProcesses.ProgramOf("memory")], null, "--env", $"MEMORY_FILE_PATH={Path.Combine(Shared, "memory.jsonl")}");
        foreach (var server in (string[])["everything", "process", "filesystem", "memory"]) tokens[server] = await setup.WholeTokenAsync(server);
    }

    /// <summary>What it reads is assessed as sensitive, which a grant of effects does not give.</summary>
    private static void NothingSensitive(JsonObject document)
    {
        foreach (var tool in document["spec"]!["tools"]!.AsArray()) tool!.AsObject().Remove("flags");
    }

    public Uri UrlOf(string server) => new(Symbolon.Url, $"/t/mcp/{server}");

    /// <summary>For all that the server has.</summary>
    public IssuedToken TokenOf(string server) => tokens[server];

    public async ValueTask DisposeAsync()
    {
        if (Symbolon is not null) await Symbolon.DisposeAsync();
        if (everything is not null) await everything.DisposeAsync();
        Directory.Delete(Shared, recursive: true);
    }
}
