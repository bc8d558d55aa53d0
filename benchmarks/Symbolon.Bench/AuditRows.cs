using System.Data.Common;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Npgsql;
using Symbolon.Core.Audit;
using Symbolon.Testing.Storage;

namespace Symbolon.Bench;

/// <summary>
/// Records a second through the audit's writer (RFC 8785 text, hash chain) beside the plainest durable way to put the very same rows, all
/// columns ready-made, into the same database, both 256 a transaction: a prepared INSERT on SQLite, COPY on PostgreSQL.
/// </summary>
internal static class AuditRows
{
    private const int Batch = 256;
    private const int Batches = 40;

    /// <returns>The writer's rate divided by the plain one, the median of the rounds.</returns>
    public static async Task<double> CompareAsync(StoreKind kind, int rounds)
    {
        using var database = TestDatabase.Create(kind);
        using var store = new OpenStore(database.Options);
        await WriteAsync(store.AuditLog);
        using var plain = kind == StoreKind.Sqlite
            ? (IPlainRows)new PlainSqlite(Path.Combine(database.Folder, "symbolon.db"), Path.Combine(database.Folder, "plain.db"))
            : new PlainPostgres(database.Options.Store!);
        plain.Write();
        var ratios = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < Batches; i++) plain.Write();
            var plainTime = Stopwatch.GetElapsedTime(start);
            start = Stopwatch.GetTimestamp();
            await WriteAsync(store.AuditLog);
            ratios.Add(plainTime / Stopwatch.GetElapsedTime(start));
        }
        return Figures.Median(ratios);
    }

    private static async Task WriteAsync(IAuditLog log)
    {
        // Two batches always wait, so that the writer never does.
        var waiting = new Queue<AuditEvent>();
        for (var i = 0; i < Batch * Batches; i++)
        {
            var record = Record(i);
            log.Append(record);
            waiting.Enqueue(record);
            if (waiting.Count > 8 * Batch) await ExpectAsync(waiting.Dequeue());
        }
        while (waiting.TryDequeue(out var record)) await ExpectAsync(record);
    }

    private static async Task ExpectAsync(AuditEvent record)
    {
        if (!await record.Durable()) throw new InvalidOperationException("A record was not written.");
    }

    private static AuditEvent Record(int number) => new()
    {
        Kind = AuditKind.CallOutcome, Time = 1_790_000_000_000_000 + number, Call = Guid.CreateVersion7(), User = "alice@example.com", Agent = "claude-code",
        Initiator = "user", Token = "tok_EVOBCs7TWjpQgSzIgkYXLu", Method = "tools/call", Server = "invoices", Tool = "lookup", Effect = "read", ProtocolVersion = "2026-07-28",
        ArgumentsHmac = new byte[32], ArgumentsSize = 28, Allowed = true, Scope = "mcp:invoices:lookup", Grant = "alice-invoices", Outcome = CallOutcome.Completed,
        UpstreamStatus = 200, Duration = 512, AnswerSize = 277,
    };

    private const string Columns = "time, kind, call, \"user\", agent, workflow, server, tool, token, code, hash, record";
    private static readonly string Rows = $"SELECT {Columns} FROM audit LIMIT {Batch}";

    private static List<object[]> Read(DbCommand command)
    {
        using var reader = command.ExecuteReader();
        var rows = new List<object[]>();
        while (reader.Read())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }
        return rows.Count == Batch ? rows : throw new InvalidOperationException("There are too few records.");
    }

    private interface IPlainRows : IDisposable
    {
        /// <summary>Writes one batch.</summary>
        void Write();
    }

    private sealed class PlainSqlite : IPlainRows
    {
        private readonly List<object[]> rows;
        private readonly SqliteConnection connection;
        private readonly SqliteCommand insert;

        public PlainSqlite(string audit, string file)
        {
            using (var source = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = audit, Pooling = false }.ToString()))
            {
                source.Open();
                using var select = new SqliteCommand(Rows, source);
                rows = Read(select);
            }
            connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
            connection.Open();
            using var setup = new SqliteCommand($"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE plain (seq INTEGER PRIMARY KEY, {Columns})", connection);
            setup.ExecuteNonQuery();
            insert = new SqliteCommand($"INSERT INTO plain ({Columns}) VALUES ({string.Join(',', rows[0].Select((_, i) => $"$p{i}"))})", connection);
            for (var i = 0; i < rows[0].Length; i++) insert.Parameters.Add(new SqliteParameter($"$p{i}", null));
        }

        public void Write()
        {
            using var transaction = connection.BeginTransaction();
            insert.Transaction = transaction;
            foreach (var row in rows)
            {
                for (var i = 0; i < row.Length; i++) insert.Parameters[i].Value = row[i];
                insert.ExecuteNonQuery();
            }
            transaction.Commit();
        }

        public void Dispose()
        {
            insert.Dispose();
            connection.Dispose();
        }
    }

    private sealed class PlainPostgres : IPlainRows
    {
        private readonly List<object[]> rows;
        private readonly NpgsqlConnection connection;

        public PlainPostgres(string store)
        {
            connection = new NpgsqlConnection(store);
            connection.Open();
            using var select = new NpgsqlCommand(Rows, connection);
            rows = Read(select);
            using var setup = new NpgsqlCommand($"CREATE TABLE plain AS SELECT {Columns} FROM audit LIMIT 0; ALTER TABLE plain ADD seq bigserial PRIMARY KEY", connection);
            setup.ExecuteNonQuery();
        }

        public void Write()
        {
            using var copy = connection.BeginBinaryImport($"COPY plain ({Columns}) FROM STDIN (FORMAT BINARY)");
            foreach (var row in rows)
            {
                copy.StartRow();
                foreach (var value in row) copy.Write(value);
            }
            copy.Complete();
        }

        public void Dispose() => connection.Dispose();
    }
}
