using System.Buffers;

namespace Symbolon.Gateway.Mcp;

/// <summary>A growing buffer of rented memory, kept from one request to the next.</summary>
internal sealed class ByteBuffer : IBufferWriter<byte>
{
    private const int Kept = 16 * 1024;
    private byte[] bytes = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> Memory => bytes.AsMemory(0, Length);

    /// <summary>What is held, for who joins lines in place.</summary>
    public Span<byte> Writable => bytes.AsSpan(0, Length);

    public void Write(ReadOnlySpan<byte> more)
    {
        Grow(more.Length);
        more.CopyTo(bytes.AsSpan(Length));
        Length += more.Length;
    }

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(Math.Max(sizeHint, 1));
        return bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Forgets the first bytes and moves the rest to the front.</summary>
    public void Consume(int count)
    {
        bytes.AsSpan(count, Length - count).CopyTo(bytes);
        Length -= count;
    }

    public void Clear()
    {
        Length = 0;
        if (bytes.Length <= Kept) return;
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = [];
    }

    /// <summary>Leaves the memory to whoever may still read it: it goes to the collector, not back to the pool.</summary>
    public void Abandon()
    {
        Length = 0;
        bytes = [];
    }

    private void Grow(int room)
    {
        if (bytes.Length - Length >= room) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(Length + room, 2 * bytes.Length), 4096));
        bytes.AsSpan(0, Length).CopyTo(larger);
        if (bytes.Length > 0) ArrayPool<byte>.Shared.Return(bytes);
        bytes = larger;
    }
}
