using Microsoft.Extensions.Logging;
using Symbolon.Gateway.Upstreams.Channels;

namespace Symbolon.Gateway.Upstreams.Stdio;

/// <summary>
/// A running server as a channel: a message is a line. Its pipes are read and written by threads of their own, since a thread
/// that waits for a pipe is lost to everybody else.
/// </summary>
internal sealed partial class StdioProcess : IMessageChannel
{
    private const int Step = 64 * 1024;
    private const int Stack = 256 * 1024;

    /// <summary>A process that takes nothing for so long is ended.</summary>
    private static readonly TimeSpan Unread = TimeSpan.FromSeconds(30);

    private readonly IServerPipes pipes;
    private readonly string server;
    private readonly int mostBytes;
    private readonly SendQueue queue;
    private readonly ILogger log;
    private int isEnding;

    /// <param name="mostBytes">Of one message.</param>
    public StdioProcess(IServerPipes pipes, string server, int mostBytes, TimeProvider clock, ILogger log)
    {
        (this.pipes, this.server, this.mostBytes, this.log) = (pipes, server, mostBytes, log);
        queue = new SendQueue(2 * mostBytes, clock);
    }

    public void Listen(IChannelListener listener)
    {
        pipes.Attend(Dispose);
        Run(() => Read(listener), "reads");
        Run(Write, "writes");
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
            var output = pipes.Output;
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
            var input = pipes.Input;
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

    private void End()
    {
        queue.Close();
        pipes.End(isWriting: queue.WritingFor > TimeSpan.Zero);
    }

    [LoggerMessage(EventId = 2403, Level = LogLevel.Warning, Message = "Server {Server} writes a line without an end and is ended")]
    private partial void LogEndless(string server);

    [LoggerMessage(EventId = 2406, Level = LogLevel.Error, Message = "What server {Server} wrote could not be read")]
    private partial void LogFailed(string server, Exception fault);
}
