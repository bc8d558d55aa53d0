using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace Symbolon.Core.Audit;

/// <summary>
/// One growing piece of memory that canonical JSON is written into and that is used again for the next batch. The caller writes
/// members in RFC 8785 order; text, escapes and integers come out as RFC 8785 §3.2.2 says. Not thread-safe.
/// </summary>
public sealed class CanonicalBuffer
{
    private static readonly SearchValues<byte> Escaped = SearchValues.Create([.. Enumerable.Range(0, 32).Select(b => (byte)b), (byte)'"', (byte)'\\']);
    private byte[] bytes = new byte[16 * 1024];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> Slice(int start, int length) => bytes.AsMemory(start, length);

    public void Clear() => Length = 0;

    public void Raw(ReadOnlySpan<byte> json)
    {
        json.CopyTo(Reserve(json.Length));
        Length += json.Length;
    }

    /// <summary>Writes a member's name (plain ASCII), with the comma that its place needs.</summary>
    public void Name(ReadOnlySpan<byte> name)
    {
        var space = Reserve(name.Length + 4);
        var at = 0;
        if (bytes[Length - 1] != (byte)'{') space[at++] = (byte)',';
        space[at++] = (byte)'"';
        name.CopyTo(space[at..]);
        at += name.Length;
        space[at++] = (byte)'"';
        space[at++] = (byte)':';
        Length += at;
    }

    public void Integer(long value)
    {
        Utf8Formatter.TryFormat(value, Reserve(20), out var written);
        Length += written;
    }

    public void Hex(ReadOnlySpan<byte> value)
    {
        var space = Reserve(2 * value.Length + 2);
        space[0] = (byte)'"';
        Convert.TryToHexStringLower(value, space[1..], out var written);
        space[written + 1] = (byte)'"';
        Length += written + 2;
    }

    public void Text(Guid value)
    {
        var space = Reserve(38);
        space[0] = (byte)'"';
        value.TryFormat(space[1..], out var written);
        space[written + 1] = (byte)'"';
        Length += written + 2;
    }

    /// <summary>A lone surrogate, which UTF-8 cannot carry, is written as U+FFFD: a record is never lost for its text.</summary>
    public void Text(string value)
    {
        var space = Reserve(3 * value.Length + 2);
        space[0] = (byte)'"';
        Utf8.FromUtf16(value, space[1..], out _, out var written);
        if (space.Slice(1, written).ContainsAny(Escaped))
        {
            Escape(value, written);
            return;
        }
        space[written + 1] = (byte)'"';
        Length += written + 2;
    }

    private void Escape(string value, int utf8Length)
    {
        var plain = Encoding.UTF8.GetBytes(value);
        var space = Reserve(6 * utf8Length + 2);
        var at = 0;
        space[at++] = (byte)'"';
        foreach (var b in plain)
        {
            var letter = b switch { 8 => 'b', 9 => 't', 10 => 'n', 12 => 'f', 13 => 'r', (byte)'"' => '"', (byte)'\\' => '\\', _ => '\0' };
            if (letter != '\0')
            {
                space[at++] = (byte)'\\';
                space[at++] = (byte)letter;
            }
            else if (b < 32)
            {
                "\\u00"u8.CopyTo(space[at..]);
                Utf8Formatter.TryFormat(b, space[(at + 4)..], out _, new StandardFormat('x', 2));
                at += 6;
            }
            else space[at++] = b;
        }
        space[at++] = (byte)'"';
        Length += at;
    }

    private Span<byte> Reserve(int length)
    {
        if (bytes.Length - Length < length) Array.Resize(ref bytes, Math.Max(2 * bytes.Length, Length + length));
        return bytes.AsSpan(Length);
    }
}
