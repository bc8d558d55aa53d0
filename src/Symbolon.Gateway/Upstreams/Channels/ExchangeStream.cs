namespace Symbolon.Gateway.Upstreams.Channels;

/// <summary>What comes for one reader, as server-sent events, as it comes.</summary>
/// <param name="close">Called when nobody reads it any more, also behind its end.</param>
internal sealed class ExchangeStream(DeliveryQueue queue, Action close) : Stream
{
    private byte[] events = [];
    private int taken;
    private bool isOver;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (taken == events.Length)
        {
            if (isOver) return 0;
            if (queue.TryRead(out var delivery)) Take(delivery);
            else isOver = !await queue.WaitAsync(cancellationToken);
        }
        var count = Math.Min(buffer.Length, events.Length - taken);
        events.AsMemory(taken, count).CopyTo(buffer);
        taken += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) close();
        base.Dispose(disposing);
    }

    private void Take(Delivery delivery)
    {
        events = [.. "data: "u8, .. delivery.Message, .. "\n\n"u8];
        taken = 0;
        isOver = delivery.IsFinal;
    }
}
