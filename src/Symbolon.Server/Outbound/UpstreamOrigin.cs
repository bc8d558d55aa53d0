namespace Symbolon.Server.Outbound;

/// <summary>Scheme, host (lower-case ASCII, RFC 3986 §3.2.2) and port of a URL: what an approval is about and a connection is bound to.</summary>
internal readonly record struct UpstreamOrigin(string Scheme, string Host, int Port)
{
    /// <returns>The origin, or null for anything but an absolute http or https URL without userinfo.</returns>
    public static UpstreamOrigin? Of(Uri url) =>
        url.IsAbsoluteUri && url.Scheme is "http" or "https" && url.UserInfo.Length == 0 && url.IdnHost.Length > 0
            ? new UpstreamOrigin(url.Scheme, url.IdnHost.ToLowerInvariant(), url.Port)
            : null;

    public override string ToString() => $"{Scheme}://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}";
}
