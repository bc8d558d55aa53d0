using System.Diagnostics;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Demo;

/// <summary>
/// One of the sample servers as a child process. It holds the reading end of a pipe from us and stops when that ends, so it never
/// outlives us, however we end.
/// </summary>
internal sealed class SampleProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly string[] Inherited = ["PATH", "HOME", "TMPDIR", "DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64"];
    private readonly Process process;

    private SampleProcess(Process process, Uri url)
    {
        this.process = process;
        Url = url;
    }

    /// <summary>Its MCP endpoint.</summary>
    public Uri Url { get; }

    /// <param name="program">Full path of the program.</param>
    /// <exception cref="CommandException">It is not there, or does not come up.</exception>
    public static async Task<SampleProcess> StartAsync(string program, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var process = new Process { StartInfo = StartOf(program, arguments) };
        process.Start();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
                if (line.StartsWith("listening on ", StringComparison.Ordinal) && Uri.TryCreate(line["listening on ".Length..], UriKind.Absolute, out var url))
                    return new SampleProcess(process, url);
            throw NotUp(program, "it ended");
        }
        catch (Exception fault)
        {
            await StopAsync(process);
            if (fault is OperationCanceledException && !cancellation.IsCancellationRequested) throw NotUp(program, "it said nothing");
            throw;
        }
    }

    /// <summary>The next line like this that it writes; those before are gone.</summary>
    public async Task<string> LineAsync(Func<string, bool> isIt, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
                if (isIt(line)) return line;
            throw new CommandException(ExitCode.Error, "sample_failed", $"{process.StartInfo.FileName} ended.");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CommandException(ExitCode.Error, "sample_failed", $"{process.StartInfo.FileName} did not write what it should have.");
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync(process);

    private static ProcessStartInfo StartOf(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, [.. arguments, "--end-with-input"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var name in start.Environment.Keys.Except(Inherited).ToList()) start.Environment.Remove(name);
        return start;
    }

    private static async Task StopAsync(Process process)
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
    }

    private static CommandException NotUp(string program, string why) => new(ExitCode.Error, "sample_failed", $"{program} did not start: {why}.");
}
