using System.Net;
using System.Net.Sockets;

namespace Symbolon.Testing.Processes;

/// <summary>Ports of loopback.</summary>
public static class FreePort
{
    /// <summary>One that nobody listens on.</summary>
    public static int Take()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Until a program that was just started listens on it.</summary>
    public static Task ListeningAsync(int port) => Deadline.ForAsync($"port {port} to be listened on", async () =>
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return "listening";
        }
        catch (SocketException)
        {
            return null;
        }
    });
}
