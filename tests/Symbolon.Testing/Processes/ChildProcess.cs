using System.Diagnostics;

namespace Symbolon.Testing.Processes;

/// <summary>A real program, started for a test and ended with it. Its output is kept line by line.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly List<string> output = [];
    private readonly List<string> errors = [];
    private readonly Task readers;
    private bool disposed;

    private ChildProcess(Process process)
    {
        this.process = process;
        readers = Task.WhenAll(KeepAsync(process.StandardOutput, output), KeepAsync(process.StandardError, errors));
    }

    /// <param name="program">A path, or a name on the PATH.</param>
    /// <param name="arguments">Passed as they are, through no shell.</param>
    /// <param name="environment">Added to this process's; null takes a variable away.</param>
    public static ChildProcess Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            if (value is null) start.Environment.Remove(name);
            else start.Environment[name] = value;
        }
        return new ChildProcess(Process.Start(start)!);
    }

    public int Id => process.Id;

    public bool HasEnded => process.HasExited;

    /// <summary>What it wrote to standard output so far.</summary>
    public IReadOnlyList<string> Output => Copy(output);

    /// <summary>What it wrote to standard error so far.</summary>
    public IReadOnlyList<string> Errors => Copy(errors);

    /// <summary>Waits for a line on standard output.</summary>
    public Task<string> LineAsync(Func<string, bool> wanted, TimeSpan? within = null) =>
        Deadline.ForAsync("a line of output", () => Find(wanted), within);

    public Task WriteLineAsync(string line) => process.StandardInput.WriteLineAsync(line);

    /// <summary>SIGKILL, for it and what it started: no handler of its runs.</summary>
    public void Kill()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
    }

    /// <summary>SIGTERM: it may end in order.</summary>
    public void Terminate() => Signal.Send("TERM", process.Id);

    /// <summary>Waits for its end and for all that it wrote.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> ExitAsync(TimeSpan? within = null)
    {
        await process.WaitForExitAsync().WaitAsync(within ?? Deadline.Usual);
        await readers.WaitAsync(within ?? Deadline.Usual);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (disposed) return;
        disposed = true;
        Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private Task<string?> Find(Func<string, bool> wanted)
    {
        if (Output.FirstOrDefault(wanted) is { } line) return Task.FromResult<string?>(line);
        if (process.HasExited && readers.IsCompleted)
        {
            throw new InvalidOperationException(
                $"{process.StartInfo.FileName} ended with {process.ExitCode}.\n{string.Join('\n', Output)}\n{string.Join('\n', Errors)}");
        }
        return Task.FromResult<string?>(null);
    }

    private static async Task KeepAsync(StreamReader reader, List<string> lines)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (lines) lines.Add(line);
        }
    }

    private static List<string> Copy(List<string> lines)
    {
        lock (lines) return [.. lines];
    }
}
