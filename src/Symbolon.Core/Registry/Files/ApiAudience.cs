using System.Net;

namespace Symbolon.Core.Registry.Files;

/// <summary>The name of an API behind servers, as it is in the <c>aud</c> of tokens for it: compared as text by everybody, so there is one spelling of each.</summary>
public static class ApiAudience
{
    /// <summary>Characters.</summary>
    public const int MostLength = 512;

    public const string Rule = "an absolute https URL (http on loopback alone) of at most 512 characters, without user information, query, fragment, spaces or backslashes";

    /// <param name="why">The end of a sentence that starts with the field: what is wrong, with the right spelling where there is one.</param>
    public static bool IsAcceptable(string text, out string? why)
    {
        why = $"must be {Rule}";
        if (text.Length > MostLength || !UpstreamUrl.TryParse(text, out var url) || url.Query.Length > 0 || text.Contains('?', StringComparison.Ordinal)) return false;
        if (url.Scheme == "http" && !IsLoopback(url)) return false;
        var path = text.IndexOf('/', text.IndexOf("//", StringComparison.Ordinal) + 2);
        var spelling = url.GetLeftPart(UriPartial.Authority) + (path < 0 ? "" : url.AbsolutePath);
        why = spelling == text ? null : $"is compared letter by letter; write it as {spelling}";
        return why is null;
    }

    private static bool IsLoopback(Uri url) => url.Host == "localhost" || (IPAddress.TryParse(url.DnsSafeHost, out var address) && IPAddress.IsLoopback(address));
}
