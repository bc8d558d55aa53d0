using System.Text;

namespace Symbolon.Cli.Processes;

/// <summary>The last of what a process writes to standard error. All of it is read, so that the process never waits for a reader.</summary>
internal sealed class ErrorTail
{
    private const int MostBytes = 8 * 1024;
    private const int MostLines = 20;

    private readonly Lock gate = new();
    private readonly byte[] last = new byte[MostBytes];
    private readonly Task reading;
    private long total;

    private ErrorTail(Stream stream) => reading = ReadAsync(stream);

    public static ErrorTail Of(Stream stream) => new(stream);

    /// <summary>At most 20 lines of at most 8 KiB together.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (gate)
            {
                var length = (int)Math.Min(total, MostBytes);
                var text = new byte[length];
                for (var i = 0; i < length; i++) text[i] = last[(total - length + i) % MostBytes];
                return [.. Encoding.UTF8.GetString(text).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(MostLines)];
            }
        }
    }

    public Task EndAsync(TimeSpan patience) => reading.WaitAsync(patience);

    private async Task ReadAsync(Stream stream)
    {
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer) is > 0 and var count)
                lock (gate)
                    for (var i = 0; i < count; i++) last[total++ % MostBytes] = buffer[i];
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException)
        {
            // The end of the stream in other words.
        }
    }
}
