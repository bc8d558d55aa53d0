using System.Buffers;
using System.Text;

namespace Symbolon.Jose.Json;

/// <summary>Decodes and compares the inside of a JSON string from a text that the scan accepted.</summary>
internal static class JsonText
{
    public static bool Equals(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> plain)
    {
        if (raw.Length == plain.Length) return raw.SequenceEqual(plain) && !raw.Contains((byte)'\\');
        // An escape is always longer than what it stands for.
        return raw.Length > plain.Length && raw.Contains((byte)'\\') && EqualsDecoded(raw, plain);
    }

    public static string Decode(ReadOnlySpan<byte> raw)
    {
        if (!raw.Contains((byte)'\\')) return Encoding.UTF8.GetString(raw);
        var rented = ArrayPool<byte>.Shared.Rent(raw.Length);
        TryDecode(raw, rented, out var written);
        var text = Encoding.UTF8.GetString(rented, 0, written);
        ArrayPool<byte>.Shared.Return(rented);
        return text;
    }

    /// <returns>False when the destination is too small. As many bytes as <paramref name="raw"/> are always enough.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> raw, Span<byte> destination, out int written)
    {
        written = 0;
        if (!raw.Contains((byte)'\\'))
        {
            if (!raw.TryCopyTo(destination)) return false;
            written = raw.Length;
            return true;
        }
        var runes = new JsonRunes(raw);
        while (runes.MoveNext())
        {
            if (!runes.Current.TryEncodeToUtf8(destination[written..], out var length)) return false;
            written += length;
        }
        return true;
    }

    private static bool EqualsDecoded(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> plain)
    {
        Span<byte> encoded = stackalloc byte[4];
        var runes = new JsonRunes(raw);
        while (runes.MoveNext())
        {
            var length = runes.Current.EncodeToUtf8(encoded);
            if (!plain.StartsWith(encoded[..length])) return false;
            plain = plain[length..];
        }
        return plain.IsEmpty;
    }
}
