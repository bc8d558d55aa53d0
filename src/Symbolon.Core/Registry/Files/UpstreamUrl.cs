namespace Symbolon.Core.Registry.Files;

/// <summary>Which URLs may be an upstream. Where they lead is the outbound guard's business; this is about their form.</summary>
public static class UpstreamUrl
{
    public const string Rule = "an absolute http or https URL of at most 2048 characters, with a host, without user information, fragment, spaces or backslashes";

    public static bool TryParse(string? text, out Uri url)
    {
        url = null!;
        if (text is null || text.Length > DocumentLimits.Url || HasForbidden(text)) return false;
        // Uri repairs what it reads (slashes, case, missing parts); only a text that needs no repair of its start is taken.
        if (!text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && !text.StartsWith("https://", StringComparison.OrdinalIgnoreCase)) return false;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var parsed) || parsed.Host.Length == 0) return false;
        if (parsed.Scheme is not ("http" or "https") || parsed.UserInfo.Length > 0 || parsed.Fragment.Length > 0) return false;
        var authority = text.AsSpan(text.IndexOf("//", StringComparison.Ordinal) + 2);
        var end = authority.IndexOfAny('/', '?');
        if ((end < 0 ? authority : authority[..end]).Contains('@')) return false;
        url = parsed;
        return true;
    }

    private static bool HasForbidden(string text)
    {
        foreach (var c in text)
            if (c <= ' ' || c == '\\' || c == '#' || c >= 0x7F) return true;
        return false;
    }
}
