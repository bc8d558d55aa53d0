using Symbolon.Core.Identity;

namespace Symbolon.Core.Audit;

/// <summary>
/// The one way into the audit. One writer commits whatever is queued the moment the previous commit returns, at most 256 records a
/// transaction, each chained to the one before. DESIGN.md section 4, Audit durability.
/// </summary>
public interface IAuditLog
{
    /// <summary>
    /// Queues a record and returns at once; await <see cref="AuditEvent.Durable"/> where it matters. When the queue is full or the
    /// log is closed, the event completes with false.
    /// </summary>
    void Append(AuditEvent record);

    /// <summary>
    /// Queues a record that nobody waits for yet. It is committed together with the next one that somebody waits for, after
    /// <see cref="Hasten"/>, or by itself after 2 ms, whichever comes first. Records are committed in the order in which they came.
    /// </summary>
    void AppendAhead(AuditEvent record) => Append(record);

    /// <summary>Somebody waits now for what was appended ahead.</summary>
    void Hasten() { }

    /// <summary>Whether the log accepts and commits records; false refuses calls early with <c>audit_unavailable</c>.</summary>
    bool IsHealthy { get; }
}

/// <summary>Reads of the audit, newest or oldest first, for query, tail, export and verification.</summary>
public interface IAuditStore
{
    /// <summary>Records in order of <c>seq</c> after <paramref name="after"/> (or before it, descending), at most <paramref name="limit"/> (1 to 1000).</summary>
    Task<IReadOnlyList<StoredAuditRecord>> ReadAsync(OrganisationId organisation, AuditQuery query, long? after, bool descending, int limit, CancellationToken cancellation);

    /// <summary>The chain's last sequence number and hash; 0 and 32 zero bytes for an empty one.</summary>
    Task<(long Seq, byte[] Hash)> HeadAsync(OrganisationId organisation, CancellationToken cancellation);
}

/// <summary>A record in its place: <see cref="Json"/> is the RFC 8785 text whose SHA-256 is <see cref="Hash"/>, and which holds the hash before it.</summary>
public sealed record StoredAuditRecord(long Seq, long Time, ReadOnlyMemory<byte> Json, ReadOnlyMemory<byte> Hash);

/// <summary>Filters; null means any. Texts are compared exactly.</summary>
public sealed record AuditQuery
{
    public string? Kind { get; init; }
    public string? User { get; init; }
    public string? Agent { get; init; }
    public string? Workflow { get; init; }
    public string? Server { get; init; }
    public string? Tool { get; init; }
    public string? Token { get; init; }
    public string? Code { get; init; }
    public Guid? Call { get; init; }

    /// <summary>Microseconds since the Unix epoch, inclusive and exclusive.</summary>
    public long? From { get; init; }
    public long? To { get; init; }

    /// <summary>Numbers of records, both inclusive: no record outside is looked at, so that a read of a long chain can be a short one.</summary>
    public long? Lowest { get; init; }
    public long? Highest { get; init; }
}
