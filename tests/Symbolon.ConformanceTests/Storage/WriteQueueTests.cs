using Symbolon.Core.Audit;
using Symbolon.Storage.Writing;

namespace Symbolon.ConformanceTests.Storage;

/// <summary>When the writer takes what: DESIGN.md section 4, Audit durability.</summary>
[Trait("area", "storage")]
public sealed class WriteQueueTests
{
    private readonly WriteQueue queue = new(TimeProvider.System);
    private readonly AuditEvent[] batch = new AuditEvent[WriteQueue.BatchSize];

    [Fact]
    public void A_record_that_nobody_waits_for_goes_with_the_next_one_that_somebody_waits_for()
    {
        AuditEvent ahead = new(), awaited = new();
        queue.TryAppend(ahead, isAwaited: false);
        queue.TryAppend(awaited, isAwaited: true);

        Assert.True(queue.Take(batch, out var size, out _));
        Assert.Equal([ahead, awaited], batch.AsSpan(0, size).ToArray());
    }

    [Fact]
    public void A_record_that_nobody_ever_waits_for_is_taken_all_the_same()
    {
        var ahead = new AuditEvent();
        queue.TryAppend(ahead, isAwaited: false);

        Assert.True(queue.Take(batch, out var size, out _));
        Assert.Equal([ahead], batch.AsSpan(0, size).ToArray());
    }

    [Fact]
    public async Task A_writer_that_fell_asleep_long_ago_is_woken_by_a_record_that_nobody_waits_for()
    {
        // Longer than the looks that the writer takes by itself at an empty queue.
        var taken = Task.Factory.StartNew(() => queue.Take(batch, out var size, out _) ? size : -1, TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Assert.ThrowsAsync<TimeoutException>(() => taken.WaitAsync(TimeSpan.FromMilliseconds(400), TestContext.Current.CancellationToken));

        queue.TryAppend(new AuditEvent(), isAwaited: false);

        Assert.Equal(1, await taken.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void What_is_left_of_a_full_batch_is_taken_at_once()
    {
        for (var i = 0; i <= WriteQueue.BatchSize; i++) queue.TryAppend(new AuditEvent(), isAwaited: true);

        Assert.True(queue.Take(batch, out var size, out _));
        Assert.Equal(WriteQueue.BatchSize, size);
        Assert.True(queue.Take(batch, out size, out _));
        Assert.Equal(1, size);
    }

    [Fact]
    public void A_full_queue_still_takes_the_outcomes_of_calls_that_have_happened()
    {
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < WriteQueue.Capacity; i++) Assert.True(queue.TryAppend(new AuditEvent { Kind = AuditKind.CallIntent, Time = i }, isAwaited: true));
            Assert.False(queue.TryAppend(new AuditEvent { Kind = AuditKind.CallIntent }, isAwaited: true));
            for (var i = 0; i < WriteQueue.RoomForOutcomes; i++)
                Assert.True(queue.TryAppend(new AuditEvent { Kind = AuditKind.CallOutcome, Time = WriteQueue.Capacity + i }, isAwaited: true));
            Assert.False(queue.TryAppend(new AuditEvent { Kind = AuditKind.CallOutcome }, isAwaited: true));

            // Out they come in the order in which they came, also where the ring begins anew.
            for (var next = 0; next < WriteQueue.Capacity + WriteQueue.RoomForOutcomes;)
            {
                Assert.True(queue.Take(batch, out var size, out _));
                for (var i = 0; i < size; i++) Assert.Equal(next++, batch[i].Time);
            }
        }
    }

    [Fact]
    public void A_closed_queue_gives_out_what_it_holds_and_then_ends()
    {
        queue.TryAppend(new AuditEvent(), isAwaited: false);
        queue.Close();

        Assert.True(queue.Take(batch, out var size, out _));
        Assert.Equal(1, size);
        Assert.False(queue.Take(batch, out _, out _));
        Assert.False(queue.TryAppend(new AuditEvent(), isAwaited: true));
    }
}
