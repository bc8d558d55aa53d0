using System.Net;
using System.Net.Sockets;

namespace Symbolon.Core.Outbound;

/// <summary>Where an address leads, for the guard on outbound connections. IDENTITY.md section 5, no. 6.</summary>
public enum AddressReach
{
    Public,

    /// <summary>Loopback, private, unique local, shared (CGNAT): allowed only for an approved origin.</summary>
    Internal,

    /// <summary>Link-local (cloud metadata lives there), multicast, unspecified, reserved, or an address that hides another: never.</summary>
    Forbidden,
}

public static class OutboundAddress
{
    /// <summary>Classifies one resolved address. IPv4 mapped into IPv6 counts as the IPv4; NAT64, 6to4 and Teredo hide a second address and are forbidden.</summary>
    public static AddressReach ReachOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return address.AddressFamily == AddressFamily.InterNetwork ? ReachOfV4(bytes[..length]) : ReachOfV6(address, bytes);
    }

    private static AddressReach ReachOfV4(ReadOnlySpan<byte> b) => (b[0], b[1], b[2]) switch
    {
        (127, _, _) or (10, _, _) or (192, 168, _) => AddressReach.Internal,
        (172, >= 16 and <= 31, _) or (100, >= 64 and <= 127, _) => AddressReach.Internal,
        (0, _, _) or (169, 254, _) or ( >= 224, _, _) => AddressReach.Forbidden,
        (192, 0, 0) or (192, 0, 2) or (198, 18 or 19, _) or (198, 51, 100) or (203, 0, 113) or (192, 88, 99) => AddressReach.Forbidden,
        _ => AddressReach.Public,
    };

    private static AddressReach ReachOfV6(IPAddress address, ReadOnlySpan<byte> b)
    {
        if (IPAddress.IsLoopback(address)) return AddressReach.Internal;
        if ((b[0] & 0xFE) == 0xFC) return AddressReach.Internal;
        if (address.IsIPv6LinkLocal || address.IsIPv6SiteLocal || address.IsIPv6Multicast || address.IsIPv6Teredo) return AddressReach.Forbidden;
        // Only 2000::/3 is global unicast; 64:ff9b::/96, ::/96 and 2002::/16 carry an IPv4 address inside.
        if ((b[0] & 0xE0) != 0x20) return AddressReach.Forbidden;
        if (b[0] == 0x20 && b[1] == 0x02) return AddressReach.Forbidden;
        return b[0] == 0x20 && b[1] == 0x01 && b[2] == 0x0D && b[3] == 0xB8 ? AddressReach.Forbidden : AddressReach.Public;
    }
}
