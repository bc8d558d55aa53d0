namespace Symbolon.Client.Callers;

/// <summary>
/// Resources as a token names them: segments between slashes, each a literal, a literal that ends in <c>*</c>, <c>*</c>, or a final <c>**</c> for one segment or
/// more. Compared as they are written, with regard to case. The same as in Symbolon itself: a test compares the two.
/// </summary>
internal sealed class ResourcePattern
{
    private const int MostLength = 512;
    private const int MostSegments = 32;

    private readonly Segment[] segments;

    private ResourcePattern(Segment[] segments) => this.segments = segments;

    /// <returns>Null for what is none; a pattern with an argument in braces stands in no token.</returns>
    public static ResourcePattern? Parse(string text)
    {
        if (text.Length is 0 or > MostLength || text.Any(char.IsControl)) return null;
        var parts = text.Split('/');
        if (parts.Length > MostSegments) return null;
        var segments = new Segment[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (Read(parts[i], i == parts.Length - 1) is not { } segment) return null;
            segments[i] = segment;
        }
        return new(segments);
    }

    /// <param name="resource">In full, without any placeholder.</param>
    public bool Matches(string resource)
    {
        if (!IsResource(resource)) return false;
        var parts = resource.Split('/');
        for (var i = 0; ; i++)
        {
            if (i == segments.Length || i == parts.Length) return segments.Length == parts.Length;
            if (segments[i].Kind == Kind.Rest) return true;
            if (!segments[i].Includes(parts[i])) return false;
        }
    }

    /// <summary>Whether it names one resource: a part of an address that a caller chose must not become another segment, a placeholder or a way up.</summary>
    public static bool IsResource(string text) =>
        text.Length is > 0 and <= MostLength && !text.Any(letter => char.IsControl(letter) || letter is '*' or '{' or '}' or '\\')
        && Array.TrueForAll(text.Split('/'), segment => segment.Length > 0 && !LeadsUp(segment));

    private static Segment? Read(string text, bool isLast)
    {
        if (text == "**") return isLast ? new Segment(Kind.Rest, "") : null;
        var isPrefix = text.EndsWith('*');
        var literal = isPrefix ? text[..^1] : text;
        if (text.Length == 0 || literal.AsSpan().ContainsAny("*{}\\") || LeadsUp(isPrefix ? literal + "*" : literal)) return null;
        return new Segment(isPrefix ? Kind.Prefix : Kind.Literal, literal);
    }

    private static bool LeadsUp(string segment) => segment == "." || segment.Contains("..", StringComparison.Ordinal);

    private enum Kind : byte
    {
        Literal,
        Prefix,
        Rest,
    }

    private readonly record struct Segment(Kind Kind, string Text)
    {
        public bool Includes(string part) => Kind == Kind.Prefix ? part.StartsWith(Text, StringComparison.Ordinal) : string.Equals(part, Text, StringComparison.Ordinal);
    }
}
