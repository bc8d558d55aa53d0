using Microsoft.Data.Sqlite;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Core.Policy;

namespace Symbolon.Storage.Databases;

/// <summary>The audit on SQLite.</summary>
internal sealed class SqliteAuditTable : IAuditTable
{
    private readonly SqliteConnection connection;
    private readonly Dictionary<OrganisationId, long> numbers = [];
    private readonly SqliteStatement begin, commit, rollback, advance, insert, use;
    private readonly SqliteProofs proofs;

    public SqliteAuditTable(SqliteConnection connection)
    {
        this.connection = connection;
        begin = new(connection, "BEGIN IMMEDIATE");
        commit = new(connection, "COMMIT");
        rollback = new(connection, "ROLLBACK");
        advance = new(connection, "UPDATE audit_chain SET seq=?1, time=?2, hash=?3 WHERE organisation=?4 AND seq=?5 RETURNING 1");
        insert = new(connection, """
            INSERT INTO audit (organisation, seq, time, kind, call, "user", agent, workflow, server, tool, token, code, hash, record, place)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
            """);
        use = new(connection, "UPDATE token SET last_used_at=?1 WHERE organisation=?2 AND id=?3 AND coalesce(last_used_at, 0) < ?1");
        proofs = new(connection);
    }

    public AuditChain LoadChain(OrganisationId organisation)
    {
        var chain = AuditChains.Load(connection, organisation);
        numbers[organisation] = AuditChains.Number(connection, organisation);
        return chain;
    }

    public byte[]? FindHash(OrganisationId organisation, long seq) => AuditChains.FindHash(connection, organisation, seq);

    public bool TryUse(ProofUse use) => proofs.Use([use]);

    public bool Commit(AuditBatch batch)
    {
        begin.Run();
        if (!Append(batch))
        {
            rollback.Run();
            return false;
        }
        commit.Run();
        return true;
    }

    public bool Append(AuditBatch batch)
    {
        foreach (var used in batch.Uses)
        {
            use.Bind(1, used.At);
            use.Bind(2, used.Organisation.Value);
            use.Bind(3, used.Token);
            use.Run();
        }
        if (batch.Proofs.Uses.Count > 0 && !proofs.Use(batch.Proofs.Uses)) return false;
        var rows = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(batch.Rows);
        foreach (var step in batch.Steps)
        {
            if (!Advance(batch, step)) return false;
            var number = numbers[step.Organisation];
            foreach (ref readonly var row in rows.Slice(step.First, step.Count)) Insert(batch, step.Organisation, number, row);
        }
        return true;
    }

    public void Dispose()
    {
        foreach (var statement in new[] { begin, commit, rollback, advance, insert, use }) statement.Dispose();
        proofs.Dispose();
    }

    private bool Advance(AuditBatch batch, ChainStep step)
    {
        var last = batch.Rows[step.First + step.Count - 1];
        advance.Bind(1, last.Seq);
        advance.Bind(2, last.Recorded);
        advance.Bind(3, batch.Hash(last).Span);
        advance.Bind(4, step.Organisation.Value);
        advance.Bind(5, step.ExpectedSeq);
        return advance.Run();
    }

    private void Insert(AuditBatch batch, OrganisationId organisation, long chain, in AuditRow row)
    {
        var record = row.Event;
        insert.Bind(1, organisation.Value);
        insert.Bind(2, row.Seq);
        insert.Bind(3, row.Recorded);
        insert.Bind(4, record.Kind.ToText());
        BindCall(record.Call);
        insert.Bind(6, batch.Column(record.User));
        insert.Bind(7, batch.Column(record.Agent));
        insert.Bind(8, batch.Column(record.Workflow));
        insert.Bind(9, batch.Column(record.Server));
        insert.Bind(10, batch.Column(record.Tool));
        insert.Bind(11, batch.Column(record.Token));
        insert.Bind(12, record.Code?.ToText());
        insert.Bind(13, batch.Hash(row).Span);
        insert.Bind(14, batch.Text(row).Span);
        insert.Bind(15, AuditPlace.Of(chain, row.Seq));
        insert.Run();
    }

    private void BindCall(Guid? call)
    {
        if (call is not { } id)
        {
            insert.BindNull(5);
            return;
        }
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        insert.Bind(5, bytes);
    }
}
