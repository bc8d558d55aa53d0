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

    /// <summary>Prepares the appending of audit records on the writer's connection.</summary>
    public abstract IAuditTable AuditTable(DbConnection writing);

    /// <summary>Gives back space that was kept for changes that must not fail, if <paramref name="failure"/> is a full disk.</summary>
    /// <returns>Whether it is worth trying again at once.</returns>
    public virtual bool ReleaseReserve(Exception failure) => false;

    /// <summary>Runs a read away from the caller's thread (SQLite) or without blocking it (PostgreSQL).</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    public async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancellation)
    {
        try
        {
            return await OnConnectionAsync(read, cancellation);
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

    public abstract void Dispose();

    protected abstract Task<T> OnConnectionAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancellation);

    private static async Task ExecuteAsync(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
