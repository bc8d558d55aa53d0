namespace Symbolon.Core.Registry.Files;

/// <summary>The address of a foreign token endpoint. It is the <c>aud</c> of what is sent there too, and compared as text by whoever reads that, so there is one spelling of each.</summary>
public static class TokenEndpointUrl
{
    /// <summary>Characters.</summary>
    public const int MostLength = 512;

    public const string Rule = "an absolute https URL (http on loopback alone) of at most 512 characters, without user information, fragment, spaces or backslashes";

    /// <param name="why">The end of a sentence that starts with the field: what is wrong, with the right spelling where there is one.</param>
    public static bool IsAcceptable(string text, out string? why)
    {
        why = $"must be {Rule}";
        if (text.Length > MostLength || !UpstreamUrl.TryParse(text, out var url)) return false;
        if (url.Scheme == Uri.UriSchemeHttp && !IssuerUrl.IsLoopback(url)) return false;
        var hasPath = text.IndexOfAny(['/', '?'], text.IndexOf("//", StringComparison.Ordinal) + 2) >= 0;
        var spelling = url.GetLeftPart(hasPath ? UriPartial.Query : UriPartial.Authority);
        why = spelling == text ? null : $"is compared letter by letter; write it as {spelling}";
        return why is null;
    }
}
