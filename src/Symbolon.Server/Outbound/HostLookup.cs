using System.Net.Sockets;
using Symbolon.Core.Outbound;

namespace Symbolon.Server.Outbound;

/// <summary>Resolves a host by the guard's own resolver. Connects to nothing.</summary>
/// <param name="patience">What a name server may take.</param>
internal sealed class HostLookup(EgressGuard guard, TimeSpan patience, TimeProvider clock) : IHostLookup
{
    public async Task<HostPlace> PlaceOfAsync(Uri url, CancellationToken cancellation)
    {
        var host = url.IdnHost;
        if (UpstreamHost.IsLocalhost(host)) return HostPlace.Inside;
        try
        {
            var asked = guard.CheckedAddressesAsync(host, internalAllowed: true, cancellation).AsTask();
            return HostReach.PlaceOf(await asked.WaitAsync(patience, clock, cancellation));
        }
        catch (EgressRefusedException)
        {
            return HostPlace.Forbidden;
        }
        catch (Exception e) when (e is SocketException or TimeoutException)
        {
            return HostPlace.Unknown;
        }
    }
}
