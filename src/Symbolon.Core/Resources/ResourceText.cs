using System.Buffers;
using System.Collections.Immutable;

namespace Symbolon.Core.Resources;

/// <summary>
/// The one reader of patterns. A pattern is part of a scope (<c>{action}:{resource pattern}</c>), so it is written in the characters of one (RFC 6749 §3.3).
/// A name in it is read by nobody as a way up or around: no empty segment, no <c>.</c>, no <c>..</c> anywhere.
/// </summary>
internal static class ResourceText
{
    private const string LetterRule = "printable ASCII without blanks, quotation marks and backslashes";

    private static readonly SearchValues<char> Letters = SearchValues.Create(
        "!#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    private static readonly SearchValues<char> NameLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-");

    /// <summary>
    /// Of the letters those that stand for themselves alone, without the marks of a pattern (<c>/ * { }</c>) and without <c>% ? #</c>, with which a value is read as something else once it stands in an
    /// address. Others than letters cannot stand in the token of a call, which would then be good for nothing; and so none is left that a server which normalizes reads as a mark.
    /// </summary>
    private static readonly SearchValues<char> ValueLetters = SearchValues.Create("!$&'()+,-.0123456789:;<=>@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz|~");

    public static ImmutableArray<ResourceSegment>? Read(string text, out string? fault)
    {
        fault = text.Length == 0 ? "is empty"
            : text.Length > ResourcePattern.MostLength ? $"has more than {ResourcePattern.MostLength} characters"
            : text.AsSpan().IndexOfAnyExcept(Letters) is >= 0 and var at ? $"has a character that is not {LetterRule} (character {at + 1})" : null;
        if (fault is not null) return null;
        var parts = text.Split('/');
        if (parts.Length > ResourcePattern.MostSegments) fault = $"has more than {ResourcePattern.MostSegments} segments";
        var segments = ImmutableArray.CreateBuilder<ResourceSegment>(parts.Length);
        for (var i = 0; i < parts.Length && fault is null; i++)
        {
            segments.Add(ReadSegment(parts[i], i == parts.Length - 1, out var wrong));
            if (wrong is not null) fault = $"{wrong} (segment {i + 1})";
        }
        return fault is null ? segments.MoveToImmutable() : null;
    }

    /// <summary>Whether an argument's value can stand for itself, in a call's token too: it is no further segment, no placeholder, and no way up, and becomes none where it is unescaped or normalized.</summary>
    /// <param name="segment">The segment that comes of it.</param>
    public static bool CanBeBound(string value, string segment) =>
        value.Length > 0 && segment.Length <= ResourcePattern.MostLength && !value.AsSpan().ContainsAnyExcept(ValueLetters) && !LeadsUp(segment);

    private static ResourceSegment ReadSegment(string text, bool isLast, out string? wrong)
    {
        wrong = null;
        if (text == "**" && isLast) return ResourceSegment.Rest;
        var (kind, literal, name) = (SegmentKind.Literal, text, (string?)null);
        if (text.EndsWith('*')) (kind, literal) = (SegmentKind.Prefix, text[..^1]);
        else if (text.EndsWith('}') && text.IndexOf('{', StringComparison.Ordinal) is >= 0 and var open) (kind, literal, name) = (SegmentKind.Argument, text[..open], text[(open + 1)..^1]);
        wrong = text.Length == 0 ? "has an empty segment"
            : text == "**" ? "has ** elsewhere than at its end"
            : literal.Contains('*', StringComparison.Ordinal) ? "has * elsewhere than at the end of a segment"
            : literal.AsSpan().ContainsAny('{', '}') ? "has a brace elsewhere than around an argument at the end of a segment"
            : name is { Length: 0 or > 128 } || name.AsSpan().ContainsAnyExcept(NameLetters) ? "has an argument whose name is not 1 to 128 letters, digits, _, . and -"
            : LeadsUp(kind == SegmentKind.Literal ? literal : literal + "*") ? "has a segment that is . or has .. in it" : null;
        return new ResourceSegment(kind, literal, name);
    }

    private static bool LeadsUp(string segment) => segment == "." || segment.Contains("..", StringComparison.Ordinal);
}
