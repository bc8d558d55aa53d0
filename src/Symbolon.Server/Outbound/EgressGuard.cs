using System.Net;
using System.Net.Sockets;
using System.Text;
using Symbolon.Core.Outbound;

namespace Symbolon.Server.Outbound;

/// <summary>
/// The one place where a connection to the outside is opened: the name is resolved, every address it has is checked, and the
/// connection goes to an address that was checked, so that a second answer of the name server changes nothing.
/// DESIGN.md section 5, promise 5.
/// </summary>
/// <param name="resolve">Looks up a host name; a literal address is never looked up.</param>
internal sealed class EgressGuard(Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    public static readonly EgressGuard Default = new(Dns.GetHostAddressesAsync);

    /// <param name="internalAllowed">The origin is exactly that of an approved server: it may be on this machine or in this network.</param>
    /// <exception cref="EgressRefusedException">An address of the host must not be connected to.</exception>
    /// <exception cref="SocketException">The name is unknown, or none of its addresses answers.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint target, bool internalAllowed, CancellationToken cancellation)
        => await ConnectAsync(await CheckedAddressesAsync(target.Host, internalAllowed, cancellation), target.Port, cancellation);

    /// <summary>To an approved host, which may be internal if <paramref name="reach"/> says so about all addresses that it has now.</summary>
    /// <exception cref="EgressRefusedException">An address of the host must not be connected to.</exception>
    /// <exception cref="SocketException">The name is unknown, or none of its addresses answers.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint target, HostReach reach, CancellationToken cancellation)
        => await ConnectAsync(await CheckedAddressesAsync(target.Host, reach, cancellation), target.Port, cancellation);

    private static async ValueTask<Stream> ConnectAsync(IPAddress[] addresses, int port, CancellationToken cancellation)
    {
        SocketException? last = null;
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException e)
            {
                socket.Dispose();
                last = e;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }

    /// <summary>All addresses of the host, each of them allowed; one that is not refuses the whole host.</summary>
    internal async ValueTask<IPAddress[]> CheckedAddressesAsync(string host, bool internalAllowed, CancellationToken cancellation) =>
        Check(host, await ResolveAsync(host, cancellation), internalAllowed);

    /// <summary>The same for an approved host.</summary>
    internal async ValueTask<IPAddress[]> CheckedAddressesAsync(string host, HostReach reach, CancellationToken cancellation)
    {
        // What is never connected to is refused first, so that it decides nothing about later.
        var addresses = Check(host, await ResolveAsync(host, cancellation), internalAllowed: true);
        return Check(host, addresses, reach.MayBeInternal(addresses));
    }

    private async ValueTask<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation)
    {
        // A reviewer reads it as this machine, so no name server may say anything else (RFC 6761 §6.3).
        if (UpstreamHost.IsLocalhost(host)) return [IPAddress.Loopback, IPAddress.IPv6Loopback];
        // A name in another script comes in its ASCII form (RFC 5890); anything else has a resolver guess what it means.
        if (!Ascii.IsValid(host)) throw new EgressRefusedException(host, AddressReach.Forbidden);
        return IPAddress.TryParse(host, out var literal) ? [literal] : await resolve(host, cancellation);
    }

    private static IPAddress[] Check(string host, IPAddress[] addresses, bool internalAllowed)
    {
        foreach (var address in addresses)
        {
            var reach = OutboundAddress.ReachOf(address);
            if (reach == AddressReach.Forbidden || (reach == AddressReach.Internal && !internalAllowed))
                throw new EgressRefusedException(host, reach);
        }
        return addresses;
    }
}

/// <summary>The guard did not let a connection out. The message names the host as asked, never an address that it resolved to.</summary>
public sealed class EgressRefusedException(string host, AddressReach reach)
    : Exception($"'{host}' leads to {(reach == AddressReach.Forbidden ? "an address that is never connected to" : "an internal address that no approved server has")}.");
