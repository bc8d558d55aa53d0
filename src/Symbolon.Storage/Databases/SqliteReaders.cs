using System.Collections.Concurrent;
using System.Data.Common;

namespace Symbolon.Storage.Databases;

/// <summary>
/// SQLite reads block their thread: they run on a few threads of their own, each with its connection, so that no request thread does.
/// At most 1000 reads wait; beyond that a read fails as unavailable.
/// </summary>
internal sealed class SqliteReaders : IDisposable
{
    private readonly BlockingCollection<Action<Lane>> waiting = new(1000);
    private readonly Thread[] threads;
    private readonly Func<DbConnection> open;

    public SqliteReaders(Func<DbConnection> open, int count)
    {
        this.open = open;
        threads = [.. Enumerable.Range(0, count).Select(i => new Thread(Loop) { IsBackground = true, Name = $"store reader {i}" })];
        foreach (var thread in threads) thread.Start();
    }

    public Task<T> RunAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancellation)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var accepted = !waiting.IsAddingCompleted && waiting.TryAdd(lane => Run(lane, read, completion, cancellation), 0, CancellationToken.None);
        if (!accepted) completion.SetException(new IOException("Too many reads of the store are waiting, or it is closed."));
        return completion.Task;
    }

    public void Dispose()
    {
        waiting.CompleteAdding();
        foreach (var thread in threads) thread.Join();
    }

    private void Loop()
    {
        var lane = new Lane(open);
        foreach (var read in waiting.GetConsumingEnumerable()) read(lane);
        lane.Close();
    }

    private static void Run<T>(Lane lane, Func<DbConnection, Task<T>> read, TaskCompletionSource<T> completion, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            completion.SetCanceled(cancellation);
            return;
        }
        try
        {
            // This provider's asynchronous methods are synchronous: the task is complete when it comes back.
            completion.SetResult(read(lane.Connection).GetAwaiter().GetResult());
        }
        catch (Exception failed)
        {
            lane.Close();
            completion.SetException(failed);
        }
    }

    /// <summary>One thread's connection, opened when it is needed and again after a failure.</summary>
    private sealed class Lane(Func<DbConnection> open)
    {
        private DbConnection? connection;

        public DbConnection Connection => connection ??= open();

        public void Close()
        {
            connection?.Dispose();
            connection = null;
        }
    }
}
