namespace Symbolon.Jose.Json;

/// <summary>Where the inside of a name's quotation marks lies in the text.</summary>
internal readonly record struct NamePlace(int Start, int Length)
{
    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> text) => text.Slice(Start, Length);
}
