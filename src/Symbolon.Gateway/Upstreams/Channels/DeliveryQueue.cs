using System.Threading.Channels;

namespace Symbolon.Gateway.Upstreams.Channels;

/// <summary>
/// What came on a channel for one reader and was not read yet. Filled by the thread that reads the channel, which never waits for it; emptied by one reader, and what
/// comes while too much waits is dropped.
/// </summary>
internal class DeliveryQueue(int mostWaiting)
{
    private readonly Channel<Delivery> queue = Channel.CreateUnbounded<Delivery>(new UnboundedChannelOptions { SingleReader = true });
    private int waiting;

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

    /// <summary>Any message but the response.</summary>
    /// <param name="message">On one line.</param>
    /// <returns>False where it was dropped, since the reader is too far behind or gone.</returns>
    public bool TryTell(byte[] message)
    {
        if (Interlocked.Add(ref waiting, message.Length) <= mostWaiting && queue.Writer.TryWrite(new Delivery(message, IsFinal: false))) return true;
        Interlocked.Add(ref waiting, -message.Length);
        return false;
    }

    /// <summary>Ends it without an answer.</summary>
    /// <param name="fault">Null where the caller no longer waits for one.</param>
    public void End(UpstreamFault? fault) => queue.Writer.TryComplete(fault);

    /// <summary>The response is never dropped.</summary>
    protected void Finish(byte[] answer)
    {
        Interlocked.Add(ref waiting, answer.Length);
        queue.Writer.TryWrite(new Delivery(answer, IsFinal: true));
        queue.Writer.TryComplete();
    }
}

/// <summary>A message for the caller, in the caller's own words.</summary>
internal readonly record struct Delivery(byte[] Message, bool IsFinal);
