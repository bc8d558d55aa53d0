using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Symbolon.Jose.Json;

/// <summary>A value in a text that <see cref="StrictJson"/> accepted: its place, its bytes, and what they stand for.</summary>
public readonly ref struct JsonValue
{
    private readonly ReadOnlySpan<byte> text;

    internal JsonValue(ReadOnlySpan<byte> text, int offset, int length)
    {
        this.text = text;
        Offset = offset;
        Length = length;
    }

    /// <summary>The one value of an accepted text, without the white space around it.</summary>
    public static JsonValue Root(ReadOnlySpan<byte> text)
    {
        var offset = text.IndexOfAnyExcept(" \n\r\t"u8);
        return new(text, offset, text.LastIndexOfAnyExcept(" \n\r\t"u8) + 1 - offset);
    }

    /// <summary>Where the value starts in the text, in bytes; with <see cref="Length"/> the range to splice.</summary>
    public int Offset { get; }

    public int Length { get; }

    /// <summary>Exactly the bytes that the scan accepted; a string with its quotation marks.</summary>
    public ReadOnlySpan<byte> Raw => text.Slice(Offset, Length);

    public JsonKind Kind => text[Offset] switch
    {
        (byte)'{' => JsonKind.Object,
        (byte)'[' => JsonKind.Array,
        (byte)'"' => JsonKind.String,
        (byte)'t' => JsonKind.True,
        (byte)'f' => JsonKind.False,
        (byte)'n' => JsonKind.Null,
        _ => JsonKind.Number,
    };

    /// <summary>The members of an object, in the order of the text; none for any other kind of value.</summary>
    public JsonMembers Members => new(text, Kind == JsonKind.Object ? Offset : -1);

    /// <summary>The items of an array; none for any other kind of value.</summary>
    public JsonItems Items => new(text, Kind == JsonKind.Array ? Offset : -1);

    private ReadOnlySpan<byte> Inside => text.Slice(Offset + 1, Length - 2);

    /// <summary>Whether this is a string that decodes to exactly these characters. Allocates nothing.</summary>
    public bool TextEquals(ReadOnlySpan<byte> utf8) => Kind == JsonKind.String && JsonText.Equals(Inside, utf8);

    /// <summary>The characters of a string; false for any other kind of value.</summary>
    public bool TryGetString([NotNullWhen(true)] out string? value)
    {
        value = Kind == JsonKind.String ? JsonText.Decode(Inside) : null;
        return value is not null;
    }

    /// <summary>The characters of a string as UTF-8; false when this is no string, or the destination is smaller than what it needs, <see cref="Length"/> - 2 at most.</summary>
    public bool TryGetText(Span<byte> destination, out int written)
    {
        written = 0;
        return Kind == JsonKind.String && JsonText.TryDecode(Inside, destination, out written);
    }

    /// <summary>The characters of a string without a copy, if it has no escapes; else false, and it must be decoded.</summary>
    public bool TryGetPlainText(out ReadOnlySpan<byte> utf8)
    {
        utf8 = default;
        if (Kind != JsonKind.String || Inside.Contains((byte)'\\')) return false;
        utf8 = Inside;
        return true;
    }

    /// <summary>A number written without fraction and exponent that fits; false for every other value.</summary>
    public bool TryGetInt64(out long value)
    {
        if (Kind == JsonKind.Number && Utf8Parser.TryParse(Raw, out value, out var taken) && taken == Length) return true;
        value = 0;
        return false;
    }

    /// <summary>Looks a member of an object up. Where the scan did not compare this object's members, the first one counts.</summary>
    public bool TryGetMember(ReadOnlySpan<byte> name, out JsonMember member)
    {
        foreach (var candidate in Members)
        {
            if (!candidate.NameEquals(name)) continue;
            member = candidate;
            return true;
        }
        member = default;
        return false;
    }
}
