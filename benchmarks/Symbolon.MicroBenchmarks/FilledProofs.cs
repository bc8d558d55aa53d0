using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Jose;
using Symbolon.Storage;
using Symbolon.Storage.Databases;
using Symbolon.Testing.Storage;

namespace Symbolon.MicroBenchmarks;

/// <summary>A store on disk with a hundred thousand used proofs, and the writer's own way to add more.</summary>
internal sealed class FilledProofs : IDisposable
{
    public const int InTransaction = 64;

    private const int Present = 100_000;

    private readonly TestDatabase folder = TestDatabase.Create(StoreKind.Sqlite);
    private readonly SqliteDatabase database;
    private readonly SqliteConnection connection;
    private readonly SqliteProofs table;
    private readonly AuditEvent[] records = [.. Enumerable.Range(0, InTransaction).Select(_ => new AuditEvent())];
    private readonly BatchProofs batch = new();
    private readonly ProofUse[] uses;
    private int next;

    public FilledProofs()
    {
        Store.Open(folder.Options, TimeProvider.System, NullLoggerFactory.Instance).Dispose();
        database = new SqliteDatabase(Path.Combine(folder.Folder, "symbolon.db"));
        connection = (SqliteConnection)database.OpenForWriting();
        table = new SqliteProofs(connection);
        uses = NewUses(Present, 0);
        Execute("BEGIN IMMEDIATE");
        for (var i = 0; i < Present / InTransaction; i++) Use();
        Execute("COMMIT");
        // What was rolled back is new again.
        uses = NewUses(Present, Present);
    }

    public int Write()
    {
        Execute("BEGIN IMMEDIATE");
        var written = Use();
        Execute("ROLLBACK");
        return written;
    }

    public void Dispose()
    {
        table.Dispose();
        connection.Dispose();
        database.Dispose();
        folder.Dispose();
    }

    private static ProofUse[] NewUses(int count, int first) => [.. Enumerable.Range(first, count).Select(i =>
        new ProofUse(OrganisationId.Default, Sha256Value.Of(BitConverter.GetBytes(i)), 1_800_000_000_000_000 + i))];

    private int Use()
    {
        foreach (var record in records) record.Proof = uses[next++ % uses.Length];
        batch.Take(records);
        return table.Use(batch.Uses) ? batch.Uses.Count : throw new InvalidOperationException("A new proof was taken for a replay.");
    }

    private void Execute(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
