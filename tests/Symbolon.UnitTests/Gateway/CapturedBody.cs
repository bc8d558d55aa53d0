using System.Text;
using Symbolon.Testing.Processes;

namespace Symbolon.UnitTests.Gateway;

/// <summary>A response body that can be looked at while it is written.</summary>
internal sealed class CapturedBody : MemoryStream
{
    private readonly Lock gate = new();
    private int flushes;

    /// <summary>Writes that arrived; the pipe of the response makes one of each flush.</summary>
    public int Writes => Volatile.Read(ref flushes);

    public string Text
    {
        get
        {
            lock (gate) return Encoding.UTF8.GetString(ToArray());
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        lock (gate) base.Write(buffer.Span);
        Interlocked.Increment(ref flushes);
        return ValueTask.CompletedTask;
    }
}

/// <summary>Waits for what another thread is about to do, without a sleep of a fixed length.</summary>
public static class Eventually
{
    public static async Task HoldsAsync(Func<bool> condition, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Deadline.Usual, $"Not within {Deadline.Usual}: {what}");
            await Task.Yield();
        }
    }
}
