using System.Data.Common;
using Symbolon.Core.Snapshot;
using Symbolon.Storage.Databases;

namespace Symbolon.ConformanceTests.Storage;

/// <summary>A real SQLite file that answers SQLITE_FULL to whatever would make it grow, for as long as the test says.</summary>
internal sealed class FullDisk(string path) : Database
{
    private readonly SqliteDatabase inner = new(path);

    public bool IsFull { get; set; }

    /// <summary>How often an urgent change may make room.</summary>
    public int Reserves { get; set; }

    public override Dialect Dialect => inner.Dialect;

    public override DbConnection OpenForWriting()
    {
        var connection = inner.OpenForWriting();
        if (!IsFull) return connection;
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA max_page_count=1";
        command.ExecuteNonQuery();
        return connection;
    }

    public override bool ReleaseReserve(Exception failure)
    {
        Assert.Equal(13, Assert.IsType<Microsoft.Data.Sqlite.SqliteException>(failure).SqliteErrorCode);
        if (Reserves == 0) return false;
        Reserves--;
        IsFull = false;
        return true;
    }

    public override IAuditTable AuditTable(DbConnection writing) => inner.AuditTable(writing);

    public override void Dispose() => inner.Dispose();

    /// <exception cref="StoreUnavailableException">As for every database.</exception>
    protected override Task<T> OnConnectionAsync<T>(Func<DbConnection, Task<T>> read, bool isScan, CancellationToken cancellation) => inner.ReadAsync(read, cancellation);
}
