using System.Buffers;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;

namespace Symbolon.Storage.Databases;

/// <summary>One record in its place, as the writer thread holds it until the commit.</summary>
internal readonly record struct AuditRow(AuditEvent Event, long Seq, long Recorded, int Start, int Length, int HashStart);

/// <summary>The records of one organisation within a batch: from <c>Rows[First]</c>, <c>Count</c> of them, one behind the other.</summary>
internal readonly record struct ChainStep(OrganisationId Organisation, long ExpectedSeq, int First, int Count);

/// <summary>The last time a token was used, to be written with the batch.</summary>
internal readonly record struct TokenUse(OrganisationId Organisation, string Token, long At);

/// <summary>Records that go into one transaction, chained and written as text into one piece of memory that is used again.</summary>
internal sealed class AuditBatch
{
    private readonly ArrayBufferWriter<byte> texts = new(64 * 1024);
    private byte[] hashes = new byte[256 * AuditChain.HashSize];

    public List<AuditRow> Rows { get; } = new(256);
    public List<ChainStep> Steps { get; } = new(1);
    public List<TokenUse> Uses { get; } = [];

    /// <summary>The proofs of these records that nothing speaks against yet, none of them twice.</summary>
    public BatchProofs Proofs { get; } = new();

    /// <summary>Whose records these are; a lease that another node has ended gets no batch in.</summary>
    public NodeLease Lease { get; private set; }

    /// <summary>Leaves the filter columns empty; the records themselves stay whole. For records whose columns no database takes.</summary>
    public bool IsBare { get; set; }

    /// <summary>A value of a filter column.</summary>
    public string? Column(string? value) => IsBare ? null : AuditColumns.Text(value);

    public ReadOnlyMemory<byte> Text(in AuditRow row) => texts.WrittenMemory.Slice(row.Start, row.Length);

    public ReadOnlyMemory<byte> Hash(in AuditRow row) => hashes.AsMemory(row.HashStart, AuditChain.HashSize);

    public void Clear()
    {
        texts.ResetWrittenCount();
        Rows.Clear();
        Steps.Clear();
    }

    /// <summary>Chains the events, those of one organisation together in the order in which they came.</summary>
    public void Build(ReadOnlySpan<AuditEvent> events, Func<OrganisationId, AuditChain> chainOf, NodeLease lease, long now)
    {
        Clear();
        Lease = lease;
        Proofs.Take(events);
        if (hashes.Length < events.Length * AuditChain.HashSize) hashes = new byte[events.Length * AuditChain.HashSize];
        var rest = events.Length;
        for (var i = 0; rest > 0; i++)
        {
            var organisation = events[i].Organisation;
            if (!IsFirstOf(organisation, events[..i])) continue;
            rest -= Add(organisation, events[i..], chainOf(organisation), lease, now);
        }
    }

    private static bool IsFirstOf(OrganisationId organisation, ReadOnlySpan<AuditEvent> before)
    {
        foreach (var earlier in before)
            if (earlier.Organisation == organisation) return false;
        return true;
    }

    private int Add(OrganisationId organisation, ReadOnlySpan<AuditEvent> events, AuditChain chain, NodeLease lease, long now)
    {
        var first = Rows.Count;
        var expected = chain.Seq;
        foreach (var record in events)
        {
            if (record.Organisation != organisation) continue;
            var start = texts.WrittenCount;
            var length = chain.Append(texts, record, lease, now);
            var hashStart = Rows.Count * AuditChain.HashSize;
            chain.Hash.CopyTo(hashes.AsSpan(hashStart));
            Rows.Add(new AuditRow(record, chain.Seq, chain.Recorded, start, length, hashStart));
        }
        Steps.Add(new ChainStep(organisation, expected, first, Rows.Count - first));
        return Rows.Count - first;
    }
}
