using System.Net.Http.Headers;
using Microsoft.Extensions.Primitives;

namespace Symbolon.Cli.Sidecar;

/// <summary>Which headers go on: all but those of one connection (RFC 9110 §7.6.1), those that show who asks, and our own.</summary>
internal static class ForwardedHeaders
{
    public const string Target = "Symbolon-Target";
    public const string SubjectToken = "Symbolon-Subject-Token";

    /// <summary><c>true</c> for a request in the server's own name, with all that was approved for it.</summary>
    public const string AsServer = "Symbolon-As-Server";

    private const string OwnPrefix = "Symbolon-";

    private static readonly HashSet<string> OfOneConnection = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Authentication-Info", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
    };

    private static readonly HashSet<string> OfTheAsker = new(StringComparer.OrdinalIgnoreCase) { "Authorization", "DPoP", "Host", "Expect", "Content-Length" };

    public static void CopyTo(HttpRequestMessage request, IHeaderDictionary from)
    {
        foreach (var (name, values) in from)
        {
            if (name.StartsWith(':') || OfTheAsker.Contains(name) || IsKept(name, from.Connection)) continue;
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values)) request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }
    }

    public static void CopyFrom(HttpResponseMessage response, IHeaderDictionary to)
    {
        var named = new StringValues([.. response.Headers.Connection]);
        foreach (var headers in new HttpHeaders[] { response.Headers, response.Content.Headers })
            foreach (var (name, values) in headers.NonValidated)
                if (!IsKept(name, named)) to[name] = new StringValues([.. values]);
    }

    private static bool IsKept(string name, StringValues connection) =>
        OfOneConnection.Contains(name) || name.StartsWith(OwnPrefix, StringComparison.OrdinalIgnoreCase)
        || connection.Any(line => line is not null && line.Split(',').Any(each => string.Equals(each.Trim(), name, StringComparison.OrdinalIgnoreCase)));
}
