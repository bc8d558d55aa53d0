using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Symbolon.Jose.Proofs;

/// <summary>
/// http and https URIs in one spelling: scheme and host in lower case, no default port, dot segments resolved, percent-encoding only where it is needed and
/// in upper case. Anything with user information, a query, a fragment, a character that a URI may not hold, or dot segments that are encoded is refused:
/// no client writes these, and readers differ about them.
/// </summary>
/// <remarks>RFC 3986 §6.2.2 and §6.2.3. Allocates only for an IPv6 address.</remarks>
internal static class CanonicalUri
{
    /// <summary>Bytes of the longest URI that is read.</summary>
    public const int MostBytes = 2048;

    /// <summary>Bytes that the result of the longest one may need: a path of one slash is added, an IPv6 address may grow.</summary>
    public const int MostWritten = MostBytes + 64;

    private static readonly SearchValues<byte> HostBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"u8);

    /// <returns>False for what is no such URI; true with its one spelling, <paramref name="written"/> bytes of ASCII.</returns>
    /// <param name="canonical">Room for <see cref="MostWritten"/> bytes.</param>
    public static bool TryWrite(ReadOnlySpan<byte> uri, Span<byte> canonical, out int written)
    {
        written = 0;
        if (uri.Length > MostBytes) return false;
        if (!TryTakeScheme(ref uri, out var isSecure)) return false;
        var slash = uri.IndexOf((byte)'/');
        var authority = slash < 0 ? uri : uri[..slash];
        Put(isSecure ? "https://"u8 : "http://"u8, canonical, ref written);
        return TryWriteAuthority(authority, isSecure ? 443 : 80, canonical, ref written)
            && CanonicalPath.TryWrite(slash < 0 ? "/"u8 : uri[slash..], canonical, ref written);
    }

    private static bool TryTakeScheme(ref ReadOnlySpan<byte> uri, out bool isSecure)
    {
        isSecure = uri.Length >= 8 && Ascii.EqualsIgnoreCase(uri[..8], "https://"u8);
        var length = isSecure ? 8 : uri.Length >= 7 && Ascii.EqualsIgnoreCase(uri[..7], "http://"u8) ? 7 : 0;
        uri = uri[length..];
        return length > 0;
    }

    private static bool TryWriteAuthority(ReadOnlySpan<byte> authority, int usualPort, Span<byte> canonical, ref int written)
    {
        var end = authority.StartsWith("["u8) ? authority.IndexOf((byte)']') + 1 : authority.IndexOf((byte)':');
        var host = end < 0 ? authority : authority[..end];
        var behind = authority[host.Length..];
        if (!(authority.StartsWith("["u8) ? TryWriteAddress(host, canonical, ref written) : TryWriteName(host, canonical, ref written))) return false;
        if (behind.IsEmpty) return true;
        if (behind[0] != ':' || !TryReadPort(behind[1..], usualPort, out var port)) return false;
        if (port == usualPort) return true;
        canonical[written++] = (byte)':';
        port.TryFormat(canonical[written..], out var digits);
        written += digits;
        return true;
    }

    /// <summary>No percent-encoding, and no letters beyond ASCII: an internationalised name is in its ASCII form in a URI (RFC 5891 §4.4).</summary>
    private static bool TryWriteName(ReadOnlySpan<byte> host, Span<byte> canonical, ref int written)
    {
        if (host.IsEmpty || host.ContainsAnyExcept(HostBytes)) return false;
        Ascii.ToLower(host, canonical[written..], out var length);
        written += length;
        return true;
    }

    private static bool TryWriteAddress(ReadOnlySpan<byte> host, Span<byte> canonical, ref int written)
    {
        if (host.Length < 4 || host.Contains((byte)'%')) return false;
        if (!IPAddress.TryParse(host[1..^1], out var address) || address.AddressFamily != AddressFamily.InterNetworkV6) return false;
        canonical[written++] = (byte)'[';
        address.TryFormat(canonical[written..], out var length);
        written += length;
        canonical[written++] = (byte)']';
        return true;
    }

    private static bool TryReadPort(ReadOnlySpan<byte> digits, int usualPort, out int port)
    {
        port = usualPort;
        if (digits.IsEmpty) return true;
        port = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit((char)digit)) return false;
            port = port * 10 + (digit - '0');
            if (port > ushort.MaxValue) return false;
        }
        return true;
    }

    private static void Put(ReadOnlySpan<byte> text, Span<byte> canonical, ref int written)
    {
        text.CopyTo(canonical[written..]);
        written += text.Length;
    }
}
