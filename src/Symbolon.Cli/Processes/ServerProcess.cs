using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using Symbolon.Cli.Upstreams;
using Symbolon.Core.Registry;

namespace Symbolon.Cli.Processes;

/// <summary>
/// A server's command, run by this command's own process under its operator's rights: no shell, and no variable of the operator's but
/// where home is. Disposing ends it with everything that it started.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(5);

    private readonly Process process;
    private readonly string mark;
    private readonly ErrorTail errors;

    private ServerProcess(Process process, string mark)
    {
        (this.process, this.mark) = (process, mark);
        errors = ErrorTail.Of(process.StandardError.BaseStream);
    }

    /// <exception cref="UpstreamException">It cannot be started.</exception>
    public static ServerProcess Start(UpstreamAddress.Stdio server, (string Name, string Value)? secret, Func<string, string?> own)
    {
        var start = new ProcessStartInfo(server.Command, server.Args)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = server.Cwd ?? UpstreamAddress.Stdio.UsualFolder,
        };
        start.Environment.Clear();
        foreach (var (name, value) in ProcessEnvironment.Of(server, secret, own)) start.Environment[name] = value;
        var mark = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        start.Environment[Strays.Variable] = mark;
        try
        {
            return new ServerProcess(Process.Start(start)!, mark);
        }
        catch (Win32Exception fault)
        {
            throw new UpstreamException($"It cannot be started: {fault.Message}");
        }
    }

    public Stream Output => process.StandardOutput.BaseStream;

    /// <summary>The last that it wrote to standard error.</summary>
    public IReadOnlyList<string> Errors => errors.Lines;

    public async Task WriteLineAsync(string line, CancellationToken cancellation)
    {
        await process.StandardInput.BaseStream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(line + "\n"), cancellation);
        await process.StandardInput.BaseStream.FlushAsync(cancellation);
    }

    /// <summary>How it ended, once its output has.</summary>
    public async Task<string> EndingAsync(CancellationToken cancellation)
    {
        try
        {
            await process.WaitForExitAsync(cancellation).WaitAsync(TimeSpan.FromSeconds(1), cancellation);
            return $"It ended with exit code {process.ExitCode}.";
        }
        catch (TimeoutException)
        {
            return "It closed its output.";
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception fault) when (fault is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended already; what it left behind is looked for all the same.
        }
        Strays.Kill(mark);
        try
        {
            await process.WaitForExitAsync(CancellationToken.None).WaitAsync(EndTime, CancellationToken.None);
            await errors.EndAsync(EndTime);
        }
        catch (TimeoutException)
        {
            // A process that the kernel cannot end now; nothing more can be done to it.
        }
        process.Dispose();
    }
}
