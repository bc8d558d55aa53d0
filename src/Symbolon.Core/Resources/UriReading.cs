using System.Globalization;
using System.Net;
using System.Text;

namespace Symbolon.Core.Resources;

/// <summary>
/// A URI in the widest form that some server may read it in, so that a rule that denies cannot be passed by another spelling of the same resource: decoded as often as it is
/// encoded, without letter case, default port, parameters, empty segments and dots (RFC 3986 §6.2.2 and 6.2.3, and what servers do besides).
/// Never for what allows: <see cref="UriPattern.Matches"/> is exact.
/// </summary>
public sealed class UriReading
{
    /// <summary>Nothing that was encoded more often is decoded by anybody.</summary>
    private const int MostDecodings = 4;

    /// <summary>Stand for wildcards of a pattern while the rest of it is decoded; no URI means anything by them.</summary>
    private const char Anything = '\uF8FE', Begins = '\uF8FF';

    private readonly string scheme;
    private readonly string[] segments;
    private readonly string? query;

    private UriReading(string text)
    {
        text = Decoded(text);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        scheme = colon < 0 ? "" : text[..colon];
        var rest = text[(colon + 1)..];
        var end = rest.IndexOfAny(['?', '#']);
        query = end < 0 ? null : rest[end..];
        rest = end < 0 ? rest : rest[..end];
        var authority = "";
        if (rest.StartsWith("//", StringComparison.Ordinal))
        {
            var slash = rest.IndexOf('/', 2);
            authority = AuthorityOf(slash < 0 ? rest[2..] : rest[2..slash], scheme);
            rest = slash < 0 ? "" : rest[slash..];
        }
        var path = new List<string> { authority };
        foreach (var segment in rest.Split('/').Select(each => each.Split(';')[0]))
        {
            if (segment is "" or ".") continue;
            if (segment != "..") path.Add(segment);
            else if (path.Count > 1) path.RemoveAt(path.Count - 1);
        }
        if (rest.EndsWith('/') && path.Count > 1) path.Add("");
        segments = [.. path];
    }

    public static UriReading Of(string uri) => new(uri);

    /// <summary>A pattern, with its wildcards.</summary>
    public static UriReading Of(UriPattern pattern) => pattern.IsAny ? new("") : new(string.Join('/', pattern.Text.Split('/')
        .Select(segment => segment == "**" ? $"{Anything}" : segment.EndsWith('*') ? $"{segment[..^1]}{Begins}" : segment)));

    /// <summary>Whether this, which is a pattern, may be about it. The query counts where the pattern has one.</summary>
    public bool MayBe(UriReading uri)
    {
        if (scheme.Length == 0 && segments.Length == 1) return true;
        if (scheme != uri.scheme) return false;
        for (var i = 0; ; i++)
        {
            if (i == segments.Length) return IsOver(uri, i) && (query is null || Fits(query, uri.query ?? ""));
            if (segments[i] is [Anything]) return true;
            if (i == uri.segments.Length || !Fits(segments[i], uri.segments[i])) return false;
        }
    }

    /// <summary>A folder with and without its last slash is the same.</summary>
    private static bool IsOver(UriReading uri, int count) => count == uri.segments.Length || (count == uri.segments.Length - 1 && uri.segments[count].Length == 0);

    private static bool Fits(string pattern, string text) =>
        pattern.EndsWith(Begins) ? text.StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal) : pattern == text;

    private static string AuthorityOf(string text, string scheme)
    {
        var host = text[(text.LastIndexOf('@') + 1)..];
        if (host.EndsWith(scheme switch { "https" or "wss" => ":443", "http" or "ws" => ":80", _ => ":" }, StringComparison.Ordinal)) host = host[..host.LastIndexOf(':')];
        host = host.TrimEnd('.', ':');
        return scheme == "file" && (host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address))) ? "" : host;
    }

    private static string Decoded(string text)
    {
        text = Plain(text);
        for (var i = 0; i < MostDecodings && text.Contains('%', StringComparison.Ordinal); i++)
        {
            var next = Uri.UnescapeDataString(text);
            if (next == text) break;
            text = Plain(next);
        }
        var shown = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            if (!Rune.IsControl(rune) && !Rune.IsWhiteSpace(rune) && Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format) shown.Append(rune.Value == '\\' ? "/" : rune.ToString());
        return shown.ToString().ToUpperInvariant().ToLowerInvariant();
    }

    /// <summary>Characters of ASCII that are written wide, small or as leaders.</summary>
    private static string Plain(string text) => !text.AsSpan().ContainsAnyInRange('\u2024', '\uFF5E') ? text : string.Create(text.Length, text, static (plain, from) =>
    {
        for (var i = 0; i < plain.Length; i++)
            plain[i] = from[i] switch
            {
                >= '\uFF01' and <= '\uFF5E' and var wide => (char)(wide - 0xFEE0),
                '\u2024' or '\uFE52' => '.',
                '\uFE68' => '\\',
                '\uFE6A' => '%',
                var other => other,
            };
    });
}
