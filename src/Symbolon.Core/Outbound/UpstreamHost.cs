using System.Net;

namespace Symbolon.Core.Outbound;

/// <summary>The host of an upstream's address, as a reviewer reads it.</summary>
public static class UpstreamHost
{
    /// <summary>In lower case and ASCII, without the dot that ends a full name: two spellings of one host are one host.</summary>
    public static string Of(Uri url) => url.IdnHost.ToLowerInvariant().TrimEnd('.');

    public static bool AreSame(Uri? one, Uri? other) => one is not null && other is not null && string.Equals(Of(one), Of(other), StringComparison.Ordinal);

    /// <summary><c>localhost</c> and the names under it: always this machine, whatever a name server says (RFC 6761 §6.3).</summary>
    public static bool IsLocalhost(string host)
    {
        var name = host.AsSpan().TrimEnd('.');
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// Whether who reads the address sees where it leads: an IP address as it is usually written, <c>localhost</c> and names under it
    /// (RFC 6761 §6.3). Any other name leads where a name server says; <c>2130706433</c> and <c>0x7f.1</c> are addresses that nobody reads.
    /// </summary>
    public static bool SaysWhereItLeads(Uri url)
    {
        var host = Of(url);
        if (IsLocalhost(host)) return true;
        return IPAddress.TryParse(host, out _) && (host.Contains(':', StringComparison.Ordinal) || url.OriginalString.Contains(host, StringComparison.Ordinal));
    }
}
