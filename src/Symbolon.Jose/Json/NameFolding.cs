using System.Text;

namespace Symbolon.Jose.Json;

/// <summary>
/// What a reader without regard to case takes for the same name: invariant upper-case by character, and the characters that
/// Unicode's simple case folding joins to another one although no upper-casing does (ſ as S, the Kelvin sign as K). Together that
/// is all of simple case folding for the letters that the framework knows. By character means that ß is not SS, and invariant
/// that the Turkish dotless ı is no I. DESIGN.md section 4, Bytes.
/// </summary>
public static class NameFolding
{
    public static Rune Fold(Rune rune) => rune.Value switch
    {
        >= 'a' and <= 'z' => new(rune.Value - 0x20),
        < 0x80 => rune,
        'ſ' => new('S'),
        '\u212A' => new('K'),
        '\u2126' => new('Ω'),
        '\u212B' => new('Å'),
        'ϴ' => new('Θ'),
        'ẞ' => new('ß'),
        '\u1FD3' => new('\u0390'),
        '\u1FE3' => new('\u03B0'),
        '\uFB05' => new('\uFB06'),
        _ => Rune.ToUpperInvariant(rune),
    };

    /// <summary>Decodes and folds the inside of a JSON string.</summary>
    /// <param name="folded">Room for twice the bytes of <paramref name="raw"/>: an upper-case letter can be longer in UTF-8.</param>
    internal static int Fold(ReadOnlySpan<byte> raw, Span<byte> folded)
    {
        var written = 0;
        var runes = new JsonRunes(raw);
        while (runes.MoveNext()) written += Fold(runes.Current).EncodeToUtf8(folded[written..]);
        return written;
    }

    /// <summary>Whether the inside of a JSON string folds to the same as a plain name.</summary>
    internal static bool FoldsTo(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> name)
    {
        if (Ascii.EqualsIgnoreCase(raw, name)) return !raw.Contains((byte)'\\');
        var left = new JsonRunes(raw);
        while (left.MoveNext())
        {
            if (Rune.DecodeFromUtf8(name, out var right, out var consumed) != System.Buffers.OperationStatus.Done) return false;
            if (Fold(left.Current) != Fold(right)) return false;
            name = name[consumed..];
        }
        return name.IsEmpty;
    }
}
