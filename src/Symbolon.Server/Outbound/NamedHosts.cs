using System.Globalization;
using System.Net;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Server.Outbound;

/// <summary>The hosts inside that the operator named: where documents may be fetched from, and forms sent to, beside port 443 of public addresses.</summary>
/// <param name="hosts">One with a port may be asked there, and all others on 443 alone.</param>
internal sealed class NamedHosts(IReadOnlyList<string> hosts)
{
    /// <summary>Without TLS only from this very machine, at a port that the operator named: a server beside us.</summary>
    public bool IsSchemeAllowed(Uri url) =>
        url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && IssuerUrl.IsLoopback(url) && IsNamed(url.IdnHost, url.Port));

    public bool IsPortAllowed(Uri url) => url.Port == 443 || IsNamed(url.IdnHost, url.Port);

    public bool MayBeInside(DnsEndPoint target) => (target.Port == 443 && hosts.Contains(target.Host, StringComparer.OrdinalIgnoreCase)) || IsNamed(target.Host, target.Port);

    private bool IsNamed(string host, int port) => hosts.Contains(string.Create(CultureInfo.InvariantCulture, $"{host}:{port}"), StringComparer.OrdinalIgnoreCase);
}
