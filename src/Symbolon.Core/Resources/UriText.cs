using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;

namespace Symbolon.Core.Resources;

/// <summary>The one reader of patterns of URIs, and what of a URI no wildcard stands for: servers normalize and decode, and would serve what nobody decided.</summary>
internal static class UriText
{
    private const string Treacherous = "has beside its wildcard what no wildcard stands for: a segment . or .., an encoded character that is a letter, a dot or a slash, or a character that is read as one of them";

    /// <summary>Characters that become <c>. / \ %</c> where text is brought into a form of compatibility.</summary>
    private static readonly SearchValues<char> LookAlikes = SearchValues.Create("\u2024\u2025\u2026\uFE52\uFE68\uFE6A\uFF05\uFF0E\uFF0F\uFF3C");

    public static ImmutableArray<ResourceSegment>? Read(string text, out string? fault)
    {
        fault = text.Length == 0 ? "is empty"
            : text.Length > UriPattern.MostLength ? $"has more than {UriPattern.MostLength} characters"
            : FirstBlank(text) is >= 0 and var blank ? $"has a blank, a control character or a backslash (character {blank + 1})"
            : text.AsSpan().ContainsAny('{', '}') ? "has a brace; a segment that may be anything is written *"
            : !HasScheme(text) ? "is neither * nor an absolute URI, which begins with a scheme and a colon" : null;
        if (fault is not null) return null;
        var parts = text.Split('/');
        var segments = ImmutableArray.CreateBuilder<ResourceSegment>(parts.Length);
        for (var i = 0; i < parts.Length; i++)
        {
            fault = parts[i] == "**" && i < parts.Length - 1 ? "has ** elsewhere than at its end"
                : parts[i] != "**" && parts[i].AsSpan(0, Math.Max(0, parts[i].Length - 1)).Contains('*') ? "has * elsewhere than at the end of a segment" : null;
            if (fault is not null)
            {
                fault += $" (segment {i + 1})";
                return null;
            }
            segments.Add(parts[i] == "**" ? ResourceSegment.Rest
                : parts[i].EndsWith('*') ? new ResourceSegment(SegmentKind.Prefix, parts[i][..^1]) : new ResourceSegment(SegmentKind.Literal, parts[i]));
        }
        if (text.Contains('*', StringComparison.Ordinal) && IsTreacherous(text.Replace('*', 'x'))) fault = Treacherous;
        return fault is null ? segments.MoveToImmutable() : null;
    }

    /// <summary>
    /// Whether a server could read this as another URI than it looks like: a segment <c>.</c> or <c>..</c>, also before a mark that ends a path or a parameter of a segment; a backslash,
    /// blank, control or format character, or an escaped blank at the beginning of a segment; an escape that is none, or stands for a letter, a digit, <c>. / \</c>, a control character or no UTF-8, once or several times escaped.
    /// </summary>
    public static bool IsTreacherous(ReadOnlySpan<char> uri)
    {
        if (uri.ContainsAny(LookAlikes)) return true;
        var isStart = true;
        for (var i = 0; i < uri.Length; i++)
        {
            var letter = uri[i];
            if (letter == '\\' || char.IsControl(letter) || char.IsWhiteSpace(letter) || (letter > '\x7f' && IsUnclear(uri, i))) return true;
            if (letter == '%' && IsTreacherousEscape(uri[i..])) return true;
            if (isStart && (letter == '.' ? IsDots(uri[i..]) : uri[i..].StartsWith("%20"))) return true;
            // file:../x is read as a path too.
            isStart = letter is '/' or ':';
        }
        return false;
    }

    /// <summary>What a final <c>**</c> stands for: one segment or more. An empty one before others is left out by some servers, and begins a path at the root for others.</summary>
    public static bool CanBeRest(ReadOnlySpan<char> rest) => HasName(rest) && rest.IndexOf("//") < 0;

    /// <summary>Whether a segment begins with something else than what ends the path or is a parameter of it: else the folder that it is in would be served.</summary>
    public static bool HasName(ReadOnlySpan<char> segment) => segment.Length > 0 && segment[0] is not ('/' or '?' or '#' or ';')
        && !segment.StartsWith("%3f", StringComparison.OrdinalIgnoreCase) && !segment.StartsWith("%23") && !segment.StartsWith("%3b", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the path ends in it, also for a server that decodes before it looks for the end.</summary>
    public static bool EndsPath(ReadOnlySpan<char> segment) => segment.ContainsAny('?', '#') || segment.Contains("%3f", StringComparison.OrdinalIgnoreCase) || segment.IndexOf("%23") >= 0;

    private static bool IsDots(ReadOnlySpan<char> segment)
    {
        var end = segment.IndexOfAnyExcept('.');
        return end < 0 || !(char.IsLetterOrDigit(segment[end]) || segment[end] is '_' or '-');
    }

    /// <param name="text">Begins with a percent sign.</param>
    private static bool IsTreacherousEscape(ReadOnlySpan<char> text)
    {
        if (ByteOf(text) is not { } value) return true;
        // Escaped twice: to a server that decodes twice it is what comes then.
        for (; value == '%'; text = text[2..])
        {
            if (ByteOf(text[2..]) is not { } inner) return false;
            value = inner;
        }
        return value is < 0x20 or (byte)'.' or (byte)'/' or (byte)'\\' or 0x7f or 0xc0 or 0xc1 or > 0xf4 || char.IsAsciiLetterOrDigit((char)value);

        static byte? ByteOf(ReadOnlySpan<char> text) =>
            text.Length > 2 && char.IsAsciiHexDigit(text[1]) && char.IsAsciiHexDigit(text[2]) ? byte.Parse(text.Slice(1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : null;
    }

    private static bool IsUnclear(ReadOnlySpan<char> text, int at)
    {
        var letter = text[at];
        if (!char.IsSurrogate(letter)) return CharUnicodeInfo.GetUnicodeCategory(letter) is UnicodeCategory.Format;
        return char.IsHighSurrogate(letter) ? at + 1 == text.Length || !char.IsLowSurrogate(text[at + 1]) : at == 0 || !char.IsHighSurrogate(text[at - 1]);
    }

    private static int FirstBlank(string text)
    {
        for (var i = 0; i < text.Length; i++)
            if (text[i] == '\\' || char.IsControl(text[i]) || char.IsWhiteSpace(text[i]) || (text[i] > '\x7f' && IsUnclear(text, i))) return i;
        return -1;
    }

    /// <summary>RFC 3986 §3.1.</summary>
    private static bool HasScheme(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || !char.IsAsciiLetter(text[0])) return false;
        foreach (var letter in text.AsSpan(0, colon))
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('+' or '-' or '.')) return false;
        return true;
    }
}
