using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Symbolon.Storage.Databases;

/// <summary>
/// One prepared statement of the writer's connection, used again and again without the layers of ADO.NET: this is the way of every
/// call's audit. Not thread-safe. Parameters count from 1; every one is bound before each <see cref="Run"/>. Text and blobs are copied
/// once, into memory that does not move, and SQLite reads them from there.
/// </summary>
internal sealed unsafe class SqliteStatement : IDisposable
{
    private readonly sqlite3 connection;
    private readonly sqlite3_stmt owner;
    private readonly nint statement;
    private readonly List<byte[]> outgrown = [];
    private byte[] values = GC.AllocateUninitializedArray<byte>(4096, pinned: true);
    private int used;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        this.connection = connection.Handle ?? throw new InvalidOperationException("The connection is not open.");
        Check(raw.sqlite3_prepare_v2(this.connection, sql, out owner));
        statement = owner.DangerousGetHandle();
    }

    public void Bind(int index, long value) => Check(SqliteCalls.BindInt64(statement, index, value));

    public void BindNull(int index) => Check(SqliteCalls.BindNull(statement, index));

    public void Bind(int index, ReadOnlySpan<byte> blob)
    {
        var place = Place(blob.Length);
        blob.CopyTo(new Span<byte>(place, blob.Length));
        used += blob.Length;
        Check(SqliteCalls.BindBlob(statement, index, place, blob.Length, 0));
    }

    public void Bind(int index, string? text)
    {
        if (text is null)
        {
            BindNull(index);
            return;
        }
        var most = 3 * text.Length;
        var place = Place(most);
        var length = Encoding.UTF8.GetBytes(text, new Span<byte>(place, most));
        used += length;
        Check(SqliteCalls.BindText(statement, index, place, length, 0));
    }

    /// <summary>Runs it to its end and makes it ready again.</summary>
    /// <returns>Whether it gave a row.</returns>
    /// <exception cref="SqliteException">It failed; the transaction may be gone.</exception>
    public bool Run()
    {
        var result = SqliteCalls.Step(statement);
        var gaveRow = result == raw.SQLITE_ROW;
        while (result == raw.SQLITE_ROW) result = SqliteCalls.Step(statement);
        var reset = SqliteCalls.Reset(statement);
        used = 0;
        outgrown.Clear();
        if (result != raw.SQLITE_DONE) Check(reset);
        return gaveRow;
    }

    /// <summary>The same for a statement that writes and gives no rows.</summary>
    /// <returns>How many rows it wrote.</returns>
    /// <exception cref="SqliteException">It failed; the transaction may be gone.</exception>
    public int Write()
    {
        Run();
        return SqliteCalls.Changes(connection.DangerousGetHandle());
    }

    public void Dispose() => owner.Dispose();

    /// <summary>Room that stays where it is until the statement has run. Never null, so that an empty text is not taken for NULL.</summary>
    private byte* Place(int length)
    {
        if (values.Length - used <= length)
        {
            // What is bound already points into the old one.
            outgrown.Add(values);
            values = GC.AllocateUninitializedArray<byte>(Math.Max(2 * values.Length, length + 1), pinned: true);
            used = 0;
        }
        return (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref values[used]);
    }

    private void Check(int result)
    {
        if (result is raw.SQLITE_OK or raw.SQLITE_DONE) return;
        throw new SqliteException(raw.sqlite3_errmsg(connection).utf8_to_string(), result, raw.sqlite3_extended_errcode(connection));
    }
}
