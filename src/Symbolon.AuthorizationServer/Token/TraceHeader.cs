namespace Symbolon.AuthorizationServer.Token;

/// <summary>The trace id of a request's <c>traceparent</c> (W3C Trace Context §3.2): asserted by who sent it, recorded, never trusted.</summary>
internal static class TraceHeader
{
    /// <returns>32 lower-case hex digits, or null for a header that is none.</returns>
    public static string? IdOf(string? header) =>
        header is { Length: >= 55 and <= 128 } && header[2] == '-' && header[35] == '-' && header[52] == '-' && (header.Length == 55 || header[55] == '-')
        && IsHex(header.AsSpan(0, 2)) && IsHex(header.AsSpan(3, 32)) && IsHex(header.AsSpan(36, 16)) && IsHex(header.AsSpan(53, 2))
        && !header.StartsWith("ff", StringComparison.Ordinal) && header.AsSpan(3, 32).ContainsAnyExcept('0') ? header[3..35] : null;

    private static bool IsHex(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
            if (!char.IsAsciiHexDigitLower(c)) return false;
        return true;
    }
}
