using System.Net;

namespace Symbolon.Server.Edge;

/// <summary>One address to listen on: scheme, IP address or <c>localhost</c>, port.</summary>
internal sealed record ListenAddress(bool IsTls, string Host, IPAddress? Address, int Port)
{
    public const string Rule = "http or https, an IP address or localhost, a port, and nothing after it: http://127.0.0.1:8750";

    public bool IsLoopback => Address is null || IPAddress.IsLoopback(Address);

    /// <summary>Whether all of them are addresses of loopback.</summary>
    public static bool AreLoopback(IEnumerable<string> addresses) => addresses.All(address => Parse(address) is { IsLoopback: true });

    public static ListenAddress? Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")) return null;
        if (url.UserInfo.Length > 0 || url.AbsolutePath != "/" || url.Query.Length > 0 || url.Fragment.Length > 0) return null;
        var host = url.Host.Trim('[', ']');
        if (host == "localhost") return new ListenAddress(url.Scheme == "https", host, null, url.Port);
        return url.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6 && IPAddress.TryParse(host, out var address)
            ? new ListenAddress(url.Scheme == "https", host, address, url.Port)
            : null;
    }
}
