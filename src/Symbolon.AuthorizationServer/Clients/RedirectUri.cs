using System.Buffers;

namespace Symbolon.AuthorizationServer.Clients;

/// <summary>
/// Redirect URIs (OAuth 2.1 §2.3, RFC 8252 §7): compared byte for byte, but for the port of one on this machine's loopback, which a program gets from
/// its operating system at each start. Read as text, never repaired.
/// </summary>
internal static class RedirectUri
{
    public const int MostLength = 1024;

    public const string Rule = "https, http on 127.0.0.1, [::1] or localhost, or a scheme of the program's own; absolute, without fragment, user, blanks or dot segments";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?[]@!$&'()*+,;=%");

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>Schemes that browsers run, read files by, or treat as pages; none is a program that waits for an answer.</summary>
    private static readonly HashSet<string> Forbidden = new(StringComparer.Ordinal)
    {
        "javascript", "data", "vbscript", "file", "filesystem", "blob", "about", "view-source", "ftp", "ftps", "ws", "wss", "mailto", "tel", "sms", "chrome", "intent", "jar", "resource", "ms-its", "mhtml",
    };

    private static readonly string[] LoopbackHosts = ["127.0.0.1", "[::1]", "localhost"];

    /// <summary>Whether a client may be registered with it.</summary>
    public static bool IsAcceptable(string text)
    {
        if (text.Length is 0 or > MostLength || text.AsSpan().ContainsAnyExcept(Allowed)) return false;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 1 || !Uri.TryCreate(text, UriKind.Absolute, out var uri) || HasDotSegment(text)) return false;
        return text[..colon] switch
        {
            "https" => text.StartsWith("https://", StringComparison.Ordinal) && HasPlainAuthority(uri, text),
            "http" => LoopbackRest(text) is not null && HasPlainAuthority(uri, text),
            var scheme => IsOwnScheme(scheme) && !Forbidden.Contains(scheme) && text.Length > colon + 1 && uri.UserInfo.Length == 0,
        };
    }

    /// <summary>Whether an answer may go there: registered so, or the same on another port of the loopback (RFC 8252 §7.3).</summary>
    public static bool IsRegistered(IEnumerable<string> registered, string requested) =>
        requested.Length <= MostLength && registered.Any(known => Matches(known, requested));

    /// <summary>On this machine's loopback: any program here may listen there.</summary>
    public static bool IsLoopback(string text) => LoopbackRest(text) is not null;

    /// <summary>Whether only one site can receive it: not a program on the person's machine, as which any other could pose (RFC 8252 §8.6).</summary>
    public static bool IsOfOneSite(string text) => text.StartsWith("https://", StringComparison.Ordinal);

    /// <summary>What a person is shown of it: the host, or the scheme of a program of its own.</summary>
    public static string HostOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" ? uri.Authority : text[..(text.IndexOf(':', StringComparison.Ordinal) + 1)];

    /// <summary>What a page's policy has to name so that a form's answer may lead there (CSP <c>form-action</c>): an origin, or a scheme where there is no origin that it can say.</summary>
    public static string PolicySourceOf(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        // The grammar of a policy has no IPv6 address.
        if (!text.StartsWith("http", StringComparison.Ordinal) || text.StartsWith("http://[", StringComparison.Ordinal)) return text[..(colon + 1)];
        var end = text.AsSpan(colon + 3).IndexOfAny('/', '?');
        return end < 0 ? text : text[..(colon + 3 + end)];
    }

    private static bool Matches(string known, string requested)
    {
        if (string.Equals(known, requested, StringComparison.Ordinal)) return true;
        return LoopbackRest(known) is { } mine && LoopbackRest(requested) is { } theirs && mine == theirs;
    }

    /// <returns>Host and all that is behind the port, or null for what is not plain http on the loopback.</returns>
    private static (string Host, string Behind)? LoopbackRest(string text)
    {
        const string scheme = "http://";
        if (!text.StartsWith(scheme, StringComparison.Ordinal)) return null;
        var rest = text[scheme.Length..];
        if (LoopbackHosts.FirstOrDefault(host => rest.StartsWith(host, StringComparison.Ordinal)) is not { } found) return null;
        rest = rest[found.Length..];
        if (rest.StartsWith(':'))
        {
            var digits = 1;
            while (digits < rest.Length && char.IsAsciiDigit(rest[digits])) digits++;
            if (digits is 1 or > 6 || rest[1] == '0' || !ushort.TryParse(rest.AsSpan(1, digits - 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out _)) return null;
            rest = rest[digits..];
        }
        return rest.Length == 0 || rest[0] is '/' or '?' ? (found, rest) : null;
    }

    /// <summary>The authority as it is written: what a reader of addresses would change is refused.</summary>
    private static bool HasPlainAuthority(Uri uri, string text)
    {
        var start = text.IndexOf("://", StringComparison.Ordinal) + 3;
        var length = text.AsSpan(start).IndexOfAny('/', '?');
        var authority = length < 0 ? text[start..] : text.Substring(start, length);
        return uri.UserInfo.Length == 0 && !authority.Contains('@', StringComparison.Ordinal) && !authority.Contains('%', StringComparison.Ordinal) && !authority.EndsWith('.')
            && (uri.HostNameType != UriHostNameType.Dns || !EndsInNumber(uri.Host)) && (authority == uri.Authority || authority == $"{uri.Authority}:{uri.Port}");
    }

    /// <summary>Browsers take such a name for an IPv4 address in one of its other spellings (WHATWG URL, "ends in a number"), and so go elsewhere than a person is shown.</summary>
    private static bool EndsInNumber(string host)
    {
        var last = host.AsSpan(host.LastIndexOf('.') + 1);
        return !last.ContainsAnyExceptInRange('0', '9') || (last.StartsWith("0x") && !last[2..].ContainsAnyExcept(Hexadecimal));
    }

    private static bool HasDotSegment(string text)
    {
        var end = text.IndexOf('?', StringComparison.Ordinal);
        var path = (end < 0 ? text : text[..end]).Replace("%2e", ".", StringComparison.OrdinalIgnoreCase).Replace("%2f", "/", StringComparison.OrdinalIgnoreCase).Replace("%5c", "/", StringComparison.OrdinalIgnoreCase);
        return path.Split('/').Any(segment => segment is "." or "..");
    }

    private static bool IsOwnScheme(string scheme) => char.IsAsciiLetterLower(scheme[0]) && scheme.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '+' or '-' or '.');
}
