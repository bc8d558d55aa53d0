using System.Data.Common;
using Symbolon.Core.Snapshot;

namespace Symbolon.Storage.Databases;

/// <summary>A database as the store uses it: one connection that writes, owned by the writer thread, and some that read.</summary>
internal abstract class Database : IDisposable
{
    public abstract Dialect Dialect { get; }

    /// <summary>Opens a connection for the one writer and asserts that a commit on it is durable.</summary>
    /// <exception cref="StoreStartException">The database does not promise durability, or cannot be opened for good.</exception>
    public abstract DbConnection OpenForWriting();

    /// <summary>Calls back when another process may have changed the configuration, and once at the start. Never, where no other process can.</summary>
    /// <exception cref="StoreUnavailableException">The connection was lost: changes may be missed until it is called again.</exception>
    public virtual Task ListenAsync(Func<Task> changed, CancellationToken cancellation) => Task.Delay(Timeout.Infinite, cancellation);

    /// <summary>Prepares the appending of audit records on the writer's connection.</summary>
    public abstract IAuditTable AuditTable(DbConnection writing);

    /// <summary>Gives back space that was kept for changes that must not fail, if <paramref name="failure"/> is a full disk.</summary>
    /// <returns>Whether it is worth trying again at once.</returns>
    public virtual bool ReleaseReserve(Exception failure) => false;

    /// <summary>Runs a read away from the caller's thread (SQLite) or without blocking it (PostgreSQL).</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    public Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancellation) => ReadAsync(read, isScan: false, cancellation);

    /// <summary>The same for reads that may look at many rows: on connections of their own, so that no call waits behind them.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    public Task<T> ScanAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancellation) => ReadAsync(read, isScan: true, cancellation);

    private async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read, bool isScan, CancellationToken cancellation)
    {
        try
        {
            return await OnConnectionAsync(read, isScan, cancellation);
        }
        catch (Exception broken) when (IsBroken(broken))
        {
            throw new StoreUnavailableException("The store cannot be read.", broken);
        }
    }

    /// <summary>The same within one transaction that sees one moment.</summary>
    public Task<T> ReadSnapshotAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancellation) =>
        ReadAsync(async connection =>
        {
            await ExecuteAsync(connection, Dialect.BeginSnapshot);
            try
            {
                return await read(connection);
            }
            finally
            {
                await ExecuteAsync(connection, "ROLLBACK");
            }
        }, cancellation);

    /// <summary>Whether this is the machine's trouble (connection, disk, lock, time) and not a mistake of ours.</summary>
    public static bool IsBroken(Exception exception) => exception is DbException or IOException or TimeoutException or ObjectDisposedException;

    /// <summary>Whether what was to be written is at fault, so that no later attempt can do better; 22 is SQL's class of bad values.</summary>
    public static bool IsMistake(Exception exception) => exception is DbException { SqlState: ['2', '2', ..] }
        || (!IsBroken(exception) && exception is not (StoreUnavailableException or StoreStartException));

    public abstract void Dispose();

    protected abstract Task<T> OnConnectionAsync<T>(Func<DbConnection, Task<T>> read, bool isScan, CancellationToken cancellation);

    private static async Task ExecuteAsync(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
