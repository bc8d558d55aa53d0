using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Conformance;

/// <summary>A program with nothing but the suite's server behind it, and a token for all of that.</summary>
public sealed class ConformanceStage : IAsyncLifetime
{
    private ChildProcess? server;

    public SymbolonProcess Symbolon { get; private set; } = null!;

    public Setup Setup { get; private set; } = null!;

    /// <summary>The server's own address.</summary>
    public Uri Direct { get; private set; } = null!;

    /// <summary>Its address at the gateway.</summary>
    public Uri Through => new(Symbolon.Url, "/mcp/conformance");

    public string Token { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        (server, Direct) = await NodeProgram.StartConformanceServerAsync("both");
        Symbolon = await SymbolonProcess.StartAsync();
        Setup = new Setup(Symbolon);
        await Setup.ServerAsync("conformance", Direct, Setup.AsksClients);
        Token = (await Setup.WholeTokenAsync("conformance")).Secret;
    }

    public async ValueTask DisposeAsync()
    {
        Setup?.Dispose();
        if (Symbolon is not null) await Symbolon.DisposeAsync();
        if (server is not null) await server.DisposeAsync();
    }
}
