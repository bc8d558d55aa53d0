using System.Runtime.CompilerServices;

namespace Symbolon.Core.Resources;

public enum SegmentKind : byte
{
    /// <summary>Exactly this text.</summary>
    Literal,

    /// <summary>Every segment that begins with this text; all of them where it is empty, written <c>*</c>.</summary>
    Prefix,

    /// <summary>This text and behind it the value of an argument of the call.</summary>
    Argument,

    /// <summary>One segment or more, of any text: a final <c>**</c>.</summary>
    Rest,
}

/// <summary>What a pattern says of one segment of a resource.</summary>
/// <param name="Text">The literal, or what stands before <c>*</c> or <c>{argument}</c>.</param>
/// <param name="ArgumentName">For <see cref="SegmentKind.Argument"/> alone.</param>
public readonly record struct ResourceSegment(SegmentKind Kind, string Text, string? ArgumentName = null)
{
    public static readonly ResourceSegment Rest = new(SegmentKind.Rest, "");

    /// <summary>Whether every segment that this stands for is one that the other stands for. Neither is an argument or the rest.</summary>
    public bool IsWithin(ResourceSegment other) => other.Kind == SegmentKind.Prefix
        ? Text.StartsWith(other.Text, StringComparison.Ordinal)
        : Kind == SegmentKind.Literal && string.Equals(Text, other.Text, StringComparison.Ordinal);

    /// <summary>As a pattern writes it.</summary>
    internal void AppendTo(ref DefaultInterpolatedStringHandler text)
    {
        text.AppendLiteral(Text);
        switch (Kind)
        {
            case SegmentKind.Prefix: text.AppendLiteral("*"); break;
            case SegmentKind.Rest: text.AppendLiteral("**"); break;
            case SegmentKind.Argument:
                text.AppendLiteral("{");
                text.AppendLiteral(ArgumentName!);
                text.AppendLiteral("}");
                break;
        }
    }

    public override string ToString()
    {
        var text = new DefaultInterpolatedStringHandler(0, 0, null, stackalloc char[256]);
        AppendTo(ref text);
        return text.ToStringAndClear();
    }
}
