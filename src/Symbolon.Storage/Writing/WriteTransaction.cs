using System.Data.Common;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;

namespace Symbolon.Storage.Writing;

/// <summary>What a job may do: statements on the connection, and records that are chained when it has done its work.</summary>
internal sealed class WriteTransaction(DbConnection connection, OpenIntents intents)
{
    public DbConnection Connection => connection;

    /// <summary>The intents that this node has in the chain without an outcome.</summary>
    public OpenIntents Intents => intents;

    /// <summary>Set by the job that starts a lease: records after this transaction carry it.</summary>
    public NodeLease? NewLease { get; set; }

    public List<AuditEvent> Records { get; } = [];

    public void Append(OrganisationId organisation, AuditEvent record)
    {
        record.Organisation = organisation;
        Records.Add(record);
    }
}
