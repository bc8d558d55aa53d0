using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Symbolon.Core.Identity;

/// <summary>What counts as one peer: an IPv4 address, or the /64 of an IPv6 address, which is what one person has.</summary>
public static class PeerNetwork
{
    /// <summary>The network as text, for a column; <c>-</c> where the connection has none (a Unix socket).</summary>
    public static string TextOf(IPAddress? peer) => peer is null ? "-" : KeyOf(peer).ToString(CultureInfo.InvariantCulture);

    /// <summary>The first half of an IPv6 address; an IPv4 address with a mark in the other half, so that the two never meet.</summary>
    public static UInt128 KeyOf(IPAddress peer)
    {
        if (peer.IsIPv4MappedToIPv6) peer = peer.MapToIPv4();
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        peer.TryWriteBytes(bytes, out _);
        if (peer.AddressFamily == AddressFamily.InterNetworkV6) bytes[8..].Clear();
        else bytes[15] = 1;
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
