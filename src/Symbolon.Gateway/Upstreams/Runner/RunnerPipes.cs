using System.Net.Sockets;
using System.Text.Json;
using Symbolon.Gateway.Upstreams.Stdio;

namespace Symbolon.Gateway.Upstreams.Runner;

/// <summary>A process that a runner started for us, over the connection on which it was asked for. To close it is the runner's order to end it.</summary>
internal sealed class RunnerPipes(Socket socket, Stream stream) : IServerPipes
{
    public Stream Output => stream;

    public Stream Input => stream;

    /// <param name="socket">Connected to the runner; closed with what this returns, and when it throws.</param>
    /// <param name="expected">The runner's user; null where nobody said.</param>
    /// <param name="mayBeOurUser">Whether a runner is served that has our own user, and so could read what we can.</param>
    /// <exception cref="RunnerRefusal">The runner is not to be used, or does not start it.</exception>
    /// <exception cref="IOException">The runner went away.</exception>
    public static async Task<IServerPipes> OpenAsync(Socket socket, RunnerOrder order, uint? expected, bool mayBeOurUser, CancellationToken cancellation)
    {
        try
        {
            // Before anything is sent: the order holds the secret.
            var user = PeerUser.Of(socket);
            if (expected is { } known && user != known) throw new RunnerRefusal($"User {user} listens on the runner's socket, not {known} as the setting runner.uid says.");
            if (!mayBeOurUser && user == PeerUser.Own) throw new RunnerRefusal("The runner has the same user as the gateway, which listens off loopback; run it under another one.");
            var stream = new NetworkStream(socket, ownsSocket: true);
            await Frame.WriteAsync(stream, order.ToJson(), cancellation);
            var answer = Read(await Frame.ReadAsync(stream, RunnerAnswer.MostBytes, cancellation));
            return answer is { Started: true } ? new RunnerPipes(socket, stream) : throw new RunnerRefusal(answer?.Why ?? "The runner's answer cannot be read.", answer?.Fault);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Nothing to watch: a runner that is gone, and a server that has ended, close the connection.</summary>
    public void Attend(Action ended) { }

    public void End(bool isWriting)
    {
        try
        {
            // Wakes whoever waits for it.
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // Closed from there already.
        }
        stream.Dispose();
    }

    private static RunnerAnswer? Read(byte[]? json)
    {
        try
        {
            return json is null ? null : JsonSerializer.Deserialize(json, RunnerJson.Default.RunnerAnswer);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
