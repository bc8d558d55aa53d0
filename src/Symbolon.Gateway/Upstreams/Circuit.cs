namespace Symbolon.Gateway.Upstreams;

/// <summary>
/// Spares callers, and a server that comes back, the requests that cannot be answered: after connections that failed again and again,
/// requests are refused at once, and one is let through every <see cref="Pause"/> to see. DESIGN.md section 6.
/// </summary>
/// <remarks>
/// Closed, it counts failures alone: a call that goes well costs one volatile read. After <see cref="Many"/> failures within
/// <see cref="Window"/> it watches, and only a run of <see cref="InRow"/> without one answer between them opens it, so that a busy server
/// is not shut out for the few of its calls that fail. Any answer closes it. Safe from any thread.
/// </remarks>
internal sealed class Circuit(TimeProvider clock, Action<bool>? opened = null)
{
    public const int Many = 5;
    public const int InRow = 3;
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Queue<long> failures = new();
    private volatile bool isWatched;
    private int failedInRow;
    private long? openedAt;
    private long triedAt;

    /// <summary>Nothing is to be asked or told. The one thing that a call which goes well looks at.</summary>
    public bool IsClosed => !isWatched;

    /// <summary>How long requests have been refused; null while they are not.</summary>
    public TimeSpan? OpenFor
    {
        get
        {
            lock (gate) return openedAt is { } at ? clock.GetElapsedTime(at) : null;
        }
    }

    /// <returns>The time after which a request may go out; zero where one may now. Takes nobody's turn.</returns>
    public TimeSpan Left()
    {
        lock (gate) return openedAt is not null && Pause - clock.GetElapsedTime(triedAt) is { Ticks: > 0 } left ? left : TimeSpan.Zero;
    }

    /// <returns>As <see cref="Left"/>; on zero the request has to go out, and to tell of its end, since none other may.</returns>
    public TimeSpan Ask()
    {
        lock (gate)
        {
            var left = Left();
            // By time and not by the end of the one before: whoever hangs there keeps nobody out.
            if (left == TimeSpan.Zero) triedAt = clock.GetTimestamp();
            return left;
        }
    }

    /// <summary>The server said something.</summary>
    public void Answered()
    {
        if (!isWatched) return;
        bool wasOpen;
        lock (gate)
        {
            wasOpen = openedAt is not null;
            openedAt = null;
            failedInRow = 0;
            failures.Clear();
            isWatched = false;
        }
        if (wasOpen) opened?.Invoke(false);
    }

    /// <summary>No connection came about, or it broke before the server said anything.</summary>
    public void Failed()
    {
        lock (gate)
        {
            var now = clock.GetTimestamp();
            if (openedAt is not null) return;
            if (!isWatched)
            {
                failures.Enqueue(now);
                while (clock.GetElapsedTime(failures.Peek(), now) > Window) failures.Dequeue();
                if (failures.Count < Many) return;
                failures.Clear();
                failedInRow = 0;
                isWatched = true;
                return;
            }
            if (++failedInRow < InRow) return;
            openedAt = triedAt = now;
        }
        opened?.Invoke(true);
    }
}
