using System.Text;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;

namespace Symbolon.Testing.Fakes;

/// <summary>An audit log that keeps what it is given, and completes each record at once: durable while healthy.</summary>
public sealed class RecordingAudit : IAuditLog, IAuditStore
{
    private readonly Lock gate = new();
    private readonly List<AuditEvent> appended = [];

    public bool IsHealthy { get; set; } = true;

    /// <summary>What was appended, in order.</summary>
    public IReadOnlyList<AuditEvent> Appended
    {
        get { lock (gate) return [.. appended]; }
    }

    /// <summary>From where each read began.</summary>
    public List<long?> ReadsAfter { get; } = [];

    /// <summary>What reads find; filled by the test. Filters but those of number, time and user are not applied.</summary>
    public List<StoredAuditRecord> Stored { get; } = [];

    public void Append(AuditEvent record)
    {
        lock (gate) appended.Add(record);
        record.Complete(IsHealthy);
    }

    public Task<IReadOnlyList<StoredAuditRecord>> ReadAsync(
        OrganisationId organisation, AuditQuery query, long? after, bool descending, int limit, CancellationToken cancellation)
    {
        lock (gate)
        {
            ReadsAfter.Add(after);
            var found = Stored.Where(record => query.User is null || Encoding.UTF8.GetString(record.Json.Span).Contains($"\"user\":\"{query.User}\"", StringComparison.Ordinal));
            found = found.Where(record => (query.From is null || record.Time >= query.From) && (query.To is null || record.Time < query.To));
            found = found.Where(record => (query.Lowest is null || record.Seq >= query.Lowest) && (query.Highest is null || record.Seq <= query.Highest));
            found = descending
                ? found.Where(record => after is null || record.Seq < after).OrderByDescending(record => record.Seq)
                : found.Where(record => after is null || record.Seq > after).OrderBy(record => record.Seq);
            return Task.FromResult<IReadOnlyList<StoredAuditRecord>>([.. found.Take(limit)]);
        }
    }

    public Task<(long Seq, byte[] Hash)> HeadAsync(OrganisationId organisation, CancellationToken cancellation)
    {
        lock (gate) return Task.FromResult(Stored.Count == 0 ? (0L, new byte[32]) : (Stored[^1].Seq, Stored[^1].Hash.ToArray()));
    }
}
