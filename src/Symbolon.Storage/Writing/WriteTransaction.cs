using System.Data.Common;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth.Proofs;

namespace Symbolon.Storage.Writing;

/// <summary>What a job may do: statements on the connection, and records that are chained when it has done its work.</summary>
internal sealed class WriteTransaction(WriteSession session, OpenIntents intents, NodeLease lease)
{
    private readonly List<ProofUse> used = [];

    public DbConnection Connection => session.Connection;

    /// <summary>The intents that this node has in the chain without an outcome.</summary>
    public OpenIntents Intents => intents;

    /// <summary>That this process has started, whether or not another has ended it since.</summary>
    public NodeLease Lease => lease;

    /// <summary>Set by the job that starts a lease: records after this transaction carry it.</summary>
    public NodeLease? NewLease { get; set; }

    public List<AuditEvent> Records { get; } = [];

    /// <summary>Other nodes hear of it when it is committed, and read what is new.</summary>
    public void Announce()
    {
        if (session.Dialect.Announce is { } announce) session.Execute(announce);
    }

    /// <summary>Uses a proof in this transaction. The job must not be kept for a replay.</summary>
    /// <returns>False for a replay, which the use then says as well.</returns>
    public bool TryUse(ProofUse proof)
    {
        used.Add(proof);
        return session.Audit.TryUse(proof);
    }

    /// <exception cref="ArgumentException">The record came with a proof that <see cref="TryUse"/> was not asked about: the job would be kept even for a replay.</exception>
    public void Append(OrganisationId organisation, AuditEvent record)
    {
        if (record.Proof is { } proof && !used.Contains(proof)) throw new ArgumentException("The record's proof was not used before it.", nameof(record));
        record.Organisation = organisation;
        Records.Add(record);
    }
}
