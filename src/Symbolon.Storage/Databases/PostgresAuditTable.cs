using Npgsql;
using NpgsqlTypes;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Core.Policy;

namespace Symbolon.Storage.Databases;

/// <summary>
/// The audit on PostgreSQL. One statement advances the chain and adds its records, so a batch of one organisation is one round trip
/// and one commit; the rows travel as arrays.
/// </summary>
internal sealed class PostgresAuditTable(NpgsqlConnection connection) : IAuditTable
{
    private const string UseSql = "UPDATE token SET last_used_at=$1 WHERE organisation=$2 AND id=$3 AND coalesce(last_used_at, 0) < $1";

    private const string AppendSql = """
        WITH head AS (UPDATE audit_chain SET seq=$3, time=$4, hash=$5 WHERE organisation=$1 AND seq=$2
            AND NOT EXISTS (SELECT 1 FROM node WHERE node.id=$19 AND node.lease=$20 AND node.ended_at IS NOT NULL) RETURNING number)
        INSERT INTO audit (place, organisation, seq, time, kind, call, "user", agent, workflow, server, tool, token, code, hash, record)
        SELECT (head.number << 40) | new.seq, $1, new.* FROM head, unnest($6::bigint[], $7::bigint[], $8::text[], $9::bytea[], $10::text[], $11::text[], $12::text[], $13::text[],
            $14::text[], $15::text[], $16::text[], $17::bytea[], $18::bytea[]) AS new(seq)
        """;

    public AuditChain LoadChain(OrganisationId organisation) => AuditChains.Load(connection, organisation);

    public byte[]? FindHash(OrganisationId organisation, long seq) => AuditChains.FindHash(connection, organisation, seq);

    public bool TryUse(ProofUse use) => ProofRows.TryUse(connection, use);

    public bool Commit(AuditBatch batch)
    {
        if (batch is { Steps.Count: 1, Uses.Count: 0, Proofs.Uses.Count: 0 }) return Append(batch, batch.Lease);
        using var transaction = connection.BeginTransaction();
        if (!Append(batch, batch.Lease)) return false;
        transaction.Commit();
        return true;
    }

    /// <summary>Within a job, which has its own word about leases: it may be the one that ends this.</summary>
    public bool Append(AuditBatch batch) => Append(batch, NodeLease.None);

    private bool Append(AuditBatch batch, NodeLease lease)
    {
        // Tokens before chains, as changes do it, so that two nodes cannot wait for each other.
        foreach (var used in batch.Uses) Write(used);
        if (batch.Proofs.Uses.Count > 0 && !UseProofs(batch.Proofs.Uses)) return false;
        foreach (var step in batch.Steps)
            if (Add(batch, step, lease) != step.Count) return false;
        return true;
    }

    public void Dispose()
    {
    }

    private void Write(TokenUse used)
    {
        using var command = new NpgsqlCommand(UseSql, connection);
        Add(command, used.At);
        Add(command, used.Organisation.Value);
        Add(command, used.Token);
        command.Prepare();
        command.ExecuteNonQuery();
    }

    private bool UseProofs(List<ProofUse> uses)
    {
        using var command = new NpgsqlCommand(ProofRows.UseMany, connection);
        Add(command, Column(uses, use => use.Organisation.Value));
        Add(command, Column(uses, use => use.ToBytes()), NpgsqlDbType.Array | NpgsqlDbType.Bytea);
        Add(command, Column(uses, use => use.ExpiresAt));
        Add(command, Column(uses, use => use.Id.ToByteArray()), NpgsqlDbType.Array | NpgsqlDbType.Bytea);
        command.Prepare();
        var written = new HashSet<Guid>();
        using (var reader = command.ExecuteReader())
            while (reader.Read()) written.Add(new Guid(reader.GetFieldValue<byte[]>(0)));
        foreach (var use in uses)
            if (!written.Contains(use.Id)) use.Reject();
        return written.Count == uses.Count;
    }

    private int Add(AuditBatch batch, ChainStep step, NodeLease lease)
    {
        var last = batch.Rows[step.First + step.Count - 1];
        using var command = new NpgsqlCommand(AppendSql, connection);
        Add(command, step.Organisation.Value);
        Add(command, step.ExpectedSeq);
        Add(command, last.Seq);
        Add(command, last.Recorded);
        Add(command, batch.Hash(last).ToArray());
        var rows = batch.Rows.GetRange(step.First, step.Count);
        Add(command, Column(rows, row => row.Seq));
        Add(command, Column(rows, row => row.Recorded));
        Add(command, Column(rows, row => row.Event.Kind.ToText()));
        Add(command, Column(rows, row => AuditColumns.Call(row.Event.Call)), NpgsqlDbType.Array | NpgsqlDbType.Bytea);
        Add(command, Column(rows, row => batch.Column(row.Event.User)));
        Add(command, Column(rows, row => batch.Column(row.Event.Agent)));
        Add(command, Column(rows, row => batch.Column(row.Event.Workflow)));
        Add(command, Column(rows, row => batch.Column(row.Event.Server)));
        Add(command, Column(rows, row => batch.Column(row.Event.Tool)));
        Add(command, Column(rows, row => batch.Column(row.Event.Token)));
        Add(command, Column(rows, row => row.Event.Code?.ToText()));
        Add(command, Column(rows, row => batch.Hash(row).ToArray()), NpgsqlDbType.Array | NpgsqlDbType.Bytea);
        Add(command, Column(rows, row => batch.Text(row).ToArray()), NpgsqlDbType.Array | NpgsqlDbType.Bytea);
        Add(command, lease.Node);
        Add(command, lease.Lease);
        command.Prepare();
        return command.ExecuteNonQuery();
    }

    private static T[] Column<TRow, T>(List<TRow> rows, Func<TRow, T> value)
    {
        var column = new T[rows.Count];
        for (var i = 0; i < column.Length; i++) column[i] = value(rows[i]);
        return column;
    }

    private static void Add<T>(NpgsqlCommand command, T value) => command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });

    private static void Add<T>(NpgsqlCommand command, T value, NpgsqlDbType type) =>
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value, NpgsqlDbType = type });
}
