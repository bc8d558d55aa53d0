using Symbolon.Cli.Upstreams;

namespace Symbolon.Cli.Processes;

/// <summary>The lines of a stream, none longer than it may be. Read by one reader.</summary>
/// <param name="mostLine">Bytes of one line.</param>
/// <param name="mostAll">Bytes of all of them.</param>
internal sealed class BoundedLines(Stream stream, int mostLine, long mostAll)
{
    private byte[] buffer = new byte[4096];
    private int start;
    private int end;
    private int searched;
    private long taken;

    /// <returns>Without its end; valid until the next one is read. Null at the end of the stream; what stands there without a line end is none.</returns>
    /// <exception cref="UpstreamException">A line, or all of them, are longer than they may be.</exception>
    public async Task<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var found = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
            if (found >= 0)
            {
                var line = buffer.AsMemory(start, searched + found - start);
                start = searched = searched + found + 1;
                return line;
            }
            searched = end;
            if (end - start > mostLine) throw new UpstreamException($"It wrote a line of more than {mostLine / 1024 / 1024} MiB.");
            MakeRoom();
            var count = await stream.ReadAsync(buffer.AsMemory(end), cancellation);
            if (count == 0) return null;
            end += count;
            taken += count;
            if (taken > mostAll) throw new UpstreamException($"It wrote more than {mostAll / 1024 / 1024} MiB.");
        }
    }

    private void MakeRoom()
    {
        if (end < buffer.Length) return;
        var length = end - start;
        var next = length > buffer.Length / 2 ? new byte[buffer.Length * 2] : buffer;
        buffer.AsSpan(start, length).CopyTo(next);
        (buffer, start, end, searched) = (next, 0, length, searched - start);
    }
}
