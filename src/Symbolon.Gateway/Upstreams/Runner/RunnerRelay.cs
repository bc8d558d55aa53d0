using System.Net.Sockets;
using Symbolon.Gateway.Upstreams.Stdio;
using Symbolon.Gateway.Upstreams.Supervision;

namespace Symbolon.Gateway.Upstreams.Runner;

/// <summary>Copies between a connection and a process, and ends both when either has ended. Holds one buffer for each way: who does not read is waited for.</summary>
internal sealed class RunnerRelay(Socket socket, Stream stream, IServerPipes process)
{
    private const int Step = 64 * 1024;
    private const int Stack = 256 * 1024;

    private static readonly TimeSpan LetGoWithin = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool isWriting;

    public async Task RunAsync(CancellationToken stop)
    {
        await using var stopping = stop.Register(() => over.TrySetResult());
        process.Attend(() => over.TrySetResult());
        Thread[] threads = [Run(ToProcess), Run(FromProcess), Run(Watch)];
        await over.Task;
        await Task.Factory.StartNew(() =>
        {
            try
            {
                socket.Shutdown(SocketShutdown.Both);
            }
            catch (SocketException)
            {
                // Closed from there already.
            }
            process.End(isWriting);
            // The process is gone and the socket shut, so none of them waits any more; but for a pipe that somebody keeps who escaped.
            foreach (var thread in threads) thread.Join(LetGoWithin);
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private void ToProcess()
    {
        var input = process.Input;
        var bytes = new byte[Step];
        while (stream.Read(bytes) is var read and > 0)
        {
            isWriting = true;
            input.Write(bytes, 0, read);
            isWriting = false;
        }
    }

    private void FromProcess()
    {
        var output = process.Output;
        var bytes = new byte[Step];
        while (output.Read(bytes) is var read and > 0) stream.Write(bytes, 0, read);
    }

    /// <summary>A gateway that is gone is noticed also while the process takes nothing, so that nobody reads from the connection.</summary>
    private void Watch() => Native.AwaitHangUp((int)socket.Handle);

    private Thread Run(Action work)
    {
        var thread = new Thread(() =>
        {
            try
            {
                work();
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
            {
                // One of the two is gone.
            }
            finally
            {
                over.TrySetResult();
            }
        }, Stack) { IsBackground = true, Name = "relay" };
        thread.Start();
        return thread;
    }
}
