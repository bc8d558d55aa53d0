namespace Symbolon.Registry.Secrets;

/// <summary>A value as a server is shown it: the secret itself, perhaps behind the word of a scheme.</summary>
internal static class ShownSecret
{
    /// <summary>Shorter words behind a space are no secrets: two phrases that end alike are not the same.</summary>
    private const int Shortest = 8;

    /// <summary><c>Bearer X</c>, <c>token X</c> and <c>X</c> are one secret.</summary>
    public static ReadOnlySpan<byte> WithoutScheme(ReadOnlySpan<byte> value)
    {
        var space = value.IndexOf((byte)' ');
        if (space < 1) return value;
        foreach (var c in value[..space])
            if (!char.IsAsciiLetterOrDigit((char)c) && c != '-') return value;
        var rest = value[(space + 1)..].TrimStart((byte)' ');
        return rest.Length < Shortest || rest.IndexOfAny((byte)' ', (byte)'\t') >= 0 ? value : rest;
    }
}
