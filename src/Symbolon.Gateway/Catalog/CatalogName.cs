using System.Net;

namespace Symbolon.Gateway.Catalog;

/// <summary>
/// Names of servers as the registry's API writes them: a namespace, which is the public host from its end (<c>test.acme.gw/deploy</c>), and the name. A host
/// that is an address, or has one part, stands as it is.
/// </summary>
internal static class CatalogName
{
    /// <param name="origin">One of the public origins, never a Host header.</param>
    public static string Of(string origin, string server) => $"{SpaceOf(origin)}/{server}";

    /// <returns>Null for a name of another namespace.</returns>
    public static string? ServerOf(string origin, string name)
    {
        var space = SpaceOf(origin);
        return name.Length > space.Length + 1 && name[space.Length] == '/' && name.StartsWith(space, StringComparison.Ordinal) ? name[(space.Length + 1)..] : null;
    }

    private static string SpaceOf(string origin)
    {
        var host = new Uri(origin).IdnHost;
        // The format has letters, digits, dots and hyphens alone.
        if (IPAddress.TryParse(host, out _)) return host.Replace(':', '-');
        var parts = host.Split('.');
        Array.Reverse(parts);
        return string.Join('.', parts);
    }
}
