using System.Net;
using System.Net.Sockets;

namespace Symbolon.Testing.Processes;

/// <summary>A port of loopback that nobody listens on.</summary>
public static class FreePort
{
    public static int Take()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
