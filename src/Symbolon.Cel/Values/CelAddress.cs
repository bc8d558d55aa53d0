using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Symbolon.Cel.Values;

/// <summary>An IP address, version 4 or 6: without zone, and no IPv4 address in the clothes of IPv6.</summary>
internal sealed record CelAddress(IPAddress Address)
{
    public bool IsV4 => Address.AddressFamily == AddressFamily.InterNetwork;

    public bool IsLoopback => IsV4 ? Address.GetAddressBytes()[0] == 127 : Address.Equals(IPAddress.IPv6Loopback);

    public bool IsUnspecified => Address.Equals(IsV4 ? IPAddress.Any : IPAddress.IPv6Any);

    public bool IsLinkLocalUnicast => IsV4 ? Address.GetAddressBytes() is [169, 254, ..] : Address.GetAddressBytes() is [0xFE, >= 0x80 and <= 0xBF, ..];

    public bool IsLinkLocalMulticast => IsV4 ? Address.GetAddressBytes() is [224, 0, 0, _] : Address.GetAddressBytes() is [0xFF, var scope, ..] && (scope & 0x0F) == 2;

    public bool IsGlobalUnicast => !IsUnspecified && !IsLoopback && !IsMulticast && !IsLinkLocalUnicast && !Address.Equals(IPAddress.Broadcast);

    private bool IsMulticast => IsV4 ? Address.GetAddressBytes()[0] is >= 224 and <= 239 : Address.GetAddressBytes()[0] == 0xFF;

    /// <returns>Null, and why, for what is none.</returns>
    public static CelAddress? Parse(string text, out string? fault)
    {
        fault = text.Contains('%', StringComparison.Ordinal) ? "IP Address with zone value is not allowed"
            : IsMapped(text) ? "IPv4-mapped IPv6 address is not allowed"
            : null;
        if (fault is not null) return null;
        if (TryParse(text, out var address)) return new CelAddress(address);
        fault = "IP Address parse error during conversion from string";
        return null;
    }

    public override string ToString() => Address.ToString();

    private static bool IsMapped(string text) => text.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(text, out var address) && address.IsIPv4MappedToIPv6;

    /// <summary>Dotted decimals without zeros in front, or the textual form of RFC 4291; nothing else that the platform takes.</summary>
    private static bool TryParse(string text, out IPAddress address)
    {
        address = IPAddress.None;
        if (text.Contains(':', StringComparison.Ordinal))
            return !text.Contains('[', StringComparison.Ordinal) && !text.Contains('/', StringComparison.Ordinal) && IPAddress.TryParse(text, out address!);
        var parts = text.Split('.');
        return parts.Length == 4
            && parts.All(part => part.Length is > 0 and <= 3 && part.All(char.IsAsciiDigit) && (part.Length == 1 || part[0] != '0') && int.Parse(part, CultureInfo.InvariantCulture) <= 255)
            && IPAddress.TryParse(text, out address!);
    }
}

/// <summary>Addresses that have the first bits in common. The address is kept as it was written.</summary>
internal sealed record CelNetwork(CelAddress Address, int Length)
{
    public CelNetwork Masked() => new(new CelAddress(new IPAddress(Mask(Address.Address.GetAddressBytes()))), Length);

    public bool Contains(CelAddress address) =>
        address.IsV4 == Address.IsV4 && Mask(address.Address.GetAddressBytes()).AsSpan().SequenceEqual(Mask(Address.Address.GetAddressBytes()));

    public bool Contains(CelNetwork network) => network.Length >= Length && Contains(network.Address);

    /// <returns>Null, and why, for what is none.</returns>
    public static CelNetwork? Parse(string text, out string? fault)
    {
        var slash = text.LastIndexOf('/');
        fault = text.Contains('%', StringComparison.Ordinal) ? "CIDR with zone value is not allowed" : null;
        if (fault is not null) return null;
        fault = "network address parse error during conversion from string";
        if (slash < 0) return null;
        var digits = text.AsSpan(slash + 1);
        if (digits.Length is < 1 or > 3 || digits.ContainsAnyExceptInRange('0', '9') || (digits.Length > 1 && digits[0] == '0')) return null;
        if (CelAddress.Parse(text[..slash], out var why) is not { } address)
        {
            if (why!.StartsWith("IPv4-mapped", StringComparison.Ordinal)) fault = why;
            return null;
        }
        var length = int.Parse(digits, CultureInfo.InvariantCulture);
        if (length > (address.IsV4 ? 32 : 128)) return null;
        fault = null;
        return new CelNetwork(address, length);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{Length}");

    private byte[] Mask(byte[] octets)
    {
        for (var i = 0; i < octets.Length; i++)
        {
            var kept = Math.Clamp(Length - 8 * i, 0, 8);
            octets[i] &= (byte)(0xFF << (8 - kept));
        }
        return octets;
    }
}
