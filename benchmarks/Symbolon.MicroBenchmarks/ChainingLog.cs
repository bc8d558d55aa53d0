using System.Buffers;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;

namespace Symbolon.MicroBenchmarks;

/// <summary>Chains and writes each record as the real log does, in memory, and answers at once: the audit without its disk.</summary>
internal sealed class ChainingLog(TimeProvider clock) : IAuditLog
{
    private static readonly NodeLease Lease = new("bench", 1);
    private readonly AuditChain chain = new(OrganisationId.Default);
    private readonly ArrayBufferWriter<byte> buffer = new(4096);

    public bool IsHealthy => true;

    /// <summary>Records taken so far.</summary>
    public long Taken => chain.Seq;

    /// <summary>Bytes of the last record.</summary>
    public int LastSize => buffer.WrittenCount;

    public void Append(AuditEvent record)
    {
        buffer.ResetWrittenCount();
        chain.Append(buffer, record, Lease, (clock.GetUtcNow().Ticks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);
        record.Complete(true);
    }
}
