using System.Security.Cryptography;
using Symbolon.Core.Identity;

namespace Symbolon.Core.Audit;

/// <summary>
/// The end of one organisation's chain, and the one place where a record gets its place in it: number, the hash before it, the time at
/// which it was chained (never before the record in front), for an intent the node and lease that answer for it.
/// </summary>
public sealed class AuditChain(OrganisationId organisation)
{
    public const int HashSize = SHA256.HashSizeInBytes;

    private readonly byte[] hash = new byte[HashSize];

    public OrganisationId Organisation => organisation;

    /// <summary>Number of the last record; 0 for an empty chain.</summary>
    public long Seq { get; private set; }

    /// <summary>Microseconds since the Unix epoch at which the last record was chained.</summary>
    public long Recorded { get; private set; }

    /// <summary>SHA-256 of the last record's text; zeros for an empty chain.</summary>
    public ReadOnlySpan<byte> Hash => hash;

    /// <summary>Sets it to what the store knows.</summary>
    public void MoveTo(long seq, long recorded, ReadOnlySpan<byte> newHash)
    {
        newHash.CopyTo(hash);
        Seq = seq;
        Recorded = recorded;
    }

    /// <summary>Writes the next record's text behind what the buffer holds and moves the end onto it.</summary>
    /// <param name="now">Microseconds since the Unix epoch; a clock that went back does not take the chain's times back.</param>
    /// <returns>The length of the text.</returns>
    public int Append(CanonicalBuffer buffer, AuditEvent record, NodeLease lease, long now)
    {
        var start = buffer.Length;
        var recorded = Math.Max(now, Recorded);
        buffer.Raw("{\"event\":"u8);
        AuditEventJson.Write(buffer, record);
        if (record.Kind == AuditKind.CallIntent)
        {
            buffer.Name("lease"u8);
            buffer.Integer(lease.Lease);
            buffer.Name("node"u8);
            buffer.Text(lease.Node);
        }
        buffer.Name("organisation"u8);
        buffer.Text(organisation.Value);
        buffer.Name("prev"u8);
        buffer.Hex(hash);
        buffer.Name("recorded"u8);
        buffer.Integer(recorded);
        buffer.Raw(",\"schema\":"u8);
        buffer.Integer(AuditEventJson.SchemaVersion);
        buffer.Name("seq"u8);
        buffer.Integer(Seq + 1);
        buffer.Raw("}"u8);
        SHA256.HashData(buffer.Written[start..], hash);
        Seq++;
        Recorded = recorded;
        return buffer.Length - start;
    }
}

/// <summary>Which node, in which of its lives, answers for the calls that it forwards.</summary>
public readonly record struct NodeLease(string Node, long Lease)
{
    /// <summary>Before a node has started its lease: no call is forwarded then.</summary>
    public static readonly NodeLease None = new("", 0);
}
