using Symbolon.Testing;
using Symbolon.Testing.Processes;

namespace Symbolon.EndToEndTests.Cli;

/// <summary>One of the programs of samples/, running.</summary>
internal sealed class SampleServer : IAsyncDisposable
{
    private readonly ChildProcess process;

    private SampleServer(ChildProcess process, Uri url)
    {
        this.process = process;
        Url = url;
    }

    public Uri Url { get; }

    public static async Task<SampleServer> StartAsync(string name, params string[] arguments)
    {
        const string Listening = "listening on ";
        var process = ChildProcess.Start(Repo.At("artifacts", "bin", name, "release", name), [.. arguments, "--end-with-input"]);
        var line = await process.LineAsync(text => text.StartsWith(Listening, StringComparison.Ordinal));
        return new SampleServer(process, new Uri(line[Listening.Length..]));
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
