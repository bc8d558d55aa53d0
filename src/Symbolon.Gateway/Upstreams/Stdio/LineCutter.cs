using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Upstreams.Channels;

namespace Symbolon.Gateway.Upstreams.Stdio;

/// <summary>
/// Cuts the bytes of a process into lines. Of one over the limit only whose it is is kept; one that does not end at all ends the
/// process. Whatever comes, it holds no more than one line.
/// </summary>
/// <param name="mostBytes">Of one line.</param>
internal sealed class LineCutter(int mostBytes, IChannelListener listener)
{
    /// <summary>A line so many times as long as allowed is no message any more.</summary>
    private const int Endless = 4;

    private readonly ByteBuffer line = new();
    private readonly LongMessage tooLong = new();
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
            tooLong.Reset();
            tooLong.Take(line.Span);
            line.Clear();
        }
        passed += bytes.Length;
        tooLong.Take(bytes);
        if (passed <= (long)Endless * mostBytes) return true;
        listener.PassedOver(tooLong);
        return false;
    }

    private void Finish()
    {
        if (passed > 0) listener.PassedOver(tooLong);
        else if (line.Span.ContainsAnyExcept(" \t\r"u8)) listener.Received(line.Span);
        passed = 0;
        line.Clear();
    }
}
