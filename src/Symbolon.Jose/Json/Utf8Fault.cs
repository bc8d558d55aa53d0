using System.Text;
using System.Text.Unicode;

namespace Symbolon.Jose.Json;

/// <summary>Validity of UTF-8, as a pass of its own: it runs at memory speed, and frees the grammar from looking at high bytes.</summary>
internal static class Utf8Fault
{
    /// <returns>The first byte that is not part of a character, or -1.</returns>
    public static int Find(ReadOnlySpan<byte> utf8) => Utf8.IsValid(utf8) ? -1 : Locate(utf8);

    private static int Locate(ReadOnlySpan<byte> utf8)
    {
        var offset = 0;
        while (Rune.DecodeFromUtf8(utf8[offset..], out _, out var consumed) == System.Buffers.OperationStatus.Done) offset += consumed;
        return offset;
    }
}
