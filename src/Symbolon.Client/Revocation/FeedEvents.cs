using System.Buffers;
using System.Text;

namespace Symbolon.Client.Revocation;

/// <summary>Reads a stream of events (WHATWG HTML §9.2.6) under bounds: names and whole bodies, nothing else of it is used.</summary>
internal sealed class FeedEvents(Stream stream)
{
    /// <summary>Bytes of one event: the first one names all that was revoked in four hours.</summary>
    public const int MostBytes = 32 * 1024 * 1024;

    private readonly byte[] block = new byte[16 * 1024];
    private readonly ArrayBufferWriter<byte> line = new();
    private readonly ArrayBufferWriter<byte> body = new();
    private int next, end;
    private bool hasBody;

    /// <returns>Null at the end of the stream; an event that is not complete there counts for nothing.</returns>
    /// <exception cref="InvalidDataException">An event is larger than <see cref="MostBytes"/>.</exception>
    public async ValueTask<FeedEvent?> NextAsync(CancellationToken cancellation)
    {
        var name = "message";
        hasBody = false;
        body.ResetWrittenCount();
        while (await ReadLineAsync(cancellation))
        {
            var text = WithoutReturn(line.WrittenSpan);
            if (text.IsEmpty)
            {
                if (hasBody) return new FeedEvent(name, body.WrittenSpan.ToArray());
                name = "message";
            }
            else if (TryField(text, "event"u8, out var value)) name = Encoding.UTF8.GetString(value);
            else if (TryField(text, "data"u8, out var data)) Add(data);
        }
        return null;
    }

    private void Add(ReadOnlySpan<byte> data)
    {
        if (hasBody) body.Write("\n"u8);
        if (body.WrittenCount + data.Length > MostBytes) throw new InvalidDataException("An event of the feed is too large.");
        body.Write(data);
        hasBody = true;
    }

    private static bool TryField(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!text.StartsWith(name)) return false;
        var rest = text[name.Length..];
        if (!rest.IsEmpty && rest[0] != ':') return false;
        value = rest.IsEmpty ? rest : rest[1..];
        if (!value.IsEmpty && value[0] == ' ') value = value[1..];
        return true;
    }

    private static ReadOnlySpan<byte> WithoutReturn(ReadOnlySpan<byte> text) => text.EndsWith("\r"u8) ? text[..^1] : text;

    private async ValueTask<bool> ReadLineAsync(CancellationToken cancellation)
    {
        line.ResetWrittenCount();
        while (true)
        {
            if (next == end)
            {
                (next, end) = (0, await stream.ReadAsync(block, cancellation));
                if (end == 0) return false;
            }
            var feed = block.AsSpan(next, end - next).IndexOf((byte)'\n');
            var taken = feed < 0 ? end - next : feed;
            if (line.WrittenCount + taken > MostBytes) throw new InvalidDataException("A line of the feed is too long.");
            line.Write(block.AsSpan(next, taken));
            next += feed < 0 ? taken : taken + 1;
            if (feed >= 0) return true;
        }
    }
}

/// <param name="Name">The field <c>event</c>.</param>
internal sealed record FeedEvent(string Name, byte[] Body);
