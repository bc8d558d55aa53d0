using System.Data.Common;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;

namespace Symbolon.Storage.Writing;

/// <summary>What a job may do: statements on the connection, and records that are chained when it has done its work.</summary>
internal sealed class WriteTransaction(WriteSession session, OpenIntents intents)
{
    public DbConnection Connection => session.Connection;

    /// <summary>The intents that this node has in the chain without an outcome.</summary>
    public OpenIntents Intents => intents;

    /// <summary>Set by the job that starts a lease: records after this transaction carry it.</summary>
    public NodeLease? NewLease { get; set; }

    public List<AuditEvent> Records { get; } = [];

    /// <summary>Other nodes hear of it when it is committed, and read what is new.</summary>
    public void Announce()
    {
        if (session.Dialect.Announce is { } announce) session.Execute(announce);
    }

    /// <exception cref="ArgumentException">The record uses a proof: the change would be made even if that is a replay. It is a change of its own.</exception>
    public void Append(OrganisationId organisation, AuditEvent record)
    {
        if (record.Proof is not null) throw new ArgumentException("A proof is used by a change.", nameof(record));
        record.Organisation = organisation;
        Records.Add(record);
    }
}
