using System.Net;

namespace Symbolon.Server.Edge;

/// <summary>One origin under which we are known: scheme, host in lower case, port.</summary>
internal sealed record PublicOrigin(string Scheme, string Host, int Port)
{
    public const string Rule = "an origin: http or https, a host, perhaps a port, and nothing after it, such as https://symbolon.example.com";

    private bool IsDefaultPort => Port == (Scheme == "https" ? 443 : 80);

    /// <summary>As a browser writes it in Origin (RFC 6454 §6.2).</summary>
    public string Text => IsDefaultPort ? $"{Scheme}://{Host}" : $"{Scheme}://{Host}:{Port}";

    /// <summary>The Host header values that select it: with the port, and without where it is the scheme's own (RFC 9110 §7.2).</summary>
    public IEnumerable<string> HostHeaders => IsDefaultPort ? [Host, $"{Host}:{Port}"] : [$"{Host}:{Port}"];

    /// <summary>Whether a browser may be told to come by https alone (RFC 6797): not to an address, nor to this machine, whose other programs have the same name.</summary>
    public bool IsStrict => Scheme == "https" && Host != "localhost" && !Host.EndsWith(".localhost", StringComparison.Ordinal) && !IPAddress.TryParse(Host, out _);

    public static PublicOrigin? Parse(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
        && url.UserInfo.Length == 0 && url.AbsolutePath == "/" && url.Query.Length == 0 && url.Fragment.Length == 0
            ? new PublicOrigin(url.Scheme, HostOf(url), url.Port)
            : null;

    /// <summary>A loopback origin is also known under the other spelling: 127.0.0.1 (or [::1]) and localhost.</summary>
    public IEnumerable<PublicOrigin> WithTwin() => Host switch
    {
        "127.0.0.1" or "[::1]" => [this, this with { Host = "localhost" }],
        "localhost" => [this, this with { Host = "127.0.0.1" }, this with { Host = "[::1]" }],
        _ => [this],
    };

    private static string HostOf(Uri url) => url.HostNameType == UriHostNameType.IPv6 ? url.Host : url.IdnHost.ToLowerInvariant();
}
