using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Symbolon.Gateway.Upstreams.Supervision;

namespace Symbolon.Gateway.Upstreams.Stdio;

/// <summary>A server's process below a supervisor that is our child. What it writes to its standard error goes to the log.</summary>
internal sealed partial class SupervisedProcess : IServerPipes
{
    private const int Stack = 256 * 1024;

    /// <summary>Time to end by itself once its input is closed, and then until its supervisor has ended it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(15);

    private readonly Process supervisor;
    private readonly string server;
    private readonly string? secret;
    private readonly Func<string, bool>? holds;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly int session;

    private SupervisedProcess(Process supervisor, string server, string? secret, Func<string, bool>? holds, TimeProvider clock, ILogger log)
    {
        (this.supervisor, this.server, this.secret, this.holds, this.clock, this.log) = (supervisor, server, secret, holds, clock, log);
        session = supervisor.Id;
    }

    public Stream Output => supervisor.StandardOutput.BaseStream;

    public Stream Input => supervisor.StandardInput.BaseStream;

    /// <param name="program">The program that supervises, and its first arguments.</param>
    /// <param name="secret">The credential among the variables, which is kept out of the log; null for none.</param>
    /// <param name="holds">Whether a text holds a secret that it reads elsewhere, which is kept out of the log as well; null for none.</param>
    /// <exception cref="Win32Exception">The supervisor cannot be started.</exception>
    public static SupervisedProcess Start(
        IReadOnlyList<string> program, SupervisorOrder order, IReadOnlyDictionary<string, string> variables, string server, string? secret, TimeProvider clock,
        ILogger log, Func<string, bool>? holds = null)
    {
        var start = new ProcessStartInfo(program[0], [.. program.Skip(1), Supervisor.Command, .. order.ToArguments()])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = order.Folder,
        };
        start.Environment.Clear();
        foreach (var (name, value) in variables) start.Environment[name] = value;
        // For the supervisor alone, which passes none of them on.
        start.Environment["DOTNET_ROOT"] = StdioHost.RuntimeFolder;
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x4000000";
        return new SupervisedProcess(Process.Start(start)!, server, secret, holds, clock, log);
    }

    public void Attend(Action ended)
    {
        LogStarted(server, session);
        new Thread(ReadErrors, Stack) { IsBackground = true, Name = $"{server} reads the errors" }.Start();
        // Who kills the supervisor leaves the pipes open: the server has them, too.
        supervisor.Exited += (_, _) => ended();
        supervisor.EnableRaisingEvents = true;
    }

    /// <summary>Closes its input, then asks, then kills; at the end nothing of it is left.</summary>
    public void End(bool isWriting)
    {
        try
        {
            // The stream itself may be busy with a write that never ends; then the signal has to do.
            if (!isWriting) supervisor.StandardInput.Close();
            if (!supervisor.WaitForExit(Grace)) Native.Signal(supervisor.Id, Native.Terminate);
            if (!supervisor.WaitForExit(EndWithin)) supervisor.Kill();
            supervisor.WaitForExit(Grace);
            // Who killed the supervisor left its server behind, in this session.
            var isGone = ProcessTable.Kill(() => ProcessTable.InSession(session), EndWithin, clock);
            LogEnded(server, session, supervisor.HasExited ? supervisor.ExitCode : -1, isGone);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or Win32Exception)
        {
            LogNotEnded(server, session, e);
        }
        finally
        {
            supervisor.Dispose();
        }
    }

    private void ReadErrors()
    {
        var lines = new ErrorLines(line => LogError(server, line), clock, secret, holds);
        try
        {
            var errors = supervisor.StandardError.BaseStream;
            var bytes = new byte[4096];
            while (errors.Read(bytes) is var read and > 0) lines.Take(bytes.AsSpan(0, read));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The pipe broke; what it means is the same as its end.
        }
        lines.Finish();
    }

    [LoggerMessage(EventId = 2401, Level = LogLevel.Information, Message = "Server {Server} was started under supervisor {Process}")]
    private partial void LogStarted(string server, int process);

    [LoggerMessage(EventId = 2402, Level = LogLevel.Information, Message = "Server {Server} under supervisor {Process} ended with {Code}; nothing is left of it: {IsGone}")]
    private partial void LogEnded(string server, int process, int code, bool isGone);

    [LoggerMessage(EventId = 2404, Level = LogLevel.Information, Message = "Server {Server} says: {Line}")]
    private partial void LogError(string server, string line);

    [LoggerMessage(EventId = 2405, Level = LogLevel.Error, Message = "Server {Server} under supervisor {Process} could not be ended")]
    private partial void LogNotEnded(string server, int process, Exception fault);
}
