using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Xunit;

[assembly: AssemblyFixture(typeof(RunningGateway))]

namespace Symbolon.EndToEndTests.Fixtures;

/// <summary>
/// One program with the servers that most tests need behind it. Tests that stop it, kill it or fill it start one of their own.
/// </summary>
public sealed class RunningGateway : IAsyncLifetime
{
    private readonly List<ChildProcess> upstreams = [];

    public SymbolonProcess Symbolon { get; private set; } = null!;

    public Setup Setup { get; private set; } = null!;

    public McpWire Wire { get; private set; } = null!;

    /// <summary>The C# server that says what ran, registered as <c>recording</c>.</summary>
    public ChildProcess Recording { get; private set; } = null!;

    /// <summary>The address of the server on the TypeScript SDK 2.x, registered as <c>sdk2</c>.</summary>
    public Uri Sdk2 { get; private set; } = null!;

    /// <summary>Answers what no sane server would, registered as <c>hostile</c>.</summary>
    public HostileUpstream Hostile { get; } = new();

    public async ValueTask InitializeAsync()
    {
        // Short, so that a test of an upstream that says nothing is short too.
        var starting = SymbolonProcess.StartAsync(null, ("SYMBOLON_LIMITS_SILENCE", "2s"), ("SYMBOLON_LIMITS_CALL", "30s"));
        var everything = await NodeProgram.StartEverythingAsync();
        upstreams.Add(everything.Process);
        var sdk2 = await NodeProgram.StartSdk2ServerAsync("both");
        upstreams.Add(sdk2.Process);
        Sdk2 = sdk2.Url;
        Recording = ChildProcess.Start(Repo.At("artifacts", "bin", "Symbolon.RecordingServer", "release", "Symbolon.RecordingServer"), []);
        upstreams.Add(Recording);
        var recording = new Uri((await Recording.LineAsync(line => line.StartsWith("listening on ", StringComparison.Ordinal)))["listening on ".Length..]);

        Symbolon = await starting;
        Setup = new Setup(Symbolon);
        Wire = new McpWire(Symbolon.Url);
        await Task.WhenAll(
            Setup.ServerAsync("everything", everything.Url, Setup.Reads("echo", "get-sum", "trigger-long-running-operation")),
            Setup.ServerAsync("sdk2", sdk2.Url, Setup.Reads("add", "slow")),
            Setup.ServerAsync("recording", recording, Setup.Reads("keep")),
            Setup.ServerAsync("hostile", Hostile.Url));
    }

    /// <summary>The address that a client is given for a server.</summary>
    public Uri UrlOf(string server) => new(Symbolon.Url, $"/t/mcp/{server}");

    public async ValueTask DisposeAsync()
    {
        // Whatever of it was started: a failed start is told by its own exception, not by this one.
        Wire?.Dispose();
        Setup?.Dispose();
        if (Symbolon is not null) await Symbolon.DisposeAsync();
        foreach (var upstream in upstreams) await upstream.DisposeAsync();
        await Hostile.DisposeAsync();
    }
}
