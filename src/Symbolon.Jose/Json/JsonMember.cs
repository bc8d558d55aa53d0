namespace Symbolon.Jose.Json;

/// <summary>A name and a value of an object in a text that <see cref="StrictJson"/> accepted.</summary>
public readonly ref struct JsonMember
{
    private readonly ReadOnlySpan<byte> text;
    private readonly NamePlace name;

    internal JsonMember(ReadOnlySpan<byte> text, NamePlace name, int valueOffset, int valueLength)
    {
        this.text = text;
        this.name = name;
        Value = new(text, valueOffset, valueLength);
    }

    public JsonValue Value { get; }

    /// <summary>Where the inside of the name's quotation marks starts in the text, in bytes.</summary>
    public int NameOffset => name.Start;

    /// <summary>The name as written: without quotation marks, its escapes not decoded.</summary>
    public ReadOnlySpan<byte> RawName => name.In(text);

    /// <summary>Decodes the name. Allocates; to compare, use <see cref="NameEquals"/>.</summary>
    public string Name => JsonText.Decode(RawName);

    /// <summary>Whether the name decodes to exactly these characters. Allocates nothing.</summary>
    public bool NameEquals(ReadOnlySpan<byte> utf8) => JsonText.Equals(RawName, utf8);

    /// <summary>Decodes and folds the name: what folds alike is the same bytes (<see cref="NameFolding"/>).</summary>
    /// <param name="folded">Room for twice the bytes of <see cref="RawName"/>.</param>
    /// <returns>Bytes written.</returns>
    public int FoldName(Span<byte> folded) => NameFolding.Fold(RawName, folded);

    /// <summary>
    /// Whether a reader without regard to case would take this member for the one named, itself included
    /// (<see cref="NameFolding"/>). A member that folds to a protocol name without being it must be refused.
    /// </summary>
    public bool NameFoldsTo(ReadOnlySpan<byte> utf8) => NameFolding.FoldsTo(RawName, utf8);
}
