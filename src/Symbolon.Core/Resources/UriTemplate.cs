using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace Symbolon.Core.Resources;

/// <summary>What the expansions of a URI template (RFC 6570) have in common, as far as patterns ask.</summary>
internal sealed class UriTemplate
{
    private static readonly SearchValues<char> ExpressionLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.,:*%");

    private UriTemplate(ImmutableArray<TemplateSegment> segments, bool hasExpression, bool isTreacherous, bool beginsTreacherous) =>
        (Segments, HasExpression, IsTreacherous, BeginsTreacherous) = (segments, hasExpression, isTreacherous, beginsTreacherous);

    public ImmutableArray<TemplateSegment> Segments { get; }

    public bool HasExpression { get; }

    /// <summary>With a plain value for each expression, by the text around them.</summary>
    public bool IsTreacherous { get; }

    /// <summary>Whatever it is expanded with: by the segments before its first expression.</summary>
    public bool BeginsTreacherous { get; }

    /// <summary>Whether a final <c>**</c> stands for what comes from this segment on: see <see cref="UriText.CanBeRest"/>.</summary>
    public bool CanBeRest(int from) => Segments[from].HasName && !Segments.Skip(from).SkipLast(1).Any(segment => segment.IsEmpty);

    /// <returns>Null for what is no template, is empty or longer than a URI that a wildcard stands for.</returns>
    public static UriTemplate? Read(string text)
    {
        if (text.Length is 0 or > UriPattern.MostMatched) return null;
        var segments = ImmutableArray.CreateBuilder<TemplateSegment>();
        var (segment, sample, hasExpression) = (new TemplateSegment(), new StringBuilder(text.Length), false);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '}') return null;
            if (text[at] != '{')
            {
                sample.Append(text[at]);
                if (text[at] == '/')
                {
                    segments.Add(segment);
                    segment = new TemplateSegment();
                }
                else segment = segment.With(text[at]);
                continue;
            }
            var end = text.IndexOf('}', at);
            if (end < 0 || OperatorOf(text.AsSpan(at + 1, end - at - 1)) is not { } mark) return null;
            // The slash comes with the value: what stands before is a segment by itself.
            if (mark == '/' && !segment.IsEmpty)
            {
                segments.Add(segment with { MayJoin = true });
                segment = new TemplateSegment();
            }
            segment = segment.With(mark, isFirst: segment.IsEmpty);
            sample.Append(mark == '/' ? "/x" : "x");
            hasExpression = true;
            at = end;
        }
        segments.Add(segment);
        var begin = hasExpression ? text[..(text.LastIndexOf('/', text.IndexOf('{', StringComparison.Ordinal)) + 1)] : text;
        return new UriTemplate(segments.ToImmutable(), hasExpression, UriText.IsTreacherous(sample.ToString()), UriText.IsTreacherous(begin));
    }

    /// <summary>RFC 6570 §2.2.</summary>
    /// <returns>The operator, a blank for none; null for what is no expression.</returns>
    private static char? OperatorOf(ReadOnlySpan<char> expression)
    {
        var mark = expression.Length > 0 && expression[0] is '+' or '#' or '.' or '/' or ';' or '?' or '&' ? expression[0] : ' ';
        var names = mark == ' ' ? expression : expression[1..];
        return names.Length == 0 || names.ContainsAnyExcept(ExpressionLetters) ? null : mark;
    }
}

/// <summary>One segment of a template.</summary>
/// <param name="Before">The text before its first expression; all of it where it has none.</param>
/// <param name="After">The text behind its last expression.</param>
/// <param name="IsOpen">A value of it may hold slashes: what follows may be anything.</param>
/// <param name="CanBeNothing">It and what follows may not be there at all, with its slash.</param>
/// <param name="EndsPath">A mark that ends the path is in it.</param>
/// <param name="MayJoin">The segment behind it, which comes with its slash, may be nothing: then what follows is of this one.</param>
internal readonly record struct TemplateSegment(string Before, string After, bool HasExpression, bool IsOpen, bool CanBeNothing, bool EndsPath, bool MayJoin, bool BeginsWithMark)
{
    public TemplateSegment() : this("", "", false, false, false, false, false, false) { }

    /// <summary>See <see cref="UriText.HasName"/>.</summary>
    public bool HasName => Before.Length > 0 ? UriText.HasName(Before) : HasExpression && !BeginsWithMark;

    /// <summary>What stands behind it may belong to it, or to a segment that is not written here.</summary>
    public bool GoesOn => IsOpen || MayJoin;

    public bool IsEmpty => Before.Length == 0 && !HasExpression;

    public TemplateSegment With(char letter) => HasExpression
        ? this with { After = After + letter, EndsPath = EndsPath || letter is '?' or '#' or '%' }
        : this with { Before = Before + letter, EndsPath = EndsPath || letter is '?' or '#' or '%' };

    public TemplateSegment With(char mark, bool isFirst) => this with
    {
        After = "",
        HasExpression = true,
        IsOpen = IsOpen || mark is '+' or '#' or '/',
        BeginsWithMark = BeginsWithMark || (isFirst && mark is '?' or '#' or ';'),
        CanBeNothing = CanBeNothing || (isFirst && mark == '/'),
        EndsPath = EndsPath || mark is '?' or '&' or '#',
    };

    /// <summary>Whether some text of this is one that the pattern's segment stands for, which is no rest.</summary>
    public bool Meets(ResourceSegment other)
    {
        if (other.Kind == SegmentKind.Prefix) return HasExpression || MayJoin ? Before.StartsWith(other.Text, StringComparison.Ordinal) || other.Text.StartsWith(Before, StringComparison.Ordinal) : IsAllWithin(other);
        if (!HasExpression && !MayJoin) return string.Equals(Before, other.Text, StringComparison.Ordinal);
        return other.Text.StartsWith(Before, StringComparison.Ordinal)
            && (GoesOn || (other.Text.Length >= Before.Length + After.Length && other.Text.EndsWith(After, StringComparison.Ordinal)));
    }

    /// <summary>Whether every text of this is one that the pattern's segment stands for, which is no rest.</summary>
    public bool IsWithin(ResourceSegment other, bool isLast) => other.Kind == SegmentKind.Literal
        ? !HasExpression && string.Equals(Before, other.Text, StringComparison.Ordinal)
        : !IsOpen && IsAllWithin(other) && (isLast || !EndsPath);

    private bool IsAllWithin(ResourceSegment prefix) => (prefix.Text.Length > 0 || HasName) && Before.StartsWith(prefix.Text, StringComparison.Ordinal);
}
