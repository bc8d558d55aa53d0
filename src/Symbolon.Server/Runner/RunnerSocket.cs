using System.Net.Sockets;
using System.Runtime.Versioning;

namespace Symbolon.Server.Runner;

/// <summary>The file of the runner's socket.</summary>
internal static class RunnerSocket
{
    private const int Waiting = 64;
    private const UnixFileMode OwnerAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static Socket New() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static async ValueTask<Socket> ConnectAsync(string path, CancellationToken cancellation)
    {
        var socket = New();
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <param name="isShared">Whether the group may connect, too; else the owner alone. Who is served is asked of the kernel besides.</param>
    /// <exception cref="IOException">Something else lies there, or somebody listens on it.</exception>
    [SupportedOSPlatform("linux")]
    public static void Bind(Socket listener, string path, bool isShared)
    {
        var address = new UnixDomainSocketEndPoint(path);
        if (File.Exists(path))
        {
            if (IsListenedOn(address)) throw new IOException("Another program listens there.");
            // A socket has no length: a file with something in it is none, and is not taken away.
            if (new FileInfo(path).Length > 0) throw new IOException("What lies there is no socket.");
            File.Delete(path);
        }
        listener.Bind(address);
        // Until it listens, nobody is let in whatever the mode.
        File.SetUnixFileMode(path, isShared ? OwnerAlone | UnixFileMode.GroupRead | UnixFileMode.GroupWrite : OwnerAlone);
        listener.Listen(Waiting);
    }

    private static bool IsListenedOn(UnixDomainSocketEndPoint address)
    {
        using var attempt = New();
        try
        {
            attempt.Connect(address);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
