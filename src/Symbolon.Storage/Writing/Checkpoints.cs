using System.Data.Common;
using Microsoft.Data.Sqlite;
using Symbolon.Storage.Databases;

namespace Symbolon.Storage.Writing;

/// <summary>
/// Keeps SQLite's write-ahead log small: once about 4 MiB have been written, a task copies the log beside the running commits, and
/// when it is done the writer copies the rest between two commits (about a millisecond), so that the log begins anew. Other databases need nothing.
/// </summary>
internal sealed class Checkpoints(Database database) : IDisposable
{
    private const long Due = 4 << 20;

    /// <summary>What a commit writes beside the records: pages of the table and the chain, partly filled.</summary>
    private const long PerCommit = 16 << 10;

    private readonly SqliteCheckpointer? checkpointer = (database as SqliteDatabase)?.Checkpointer();
    private long written;
    private Task? running;

    public void Count(AuditBatch batch)
    {
        written += PerCommit;
        foreach (var row in batch.Rows) written += row.Length;
    }

    public void RunIfDue(DbConnection writing)
    {
        if (checkpointer is null || written < Due) return;
        if (running is null)
        {
            // A thread of its own: it waits for the disk, and the pool's threads serve requests.
            running = Task.Factory.StartNew(checkpointer.Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            return;
        }
        if (!running.IsCompleted) return;
        var finished = running;
        running = null;
        written = 0;
        finished.GetAwaiter().GetResult();
        SqliteCheckpointer.Finish((SqliteConnection)writing);
    }

    public void Dispose()
    {
        // The connection must not be closed under the checkpoint; how it ended does not matter any more.
        running?.ContinueWith(_ => { }, TaskScheduler.Default).GetAwaiter().GetResult();
        checkpointer?.Dispose();
    }
}
