using System.Buffers;
using System.Collections.Frozen;

namespace Symbolon.Core.Registry.Files;

/// <summary>
/// Which request header may carry a server's own secret. Headers that frame the message, route it or speak the protocol are
/// written by the gateway alone.
/// </summary>
public static class SecretHeader
{
    public const string Rule = "a header name of at most 64 token characters (RFC 9110 §5.6.2) that does not frame, route or describe the message";

    private static readonly SearchValues<char> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly FrozenSet<string> Ours = new[]
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
        "Host", "Cookie", "Set-Cookie", "Expect", "Date", "Via", "Forwarded", "Origin", "Referer", "User-Agent", "Range", "Last-Event-ID",
        "Traceparent", "Tracestate", "Baggage", "HTTP2-Settings", "Alt-Svc", "Max-Forwards", "Cache-Control",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly string[] OurPrefixes = ["Content-", "Mcp-", "Accept", "Access-Control-", "If-", "Sec-", "X-Forwarded-"];

    public static bool IsAllowed(string name) =>
        name.Length is > 0 and <= 64
        && !name.AsSpan().ContainsAnyExcept(Token)
        && !Ours.Contains(name)
        && !OurPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
