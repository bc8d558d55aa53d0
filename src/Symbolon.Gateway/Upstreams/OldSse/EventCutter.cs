using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Upstreams.Channels;

namespace Symbolon.Gateway.Upstreams.OldSse;

/// <summary>
/// Cuts the one stream of an old server into messages. Of an event over the limit only whose it is is kept; one that does not end at all
/// ends the stream. Whatever comes, it holds no more than one event.
/// </summary>
/// <param name="mostBytes">Of one event.</param>
internal sealed class EventCutter(int mostBytes)
{
    /// <summary>Bytes in which an event's first line of data begins.</summary>
    private const int Beginning = 256;

    /// <summary>An event so many times as long as allowed is no message any more.</summary>
    private const int Endless = 4;

    private readonly ByteBuffer buffer = new();
    private readonly SseFramer framer = new();
    private readonly LongMessage tooLong = new();
    private long passed, lineLength;
    private bool afterReturn;

    /// <summary>What the <c>endpoint</c> event named; null until it came. Only the first counts.</summary>
    public string? Endpoint { get; private set; }

    /// <summary>Where the next bytes of the stream go; then <see cref="Take"/>.</summary>
    public Memory<byte> Room => buffer.GetMemory(8192);

    /// <param name="count">Bytes that were put into <see cref="Room"/>.</param>
    /// <param name="listener">Null as long as nobody listens: then it stops at the endpoint, and goes on with the next call.</param>
    /// <returns>False when the event does not end: the stream is to be closed.</returns>
    public bool Take(int count, IChannelListener? listener)
    {
        buffer.Advance(count);
        while (listener is not null || Endpoint is null)
        {
            if (passed > 0 && !SkipRest(listener)) return EndsYet(listener);
            var item = framer.Next(buffer.Writable, out var consumed);
            if (item == SseItem.More)
            {
                if (buffer.Length <= mostBytes) return true;
                BeginToSkip();
                continue;
            }
            if (item == SseItem.Event) Deliver(buffer.Span.Slice(framer.Data.Offset, framer.Data.Length), listener);
            buffer.Consume(consumed);
        }
        return true;
    }

    private void Deliver(ReadOnlySpan<byte> data, IChannelListener? listener)
    {
        if (framer.IsEndpoint) Endpoint ??= System.Text.Encoding.UTF8.GetString(data);
        else if (framer.IsMessage && data.Length <= mostBytes) listener?.Received(data);
        else if (framer.IsMessage)
        {
            tooLong.Reset();
            tooLong.Take(data);
            listener?.PassedOver(tooLong);
        }
    }

    /// <returns>False when it is too long to go on.</returns>
    private bool EndsYet(IChannelListener? listener)
    {
        if (passed <= (long)Endless * mostBytes) return true;
        listener?.PassedOver(tooLong);
        return false;
    }

    private void BeginToSkip()
    {
        // An event of one line of data, as all servers write messages: its text starts behind the field's name.
        var data = buffer.Span[..Math.Min(Beginning, buffer.Length)].IndexOf("data:"u8);
        if (data >= 0) buffer.Consume(data + 5);
        tooLong.Reset();
        framer.Reset();
        passed = lineLength = 1;
        afterReturn = false;
    }

    /// <summary>Drops what is there of a long event, up to the empty line that ends it.</summary>
    /// <returns>False when its end did not come yet.</returns>
    private bool SkipRest(IChannelListener? listener)
    {
        var rest = buffer.Span;
        while (rest.IndexOfAny((byte)'\r', (byte)'\n') is var end and >= 0)
        {
            // LF behind CR ends the same line once more.
            var isNewLine = end > 0 || !(afterReturn && rest[0] == '\n');
            Pass(rest[..end]);
            afterReturn = rest[end] == '\r';
            rest = rest[(end + 1)..];
            if (!isNewLine) continue;
            if (lineLength > 0)
            {
                lineLength = 0;
                continue;
            }
            passed = 0;
            buffer.Consume(buffer.Length - rest.Length);
            listener?.PassedOver(tooLong);
            return true;
        }
        Pass(rest);
        buffer.Clear();
        return false;
    }

    private void Pass(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        afterReturn = false;
        lineLength += bytes.Length;
        passed += bytes.Length;
        tooLong.Take(bytes);
    }
}
