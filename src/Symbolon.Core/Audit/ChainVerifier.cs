using System.Security.Cryptography;
using Symbolon.Jose.Json;

namespace Symbolon.Core.Audit;

/// <summary>
/// Checks an exported chain without a server: records one by one, in order, each as the exact text that was exported. Every record
/// holds the SHA-256 of the text before it, so a change of any byte breaks the chain behind it. Each text must be its own RFC 8785 form,
/// numbers follow one another without a gap, times do not go back, and no outcome stands without its intent.
/// </summary>
/// <remarks>
/// A chain that was cut at its end, a change of its last record, or a chain made anew as a whole, is only seen by comparing
/// <see cref="Hash"/> with a head known from elsewhere.
/// </remarks>
public sealed class ChainVerifier
{
    private readonly byte[] hash = new byte[SHA256.HashSizeInBytes];
    private readonly HashSet<string> open = [];
    private readonly HashSet<string> givenUp = [];
    private ChainLine before;

    /// <summary>How many records were taken.</summary>
    public long Records { get; private set; }

    /// <summary>Number of the first record; 1 for a whole chain, else what came before it was not looked at.</summary>
    public long FirstSeq { get; private set; }

    public long LastSeq { get; private set; }

    /// <summary>SHA-256 of the last record's text.</summary>
    public ReadOnlySpan<byte> Hash => hash;

    /// <summary>Intents that have no outcome so far: calls under way when the export was made.</summary>
    public int OpenCalls => open.Count;

    /// <summary>Takes the next record. After a fault nothing more can be said of the chain.</summary>
    /// <returns>Null when it fits.</returns>
    public ChainFault? Add(ReadOnlyMemory<byte> record)
    {
        var text = record.Span;
        if (!StrictJson.Scan(text).Accepted) return Unreadable("it is no JSON");
        if (ChainLine.Read(text) is not { } line) return Unreadable("it is no record of the audit");
        if (line.Schema != AuditEventJson.SchemaVersion) return Unreadable($"its schema {line.Schema} is not known to this version");
        if (!CanonicalJson.IsCanonical(text)) return Tampered("it is not in its canonical form (RFC 8785)");
        if (Records == 0) FirstSeq = line.Seq;
        if ((Records == 0 ? First(line) : Next(line)) is { } fault) return fault;

        Records++;
        LastSeq = line.Seq;
        before = line;
        SHA256.HashData(text, hash);
        return null;
    }

    private ChainFault? First(ChainLine line) =>
        line.Seq == 1 && line.Previous.AsSpan().ContainsAnyExcept((byte)0) ? Tampered("the first record of a chain has a record before it") : Pair(line);

    private ChainFault? Next(ChainLine line)
    {
        if (line.Organisation != before.Organisation) return Tampered($"it belongs to another organisation, {line.Organisation}");
        if (line.Seq != LastSeq + 1) return Tampered($"its number is {line.Seq}, where {LastSeq + 1} must follow");
        if (!line.Previous.AsSpan().SequenceEqual(hash)) return Tampered($"it does not hold the hash of record {LastSeq}: one of the two was changed");
        return line.Recorded < before.Recorded ? Tampered($"its time lies before that of record {LastSeq}") : Pair(line);
    }

    private ChainFault? Pair(ChainLine line)
    {
        if (line.Call is not { } call) return null;
        if (line.Kind == "call_intent") open.Add(call);
        if (line.Kind != "call_outcome") return null;
        // A node that was given up may still tell how its call went; an export that starts later has earlier intents.
        var known = open.Remove(call) || givenUp.Remove(call);
        if (line.Outcome == "unknown") givenUp.Add(call);
        return known || FirstSeq != 1 ? null : Tampered($"the outcome of call {call} has no intent");
    }

    private ChainFault Unreadable(string why) => new(ChainFaultKind.Unreadable, Records + 1, why);

    private ChainFault Tampered(string why) => new(ChainFaultKind.Tampered, Records + 1, why);
}
