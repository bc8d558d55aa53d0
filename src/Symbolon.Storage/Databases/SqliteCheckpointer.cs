using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Symbolon.Storage.Databases;

/// <summary>
/// Copies the write-ahead log into the file on a connection of its own, so that no commit waits for it. A passive checkpoint blocks
/// nobody, but under steady writing it never reaches the end; the writer does the small rest itself, and the log begins anew.
/// </summary>
internal sealed class SqliteCheckpointer(Func<SqliteConnection> open) : IDisposable
{
    private SqliteConnection? connection;

    /// <summary>Checkpoints what is there. Call it off the writer thread.</summary>
    public void Run()
    {
        connection ??= open();
        Passive(connection);
    }

    /// <summary>On the writer's connection between two commits: copies what came since <see cref="Run"/>.</summary>
    /// <returns>Frames left in the log because a reader still needs them.</returns>
    public static int Finish(SqliteConnection writing)
    {
        var (log, copied) = Passive(writing);
        return log - copied;
    }

    public void Dispose() => connection?.Dispose();

    private static (int Log, int Copied) Passive(SqliteConnection connection)
    {
        var result = raw.sqlite3_wal_checkpoint_v2(connection.Handle, null, raw.SQLITE_CHECKPOINT_PASSIVE, out var log, out var copied);
        if (result is not (raw.SQLITE_OK or raw.SQLITE_BUSY))
            throw new SqliteException($"The checkpoint failed: {raw.sqlite3_errmsg(connection.Handle).utf8_to_string()}", result);
        return (log, copied);
    }
}
