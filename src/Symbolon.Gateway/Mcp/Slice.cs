using Symbolon.Jose.Json;

namespace Symbolon.Gateway.Mcp;

/// <summary>A place in a message's bytes; length 0 is absent.</summary>
internal readonly record struct Slice(int Offset, int Length)
{
    public bool IsPresent => Length > 0;

    public static Slice Of(JsonValue value) => new(value.Offset, value.Length);

    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> text) => text.Slice(Offset, Length);
}
