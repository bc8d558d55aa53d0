namespace Symbolon.Gateway.Mcp;

/// <summary>What the framer found at the front of the bytes.</summary>
internal enum SseItem : byte
{
    /// <summary>Nothing whole yet.</summary>
    More,

    /// <summary>An event with data.</summary>
    Event,

    /// <summary>A comment or an event without data: a sign of life.</summary>
    Alive,
}

/// <summary>
/// Cuts a stream of server-sent events into events (WHATWG HTML, 9.2.5): lines end in CR, LF or CRLF, a byte order mark may stand at
/// the very start, several <c>data</c> lines are joined by LF. <c>id</c> and <c>retry</c> are kept for who takes the stream up again.
/// Works on a buffer that the caller fills; knows nothing of I/O.
/// </summary>
internal sealed class SseFramer
{
    private bool begun;
    private bool finished;
    private bool skipLineFeed;
    private bool sawAnything;
    private bool hasData;
    private int scanned;
    private int searched;
    private int dataStart;
    private int dataLength;

    /// <summary>Where the data of the event last found lies in the buffer, valid until the buffer is consumed.</summary>
    public Slice Data => new(dataStart, dataLength);

    /// <summary>The event's type is <c>message</c>, named or by default.</summary>
    public bool IsMessage { get; private set; } = true;

    /// <summary>The event's type is <c>endpoint</c>, which only the transport of 2024-11-05 has.</summary>
    public bool IsEndpoint { get; private set; }

    /// <summary>Where the stream can be taken up again, as of the event last found.</summary>
    public ResumePoint Resume { get; } = new();

    public void Reset()
    {
        BeginStream();
        Resume.Reset();
    }

    /// <summary>What comes next goes on with what another connection brought.</summary>
    public void BeginStream()
    {
        begun = skipLineFeed = false;
        BeginEvent();
        Resume.Forget();
    }

    /// <param name="bytes">All unconsumed bytes; lines of data may be moved together in place.</param>
    /// <param name="consumed">Bytes to drop from the front before the next call, after the data was used; 0 with <see cref="SseItem.More"/>.</param>
    public SseItem Next(Span<byte> bytes, out int consumed)
    {
        consumed = 0;
        if (finished) BeginEvent();
        if (!begun)
        {
            if (bytes.Length < 3 && ByteOrderMark.StartsWith(bytes)) return SseItem.More;
            begun = true;
            if (bytes.StartsWith(ByteOrderMark)) scanned = 3;
        }
        while (TryReadLine(bytes, out var start, out var length))
        {
            if (length > 0)
            {
                sawAnything = true;
                ReadField(bytes, start, length);
            }
            else if (sawAnything)
            {
                finished = true;
                consumed = scanned;
                Resume.Take();
                return dataLength > 0 ? SseItem.Event : SseItem.Alive;
            }
        }
        return SseItem.More;
    }

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private void BeginEvent()
    {
        scanned = searched = dataStart = dataLength = 0;
        hasData = sawAnything = finished = false;
        IsMessage = true;
        IsEndpoint = false;
    }

    /// <summary>A CR ends the line at once; an LF that follows it, perhaps in a later read, belongs to it.</summary>
    private bool TryReadLine(ReadOnlySpan<byte> bytes, out int start, out int length)
    {
        if (skipLineFeed && scanned < bytes.Length)
        {
            skipLineFeed = false;
            if (bytes[scanned] == '\n') scanned++;
        }
        start = scanned;
        // A long line comes in many reads: each looks only at what is new.
        var from = Math.Max(start, searched);
        var end = bytes[from..].IndexOfAny((byte)'\r', (byte)'\n');
        length = from + end - start;
        searched = end < 0 ? bytes.Length : from + end + 1;
        if (end < 0) return false;
        scanned = searched;
        skipLineFeed = bytes[start + length] == '\r';
        return true;
    }

    private void ReadField(Span<byte> bytes, int start, int length)
    {
        var line = bytes.Slice(start, length);
        if (line[0] == ':') return;
        var colon = line.IndexOf((byte)':');
        var name = colon < 0 ? line : line[..colon];
        var valueStart = colon < 0 ? length : colon + 1;
        if (valueStart < length && line[valueStart] == ' ') valueStart++;
        if (name.SequenceEqual("data"u8)) AddData(bytes, start + valueStart, length - valueStart);
        else if (name.SequenceEqual("event"u8))
        {
            IsMessage = line[valueStart..].SequenceEqual("message"u8) || valueStart == length;
            IsEndpoint = line[valueStart..].SequenceEqual("endpoint"u8);
        }
        else if (name.SequenceEqual("id"u8)) Resume.ReadId(line[valueStart..]);
        else if (name.SequenceEqual("retry"u8)) Resume.ReadRetry(line[valueStart..]);
    }

    private void AddData(Span<byte> bytes, int start, int length)
    {
        if (!hasData)
        {
            hasData = true;
            dataStart = start;
            dataLength = length;
            return;
        }
        // Moved behind the lines before it; there is room, since each line had a field name and an end.
        bytes[dataStart + dataLength] = (byte)'\n';
        bytes.Slice(start, length).CopyTo(bytes[(dataStart + dataLength + 1)..]);
        dataLength += length + 1;
    }
}
