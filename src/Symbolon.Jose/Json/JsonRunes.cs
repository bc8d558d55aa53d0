using System.Buffers.Text;
using System.Text;

namespace Symbolon.Jose.Json;

/// <summary>The characters of a JSON string, escapes decoded, given the inside of its quotation marks from a text that the scan accepted.</summary>
internal ref struct JsonRunes(ReadOnlySpan<byte> raw)
{
    private ReadOnlySpan<byte> rest = raw;

    public Rune Current { get; private set; }

    public bool MoveNext()
    {
        if (rest.IsEmpty) return false;
        if (rest[0] == '\\')
        {
            Current = Escape();
            return true;
        }
        Rune.DecodeFromUtf8(rest, out var rune, out var consumed);
        Current = rune;
        rest = rest[consumed..];
        return true;
    }

    private Rune Escape()
    {
        var letter = rest[1];
        if (letter == 'u')
        {
            var unit = Unit();
            return char.IsSurrogate(unit) ? new Rune(unit, Unit()) : new Rune(unit);
        }
        rest = rest[2..];
        return new(letter switch
        {
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'t' => '\t',
            _ => (char)letter,
        });
    }

    private char Unit()
    {
        if (!Utf8Parser.TryParse(rest.Slice(2, 4), out ushort unit, out _, 'x')) throw new InvalidOperationException("Not an accepted text.");
        rest = rest[6..];
        return (char)unit;
    }
}
