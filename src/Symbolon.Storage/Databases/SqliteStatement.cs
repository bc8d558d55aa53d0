using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Symbolon.Storage.Databases;

/// <summary>
/// One prepared statement of the writer's connection, used again and again without the layers of ADO.NET: this is the way of every
/// call's audit. Not thread-safe. Parameters count from 1; what is not bound again keeps its value.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 connection;
    private readonly sqlite3_stmt statement;
    private byte[] scratch = new byte[1024];

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        this.connection = connection.Handle ?? throw new InvalidOperationException("The connection is not open.");
        Check(raw.sqlite3_prepare_v2(this.connection, sql, out statement));
    }

    public void Bind(int index, long value) => raw.sqlite3_bind_int64(statement, index, value);

    public void Bind(int index, ReadOnlySpan<byte> blob) => raw.sqlite3_bind_blob(statement, index, blob);

    public void BindNull(int index) => raw.sqlite3_bind_null(statement, index);

    /// <summary>UTF-8 text; must not be empty.</summary>
    public void BindUtf8(int index, ReadOnlySpan<byte> text) => raw.sqlite3_bind_text(statement, index, text);

    public void Bind(int index, string? text)
    {
        if (text is null)
        {
            BindNull(index);
            return;
        }
        var most = 3 * text.Length;
        if (scratch.Length < most) scratch = new byte[most];
        var length = Encoding.UTF8.GetBytes(text, scratch);
        _ = length == 0 ? raw.sqlite3_bind_text(statement, index, "") : raw.sqlite3_bind_text(statement, index, scratch.AsSpan(0, length));
    }

    /// <summary>Runs it to its end and makes it ready again.</summary>
    /// <returns>Whether it gave a row.</returns>
    /// <exception cref="SqliteException">It failed; the transaction may be gone.</exception>
    public bool Run()
    {
        var result = raw.sqlite3_step(statement);
        var gaveRow = result == raw.SQLITE_ROW;
        while (result == raw.SQLITE_ROW) result = raw.sqlite3_step(statement);
        var reset = raw.sqlite3_reset(statement);
        if (result != raw.SQLITE_DONE) Check(reset);
        return gaveRow;
    }

    public void Dispose() => statement.Dispose();

    private void Check(int result)
    {
        if (result is raw.SQLITE_OK or raw.SQLITE_DONE) return;
        throw new SqliteException(raw.sqlite3_errmsg(connection).utf8_to_string(), result, raw.sqlite3_extended_errcode(connection));
    }
}
