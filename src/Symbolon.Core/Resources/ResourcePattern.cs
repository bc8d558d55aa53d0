using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Symbolon.Core.Resources;

/// <summary>
/// Resources of an API behind a server, e.g. <c>cluster:prod/namespace:{namespace}/*</c>: segments between slashes, compared as they are written.
/// DESIGN.md section 4, Scopes. Two patterns are equal when their texts are, and a set of resources has one text.
/// </summary>
/// <remarks>A pattern with arguments is no set yet: <see cref="Bind"/> or <see cref="Open"/> it before it is compared.</remarks>
public sealed class ResourcePattern : IEquatable<ResourcePattern>
{
    /// <summary>Characters of a text.</summary>
    public const int MostLength = 512;
    public const int MostSegments = 32;

    private ResourcePattern(ImmutableArray<ResourceSegment> segments) => (Segments, Text) = (segments, TextOf(segments));

    public ImmutableArray<ResourceSegment> Segments { get; }

    public string Text { get; }

    public IEnumerable<string> Arguments => Segments.Select(segment => segment.ArgumentName).OfType<string>().Distinct(StringComparer.Ordinal);

    private bool HasArguments
    {
        get
        {
            foreach (var segment in Segments)
                if (segment.Kind == SegmentKind.Argument) return true;
            return false;
        }
    }

    internal static ResourcePattern Of(IEnumerable<ResourceSegment> segments) => new([.. segments]);

    /// <param name="fault">What is wrong and where, as the end of a sentence: <c>has an empty segment (2)</c>. Never repeats the text.</param>
    public static ResourcePattern? Parse(string text, out string? fault) => ResourceText.Read(text, out fault) is { } segments ? new ResourcePattern(segments) : null;

    /// <summary>Subset: whether every resource that this stands for is one that the other stands for. Linear in the lengths of the two.</summary>
    public bool IsWithin(ResourcePattern other)
    {
        for (var i = 0; ; i++)
        {
            if (i == Segments.Length || i == other.Segments.Length) return Segments.Length == other.Segments.Length;
            if (other.Segments[i].Kind == SegmentKind.Rest) return true;
            if (Segments[i].Kind == SegmentKind.Rest || !Segments[i].IsWithin(other.Segments[i])) return false;
        }
    }

    /// <summary>Whether this resource, segments between slashes without any placeholder, is one of them.</summary>
    public bool Matches(string resource) =>
        Of(resource.Split('/').Select(segment => new ResourceSegment(SegmentKind.Literal, segment))).IsWithin(this);

    /// <summary>Whether there is a resource that both stand for. Linear in the lengths of the two.</summary>
    public bool Overlaps(ResourcePattern other)
    {
        for (var i = 0; ; i++)
        {
            if (i == Segments.Length || i == other.Segments.Length) return Segments.Length == other.Segments.Length;
            var (mine, theirs) = (Segments[i], other.Segments[i]);
            if (mine.Kind == SegmentKind.Rest || theirs.Kind == SegmentKind.Rest) return true;
            if (!mine.IsWithin(theirs) && !theirs.IsWithin(mine)) return false;
        }
    }

    /// <summary>The resources that both stand for: one pattern, or none.</summary>
    public ResourcePattern? Intersect(ResourcePattern other)
    {
        var both = new List<ResourceSegment>();
        for (var i = 0; ; i++)
        {
            if (i == Segments.Length || i == other.Segments.Length) return Segments.Length == other.Segments.Length ? Of(both) : null;
            var (mine, theirs) = (Segments[i], other.Segments[i]);
            if (mine.Kind == SegmentKind.Rest) return Of(both.Concat(other.Segments.Skip(i)));
            if (theirs.Kind == SegmentKind.Rest) return Of(both.Concat(Segments.Skip(i)));
            if (mine.IsWithin(theirs)) both.Add(mine);
            else if (theirs.IsWithin(mine)) both.Add(theirs);
            else return null;
        }
    }

    /// <summary>With the values of a call in the place of its arguments: null is one that the call leaves out, and may be anything. What has no value stays as it is.</summary>
    /// <param name="refused">The argument whose value cannot stand in a resource, or makes it longer than <see cref="MostLength"/>; then there is no pattern.</param>
    public ResourcePattern? Bind(IReadOnlyDictionary<string, string?> values, out string? refused)
    {
        refused = null;
        if (!HasArguments) return this;
        var bound = Segments.ToArray();
        string? last = null;
        for (var i = 0; i < bound.Length; i++)
        {
            if (bound[i] is not { Kind: SegmentKind.Argument, ArgumentName: { } name, Text: var before } || !values.TryGetValue(name, out var value)) continue;
            last = name;
            bound[i] = value is null ? new ResourceSegment(SegmentKind.Prefix, before) : new ResourceSegment(SegmentKind.Literal, before + value);
            if (value is null || ResourceText.CanBeBound(value, bound[i].Text)) continue;
            refused = name;
            return null;
        }
        var pattern = new ResourcePattern([.. bound]);
        if (pattern.Text.Length <= MostLength) return pattern;
        refused = last;
        return null;
    }

    /// <summary>With anything in the place of its arguments: all that it can stand for.</summary>
    public ResourcePattern Open() => !HasArguments ? this : Of(Segments.Select(segment => segment.Kind == SegmentKind.Argument ? new ResourceSegment(SegmentKind.Prefix, segment.Text) : segment));

    /// <summary>Whether there are values for its arguments with which it is within the other. Looks at each segment by itself.</summary>
    public bool CanBeWithin(ResourcePattern other)
    {
        // What an argument can become is what its place and the other's have in common.
        return Of(Segments.Select((segment, i) => segment.Kind == SegmentKind.Argument && i < other.Segments.Length ? Best(segment, other.Segments[i]) : segment)).Open().IsWithin(other);

        static ResourceSegment Best(ResourceSegment argument, ResourceSegment place) => place.Kind switch
        {
            SegmentKind.Rest => argument,
            SegmentKind.Literal when place.Text.Length == argument.Text.Length => argument,
            _ => place.Text.StartsWith(argument.Text, StringComparison.Ordinal) ? place : argument,
        };
    }

    /// <summary>The segments as they write themselves, in one go: unions have many.</summary>
    private static string TextOf(ImmutableArray<ResourceSegment> segments)
    {
        var text = new DefaultInterpolatedStringHandler(0, 0, null, stackalloc char[256]);
        for (var i = 0; i < segments.Length; i++)
        {
            if (i > 0) text.AppendLiteral("/");
            segments[i].AppendTo(ref text);
        }
        return text.ToStringAndClear();
    }

    public bool Equals(ResourcePattern? other) => other is not null && string.Equals(Text, other.Text, StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as ResourcePattern);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;
}
