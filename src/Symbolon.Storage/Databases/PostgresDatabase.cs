using System.Data.Common;
using Npgsql;
using Symbolon.Core.Snapshot;

namespace Symbolon.Storage.Databases;

/// <summary>A PostgreSQL database, alone or shared with other nodes.</summary>
internal sealed class PostgresDatabase : Database
{
    /// <summary>The channel on which nodes tell each other of changes. What is new is read from the tables; the message says nothing.</summary>
    public const string ChangeChannel = "symbolon_change";

    private readonly NpgsqlDataSource readers, scanners, writers, listeners;

    public PostgresDatabase(string connectionString)
    {
        readers = NpgsqlDataSource.Create(Settings(connectionString, connections: 8));
        scanners = NpgsqlDataSource.Create(Settings(connectionString, connections: 2));
        writers = NpgsqlDataSource.Create(Settings(connectionString, connections: 0));
        var listening = Settings(connectionString, connections: 0);
        // Nothing comes for hours, and nobody else would notice a database that is gone.
        listening.KeepAlive = 10;
        listeners = NpgsqlDataSource.Create(listening);
    }

    public override Dialect Dialect => Dialect.Postgres;

    public override DbConnection OpenForWriting()
    {
        var connection = writers.OpenConnection();
        try
        {
            Execute(connection, "SET synchronous_commit = on");
            Require(connection, "synchronous_commit", "on", "a commit must be on disk when it returns");
            Require(connection, "fsync", "on", "a commit must be on disk when it returns");
            Require(connection, "server_encoding", "UTF8", "names and notes are kept as they are");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public override async Task ListenAsync(Func<Task> changed, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await listeners.OpenConnectionAsync(cancellation);
            await using (var listen = new NpgsqlCommand($"LISTEN {ChangeChannel}", connection)) await listen.ExecuteNonQueryAsync(cancellation);
            while (true)
            {
                await changed();
                await connection.WaitAsync(cancellation);
            }
        }
        catch (Exception lost) when (IsBroken(lost))
        {
            throw new StoreUnavailableException("Changes of other nodes are not announced.", lost);
        }
    }

    public override IAuditTable AuditTable(DbConnection writing) => new PostgresAuditTable((NpgsqlConnection)writing);

    public override void Dispose()
    {
        readers.Dispose();
        scanners.Dispose();
        writers.Dispose();
        listeners.Dispose();
    }

    protected override async Task<T> OnConnectionAsync<T>(Func<DbConnection, Task<T>> read, bool isScan, CancellationToken cancellation)
    {
        var pool = isScan ? scanners : readers;
        try
        {
            return await ReadOnceAsync(pool, read, cancellation);
        }
        // A server that was started again leaves dead connections in the pool: the first read finds out, and a new connection serves it.
        catch (NpgsqlException lost) when (IsLost(lost))
        {
            pool.Clear();
            return await ReadOnceAsync(pool, read, cancellation);
        }
    }

    /// <summary>The connection is gone, or the server takes it away (class 57P); a database that hangs is not asked twice.</summary>
    private static bool IsLost(NpgsqlException exception) =>
        exception is PostgresException refused ? refused.SqlState.StartsWith("57P", StringComparison.Ordinal) : exception.InnerException is not TimeoutException;

    private static async Task<T> ReadOnceAsync<T>(NpgsqlDataSource pool, Func<DbConnection, Task<T>> read, CancellationToken cancellation)
    {
        await using var connection = await pool.OpenConnectionAsync(cancellation);
        return await read(connection);
    }

    /// <summary>Deadlines of seconds: a database that hangs must look like one that is gone.</summary>
    /// <param name="connections">Size of the pool; 0 for none.</param>
    private static NpgsqlConnectionStringBuilder Settings(string connectionString, int connections)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString)
            {
                ApplicationName = "symbolon",
                Pooling = connections > 0,
                MaxPoolSize = Math.Max(1, connections),
                MinPoolSize = 0,
                Timeout = 3,
                CommandTimeout = 5,
                CancellationTimeout = 1000,
                KeepAlive = 0,
                Enlist = false,
            };
        }
        catch (Exception malformed) when (malformed is ArgumentException or FormatException)
        {
            // Without the text, which may hold a password.
            throw new StoreStartException("The PostgreSQL connection string is malformed.");
        }
    }

    private static void Require(NpgsqlConnection connection, string setting, string expected, string because)
    {
        using var command = new NpgsqlCommand($"SHOW {setting}", connection);
        var found = command.ExecuteScalar() as string;
        if (found != expected) throw new StoreStartException($"PostgreSQL has {setting} = {found}; {expected} is needed, since {because}.");
    }

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
