using System.Buffers;
using System.Security.Cryptography;
using Symbolon.Core.Identity;
using Symbolon.Jose.Json;

namespace Symbolon.Core.Audit;

/// <summary>
/// The end of one organisation's chain, and the one place where a record gets its place in it: number, the hash before it, the time at
/// which it was chained (never before the record in front), for an intent the node and lease that answer for it.
/// </summary>
public sealed class AuditChain(OrganisationId organisation)
{
    public const int HashSize = SHA256.HashSizeInBytes;

    /// <summary>Kept with its thread: to set one up takes longer than to hash a record.</summary>
    [ThreadStatic]
    private static IncrementalHash? hasher;

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
    public int Append(ArrayBufferWriter<byte> buffer, AuditEvent record, NodeLease lease, long now)
    {
        var start = buffer.WrittenCount;
        var recorded = Math.Max(now, Recorded);
        var json = new CanonicalJsonWriter(buffer);
        json.StartObject();
        AuditEventJson.Write(ref json, "event"u8, record);
        if (record.Kind == AuditKind.CallIntent)
        {
            json.Member("lease"u8, lease.Lease);
            json.Member("node"u8, lease.Node.AsSpan());
        }
        json.Member("organisation"u8, organisation.Value.AsSpan());
        AuditEventJson.Hex(ref json, "prev"u8, hash);
        json.Member("recorded"u8, recorded);
        json.Member("schema"u8, AuditEventJson.SchemaVersion);
        json.Member("seq"u8, Seq + 1);
        json.EndObject();
        Digest(buffer.WrittenSpan[start..]);
        Seq++;
        Recorded = recorded;
        return buffer.WrittenCount - start;
    }

    private void Digest(ReadOnlySpan<byte> text)
    {
        hasher ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hasher.AppendData(text);
        hasher.GetHashAndReset(hash);
    }
}

/// <summary>Which node, in which of its lives, answers for the calls that it forwards.</summary>
public readonly record struct NodeLease(string Node, long Lease)
{
    /// <summary>Before a node has started its lease: no call is forwarded then.</summary>
    public static readonly NodeLease None = new("", 0);
}
