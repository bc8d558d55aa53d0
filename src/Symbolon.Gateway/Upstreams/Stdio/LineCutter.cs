using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Upstreams.Channels;

namespace Symbolon.Gateway.Upstreams.Stdio;

/// <summary>
/// Cuts the bytes of a process into lines. Of one over the limit only the ends are kept; one that does not end at all ends the
/// process. Whatever comes, it holds no more than one line.
/// </summary>
/// <param name="mostBytes">Of one line.</param>
internal sealed class LineCutter(int mostBytes, IChannelListener listener)
{
    /// <summary>Bytes of each end of a long line that are kept.</summary>
    private const int Ends = 128;

    /// <summary>A line so many times as long as allowed is no message any more.</summary>
    private const int Endless = 4;

    private readonly ByteBuffer line = new();
    private readonly byte[] head = new byte[Ends];
    private readonly byte[] tail = new byte[Ends];
    private long passed;

    /// <returns>False when the line does not end: the process is to be ended.</returns>
    public bool Take(ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOf((byte)'\n') is var end and >= 0)
        {
            if (!Add(bytes[..end])) return false;
            Finish();
            bytes = bytes[(end + 1)..];
        }
        return Add(bytes);
    }

    private bool Add(ReadOnlySpan<byte> bytes)
    {
        if (passed == 0 && line.Length + bytes.Length <= mostBytes)
        {
            line.Write(bytes);
            return true;
        }
        if (passed == 0)
        {
            passed = line.Length;
            line.Span[..Math.Min(Ends, line.Length)].CopyTo(head);
            Shift(line.Span);
            line.Clear();
        }
        if (passed < Ends) bytes[..(int)Math.Min(bytes.Length, Ends - passed)].CopyTo(head.AsSpan((int)passed));
        passed += bytes.Length;
        Shift(bytes);
        return passed <= (long)Endless * mostBytes;
    }

    private void Finish()
    {
        if (passed > 0) listener.PassedOver(head, tail);
        else if (line.Span.ContainsAnyExcept(" \t\r"u8)) listener.Received(line.Span);
        passed = 0;
        line.Clear();
    }

    /// <summary>Moves the bytes into the end that is kept.</summary>
    private void Shift(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Ends) tail.AsSpan(bytes.Length).CopyTo(tail);
        else bytes = bytes[^Ends..];
        bytes.CopyTo(tail.AsSpan(Ends - bytes.Length));
    }
}
