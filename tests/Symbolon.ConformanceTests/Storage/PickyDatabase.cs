using System.Data.Common;
using System.Text;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Storage.Databases;

namespace Symbolon.ConformanceTests.Storage;

/// <summary>A real SQLite file whose driver throws for some records, before anything of the batch is written.</summary>
internal sealed class PickyDatabase(string path) : Database
{
    private readonly SqliteDatabase inner = new(path);

    /// <summary>Whether the driver cannot take a record; the second value says whether its filter columns are left out.</summary>
    public required Func<AuditEvent, bool, bool> Rejects { get; init; }

    public override Dialect Dialect => inner.Dialect;

    public override DbConnection OpenForWriting() => inner.OpenForWriting();

    public override IAuditTable AuditTable(DbConnection writing) => new Table(inner.AuditTable(writing), Rejects);

    public override void Dispose() => inner.Dispose();

    protected override Task<T> OnConnectionAsync<T>(Func<DbConnection, Task<T>> read, bool isScan, CancellationToken cancellation) => inner.ReadAsync(read, cancellation);

    private sealed class Table(IAuditTable inner, Func<AuditEvent, bool, bool> rejects) : IAuditTable
    {
        public AuditChain LoadChain(OrganisationId organisation) => inner.LoadChain(organisation);

        public byte[]? FindHash(OrganisationId organisation, long seq) => inner.FindHash(organisation, seq);

        public bool TryUse(ProofUse use) => inner.TryUse(use);

        public bool Append(AuditBatch batch) => inner.Append(batch);

        public bool Commit(AuditBatch batch) =>
            batch.Rows.Any(row => rejects(row.Event, batch.IsBare)) ? throw new EncoderFallbackException("half a pair") : inner.Commit(batch);

        public void Dispose() => inner.Dispose();
    }
}
