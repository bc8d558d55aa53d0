namespace Symbolon.Core;

/// <summary>
/// Times of issues and revocations in microseconds, each later than the one before, also when the machine's clock is set back:
/// what was issued before a revocation is never mistaken for younger than it, nor the other way round. Within one process; between
/// nodes the order is as good as their clocks.
/// </summary>
public sealed class EventClock(TimeProvider clock)
{
    private long last;

    public long Next()
    {
        while (true)
        {
            var before = Volatile.Read(ref last);
            var next = Math.Max(clock.Microseconds(), before + 1);
            if (Interlocked.CompareExchange(ref last, next, before) == before) return next;
        }
    }
}
