using System.Collections.Immutable;

namespace Symbolon.Core.Resources;

/// <summary>
/// Resources of an MCP server by their URIs, as a grant names them, e.g. <c>file:///docs/*</c>: <c>*</c> alone for every resource, or an absolute URI with the
/// segments of a <see cref="ResourcePattern"/>. Compared character by character, as a URI is asked for. DESIGN.md section 4, Files and Scopes.
/// </summary>
/// <remarks>
/// A wildcard stands for no URI that a server could read as another one than it looks like: see <see cref="UriText.IsTreacherous"/>. Two patterns are equal when their texts are.
/// </remarks>
public sealed class UriPattern : IEquatable<UriPattern>
{
    /// <summary>Characters of a text.</summary>
    public const int MostLength = 2048;

    /// <summary>Characters of a URI that a wildcard may stand for.</summary>
    public const int MostMatched = 4096;

    public static readonly UriPattern Any = new("*", []);

    private readonly ImmutableArray<ResourceSegment> segments;

    private UriPattern(string text, ImmutableArray<ResourceSegment> segments)
    {
        (Text, this.segments) = (text, segments);
        IsAny = segments.IsEmpty;
        HasWildcard = IsAny || segments.Any(segment => segment.Kind != SegmentKind.Literal);
    }

    public string Text { get; }

    /// <summary>Every resource.</summary>
    public bool IsAny { get; }

    /// <summary>If not, it stands for exactly its own text.</summary>
    public bool HasWildcard { get; }

    /// <param name="fault">What is wrong and where, as the end of a sentence: <c>has ** elsewhere than at its end (segment 4)</c>. Never repeats the text.</param>
    public static UriPattern? Parse(string text, out string? fault)
    {
        if (text == Any.Text)
        {
            fault = null;
            return Any;
        }
        return UriText.Read(text, out fault) is { } segments ? new UriPattern(text, segments) : null;
    }

    /// <summary>Whether this is one of them. Linear in the length of the URI; allocates nothing.</summary>
    public bool Matches(string uri) => HasWildcard ? CanBeMatched(uri) && Includes(uri) : string.Equals(uri, Text, StringComparison.Ordinal);

    /// <summary>Whether there is a wildcard that may stand for it.</summary>
    internal static bool CanBeMatched(string uri) => uri.Length is > 0 and <= MostMatched && !UriText.IsTreacherous(uri);

    /// <summary>The same as <see cref="Matches"/> for a pattern with a wildcard, of a URI that can be matched.</summary>
    internal bool Includes(string uri)
    {
        if (IsAny) return true;
        var left = uri.AsSpan();
        for (var i = 0; i < segments.Length; i++)
        {
            if (segments[i].Kind == SegmentKind.Rest) return UriText.CanBeRest(left);
            var slash = left.IndexOf('/');
            var isLast = i == segments.Length - 1;
            if (isLast != slash < 0 || !IsCovered(left[..(isLast ? left.Length : slash)], segments[i], isLast)) return false;
            left = left[(isLast ? left.Length : slash + 1)..];
        }
        return true;
    }

    /// <summary>Whether some expansion of a template (RFC 6570) could be one of them. True where that is open, false for text that is no template.</summary>
    public bool MayReach(string template)
    {
        if (UriTemplate.Read(template) is not { } read || (HasWildcard && read.BeginsTreacherous)) return false;
        if (IsAny) return true;
        for (var i = 0; ; i++)
        {
            if (i == segments.Length) return i == read.Segments.Length || read.Segments[i].CanBeNothing;
            if (i == read.Segments.Length) return false;
            if (segments[i].Kind == SegmentKind.Rest) return true;
            if (!read.Segments[i].Meets(segments[i])) return false;
            if (read.Segments[i].GoesOn) return true;
        }
    }

    /// <summary>Whether every expansion of a template (RFC 6570) that a wildcard can stand for at all is one of them. False where that is open.</summary>
    public bool Covers(string template)
    {
        if (UriTemplate.Read(template) is not { } read) return false;
        if (!HasWildcard) return !read.HasExpression && string.Equals(template, Text, StringComparison.Ordinal);
        if (read.IsTreacherous) return false;
        if (IsAny) return true;
        for (var i = 0; ; i++)
        {
            if (i == segments.Length || i == read.Segments.Length) return segments.Length == read.Segments.Length;
            if (segments[i].Kind == SegmentKind.Rest) return read.CanBeRest(i);
            if (!read.Segments[i].IsWithin(segments[i], isLast: i == segments.Length - 1)) return false;
        }
    }

    /// <summary>Where more segments come, a wildcard ends no path: what stands behind a <c>?</c> would be read as the rest of the pattern, and the server would serve what stands before.</summary>
    private static bool IsCovered(ReadOnlySpan<char> segment, ResourceSegment by, bool isLast) => by.Kind == SegmentKind.Literal
        ? segment.SequenceEqual(by.Text)
        : segment.StartsWith(by.Text) && (by.Text.Length > 0 || UriText.HasName(segment)) && (isLast || !UriText.EndsPath(segment));

    public bool Equals(UriPattern? other) => other is not null && string.Equals(Text, other.Text, StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as UriPattern);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;
}
