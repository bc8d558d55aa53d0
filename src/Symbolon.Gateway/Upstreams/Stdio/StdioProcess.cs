using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Symbolon.Gateway.Upstreams.Channels;
using Symbolon.Gateway.Upstreams.Supervision;

namespace Symbolon.Gateway.Upstreams.Stdio;

/// <summary>
/// A running server process as a channel: a message is a line. Its pipes are read and written by threads of their own, since a thread
/// that waits for a pipe is lost to everybody else.
/// </summary>
internal sealed partial class StdioProcess : IMessageChannel
{
    private const int Step = 64 * 1024;
    private const int Stack = 256 * 1024;

    /// <summary>A process that takes nothing for so long is ended.</summary>
    private static readonly TimeSpan Unread = TimeSpan.FromSeconds(30);

    /// <summary>Time to end by itself once its input is closed, and then until its supervisor has ended it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(15);

    private readonly Process supervisor;
    private readonly string server;
    private readonly string? secret;
    private readonly int mostBytes;
    private readonly SendQueue queue;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly int session;
    private int isEnding;

    private StdioProcess(Process supervisor, string server, string? secret, int mostBytes, TimeProvider clock, ILogger log)
    {
        (this.supervisor, this.server, this.secret, this.mostBytes, this.clock, this.log) = (supervisor, server, secret, mostBytes, clock, log);
        queue = new SendQueue(2 * mostBytes, clock);
        session = supervisor.Id;
    }

    /// <param name="secret">The credential among the variables, which is kept out of the log; null for none.</param>
    /// <param name="mostBytes">Of one message.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The supervisor cannot be started.</exception>
    public static StdioProcess Start(
        StdioHost host, SupervisorOrder order, string folder, IReadOnlyDictionary<string, string> variables, string server, string? secret, int mostBytes, TimeProvider clock,
        ILogger log)
    {
        var start = new ProcessStartInfo(host.Supervisor[0], [.. host.Supervisor.Skip(1), Supervisor.Command, .. order.ToArguments()])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment.Clear();
        foreach (var (name, value) in variables) start.Environment[name] = value;
        // For the supervisor alone, which passes none of them on.
        start.Environment["DOTNET_ROOT"] = StdioHost.RuntimeFolder;
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x4000000";
        return new StdioProcess(Process.Start(start)!, server, secret, mostBytes, clock, log);
    }

    public void Listen(IChannelListener listener)
    {
        LogStarted(server, session);
        Run(() => Read(listener), "reads");
        Run(Write, "writes");
        Run(ReadErrors, "reads the errors");
        // Who kills the supervisor leaves the pipes open: the server has them, too.
        supervisor.Exited += (_, _) => Dispose();
        supervisor.EnableRaisingEvents = true;
    }

    public bool TrySend(ReadOnlyMemory<byte> message)
    {
        if (queue.WritingFor > Unread) Dispose();
        return queue.TryAdd(message);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref isEnding, 1) == 0) Run(End, "ends");
    }

    private void Run(Action work, string what) => new Thread(() => work(), Stack) { IsBackground = true, Name = $"{server} {what}" }.Start();

    private void Read(IChannelListener listener)
    {
        try
        {
            var lines = new LineCutter(mostBytes, listener);
            var output = supervisor.StandardOutput.BaseStream;
            var bytes = new byte[Step];
            while (output.Read(bytes) is var read and > 0)
                if (!lines.Take(bytes.AsSpan(0, read)))
                {
                    LogEndless(server);
                    break;
                }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The pipe broke; what it means is the same as its end.
        }
        catch (Exception e)
        {
            // On a thread of its own a fault of ours would end the whole program, and with it every other server.
            LogFailed(server, e);
        }
        finally
        {
            listener.Closed();
            Dispose();
        }
    }

    private void Write()
    {
        try
        {
            var input = supervisor.StandardInput.BaseStream;
            var line = Array.Empty<byte>();
            while (queue.TryTake(out var message))
            {
                if (line.Length <= message.Length) line = new byte[message.Length + 256];
                message.Span.CopyTo(line);
                line[message.Length] = (byte)'\n';
                input.Write(line, 0, message.Length + 1);
                if (line.Length > Step) line = [];
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            Dispose();
        }
    }

    private void ReadErrors()
    {
        var lines = new ErrorLines(line => LogError(server, line), clock, secret);
        try
        {
            var errors = supervisor.StandardError.BaseStream;
            var bytes = new byte[4096];
            while (errors.Read(bytes) is var read and > 0) lines.Take(bytes.AsSpan(0, read));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // As above.
        }
        lines.Finish();
    }

    /// <summary>Closes its input, then asks, then kills; at the end nothing of it is left.</summary>
    private void End()
    {
        queue.Close();
        try
        {
            // The stream itself may be busy with a write that never ends; then the signal has to do.
            if (queue.WritingFor == TimeSpan.Zero) supervisor.StandardInput.Close();
            if (!supervisor.WaitForExit(Grace)) Native.Signal(supervisor.Id, Native.Terminate);
            if (!supervisor.WaitForExit(EndWithin)) supervisor.Kill();
            supervisor.WaitForExit(Grace);
            // Who killed the supervisor left its server behind, in this session.
            var isGone = ProcessTable.Kill(() => ProcessTable.InSession(session), EndWithin, clock);
            LogEnded(server, session, supervisor.HasExited ? supervisor.ExitCode : -1, isGone);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            LogNotEnded(server, session, e);
        }
        finally
        {
            supervisor.Dispose();
        }
    }

    [LoggerMessage(EventId = 2401, Level = LogLevel.Information, Message = "Server {Server} was started under supervisor {Process}")]
    private partial void LogStarted(string server, int process);

    [LoggerMessage(EventId = 2402, Level = LogLevel.Information, Message = "Server {Server} under supervisor {Process} ended with {Code}; nothing is left of it: {IsGone}")]
    private partial void LogEnded(string server, int process, int code, bool isGone);

    [LoggerMessage(EventId = 2403, Level = LogLevel.Warning, Message = "Server {Server} writes a line without an end and is ended")]
    private partial void LogEndless(string server);

    [LoggerMessage(EventId = 2404, Level = LogLevel.Information, Message = "Server {Server} says: {Line}")]
    private partial void LogError(string server, string line);

    [LoggerMessage(EventId = 2406, Level = LogLevel.Error, Message = "What server {Server} wrote could not be read")]
    private partial void LogFailed(string server, Exception fault);

    [LoggerMessage(EventId = 2405, Level = LogLevel.Error, Message = "Server {Server} under supervisor {Process} could not be ended")]
    private partial void LogNotEnded(string server, int process, Exception fault);
}
