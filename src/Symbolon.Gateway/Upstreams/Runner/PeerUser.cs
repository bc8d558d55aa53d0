using System.Net.Sockets;
using System.Runtime.InteropServices;
using Symbolon.Gateway.Upstreams.Supervision;

namespace Symbolon.Gateway.Upstreams.Runner;

/// <summary>Which user is at the other end of a Unix socket, as the kernel noted it when the socket was connected or listened on.</summary>
public static class PeerUser
{
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;

    /// <summary>The user of this process.</summary>
    public static uint Own => Native.UserId();

    /// <exception cref="SocketException">The kernel does not say.</exception>
    public static uint Of(Socket socket)
    {
        // Process, user, group.
        Span<byte> credentials = stackalloc byte[12];
        if (socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials) != credentials.Length) throw new SocketException((int)SocketError.AccessDenied);
        return MemoryMarshal.Read<uint>(credentials[4..]);
    }
}
