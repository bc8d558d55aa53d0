using System.Threading.Channels;
using Symbolon.Gateway.Mcp;

namespace Symbolon.Gateway.Upstreams.Channels;

/// <summary>
/// One request that is open on a channel: how its caller called it, and what came for it so far. Filled by the thread that reads the
/// channel, which never waits for it; emptied by one reader.
/// </summary>
internal sealed class ChannelExchange(long id, OutgoingMessage request, string? caller, string? session, int mostWaiting)
{
    private readonly Channel<Delivery> queue = Channel.CreateUnbounded<Delivery>(new UnboundedChannelOptions { SingleReader = true });
    private readonly byte[] callersId = request.IdBytes;
    private readonly byte[]? callersToken = request.ProgressTokenBytes;
    private int waiting;

    /// <summary>On the channel.</summary>
    public long Id => id;

    public bool HasProgressToken => callersToken is not null;

    /// <returns>False when nothing more comes.</returns>
    /// <exception cref="UpstreamFault">It ended in a fault.</exception>
    public ValueTask<bool> WaitAsync(CancellationToken cancellation) => queue.Reader.WaitToReadAsync(cancellation);

    public bool TryRead(out Delivery delivery)
    {
        if (!queue.Reader.TryRead(out delivery)) return false;
        Interlocked.Add(ref waiting, -delivery.Message.Length);
        return true;
    }

    /// <summary>Takes the response, where it is the first that came.</summary>
    public bool TryReadFinal(out byte[] message)
    {
        message = queue.Reader.TryPeek(out var first) && first.IsFinal && TryRead(out first) ? first.Message : [];
        return message.Length > 0;
    }

    /// <summary>Whether this is the request that the caller speaks of.</summary>
    public bool Is(string? byCaller, string? inSession, ReadOnlySpan<byte> requestId) =>
        string.Equals(caller, byCaller, StringComparison.Ordinal) && string.Equals(session, inSession, StringComparison.Ordinal)
        && AnswerEnvelope.SameId(callersId, requestId);

    /// <param name="token">Where the channel's token stands in the message.</param>
    public void Progress(ReadOnlySpan<byte> message, Slice token) => Notify(Splicing.Replace(message, token, callersToken));

    /// <summary>Dropped when the caller is too far behind: a notification is worth nothing late.</summary>
    public void Notify(byte[] message)
    {
        if (Interlocked.Add(ref waiting, message.Length) > mostWaiting) Interlocked.Add(ref waiting, -message.Length);
        else if (!queue.Writer.TryWrite(new Delivery(message, IsFinal: false))) Interlocked.Add(ref waiting, -message.Length);
    }

    /// <param name="idPlace">Where the channel's id stands in the message.</param>
    public void Finish(ReadOnlySpan<byte> message, Slice idPlace)
    {
        var answer = Splicing.Replace(message, idPlace, callersId);
        Interlocked.Add(ref waiting, answer.Length);
        queue.Writer.TryWrite(new Delivery(answer, IsFinal: true));
        queue.Writer.TryComplete();
    }

    /// <summary>Ends it without an answer.</summary>
    /// <param name="fault">Null where the caller no longer waits for one.</param>
    public void End(UpstreamFault? fault) => queue.Writer.TryComplete(fault);
}

/// <summary>A message for the caller, in the caller's own words.</summary>
internal readonly record struct Delivery(byte[] Message, bool IsFinal);
