using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Symbolon.Storage.Databases;

/// <summary>The file <c>symbolon.db</c>: write-ahead log, every commit synchronised, one writer, two readers and one for long reads on threads of their own.</summary>
internal sealed class SqliteDatabase : Database
{
    private readonly string path;
    private readonly SqliteReaders readers, scanners;
    private readonly DiskReserve reserve;

    public SqliteDatabase(string path)
    {
        NativeSqlite.Use();
        this.path = path;
        reserve = new DiskReserve(path);
        readers = new SqliteReaders(OpenForReading, 2);
        scanners = new SqliteReaders(OpenForReading, 1);
    }

    public override Dialect Dialect => Dialect.Sqlite;

    public override DbConnection OpenForWriting()
    {
        CreateFile();
        var connection = Open(SqliteOpenMode.ReadWrite);
        try
        {
            Execute(connection, "PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-4000; PRAGMA journal_size_limit=67108864");
            Execute(connection, "PRAGMA journal_mode=WAL");
            Execute(connection, "PRAGMA synchronous=FULL");
            _ = raw.sqlite3_wal_autocheckpoint(connection.Handle, 0);
            AssertDurable(connection);
            reserve.Fill();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Every commit must have reached the disk when it returns: nothing else may be configured. DESIGN.md section 5, promise 7.</summary>
    internal static void AssertDurable(SqliteConnection connection)
    {
        Require(connection, "PRAGMA journal_mode", "wal");
        Require(connection, "PRAGMA synchronous", "2");
        Require(connection, "PRAGMA foreign_keys", "1");
    }

    public override IAuditTable AuditTable(DbConnection writing) => new SqliteAuditTable((SqliteConnection)writing);

    public override bool ReleaseReserve(Exception failure) =>
        failure is SqliteException { SqliteErrorCode: raw.SQLITE_FULL or raw.SQLITE_IOERR } && reserve.Release();

    public SqliteCheckpointer Checkpointer() => new(() => Open(SqliteOpenMode.ReadWrite));

    public override void Dispose()
    {
        readers.Dispose();
        scanners.Dispose();
    }

    protected override Task<T> OnConnectionAsync<T>(Func<DbConnection, Task<T>> read, bool isScan, CancellationToken cancellation) =>
        (isScan ? scanners : readers).RunAsync(read, cancellation);

    private SqliteConnection OpenForReading()
    {
        var connection = Open(SqliteOpenMode.ReadOnly);
        Execute(connection, "PRAGMA query_only=ON; PRAGMA cache_size=-8000");
        return connection;
    }

    private SqliteConnection Open(SqliteOpenMode mode)
    {
        // One second of waiting for a lock that somebody else's tool holds; our own connections do not wait for one another.
        var text = new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 1 };
        var connection = new SqliteConnection(text.ToString());
        try
        {
            connection.Open();
            _ = raw.sqlite3_busy_timeout(connection.Handle, 1000);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Made by us and not by SQLite, so that nobody else may read it; SQLite gives its other files the same mode.</summary>
    private void CreateFile()
    {
        if (File.Exists(path)) return;
        new FileStream(path, OwnFile.New).Dispose();
    }

    private static void Require(SqliteConnection connection, string pragma, string expected)
    {
        using var command = connection.CreateCommand();
        command.CommandText = pragma;
        var found = Convert.ToString(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
        if (found != expected)
            throw new StoreStartException($"SQLite answers '{found}' to '{pragma}' where '{expected}' is needed for durable commits: is the folder on a file system that supports it?");
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
