using System.Buffers;
using System.IO.Pipelines;
using Symbolon.Core.Audit;

namespace Symbolon.Cli.Auditing;

internal enum ChainVerdict
{
    Verified,

    /// <summary>Records were changed, or are missing.</summary>
    Tampered,

    /// <summary>Nothing is proved, for or against.</summary>
    Unreadable,
}

/// <summary>Where the chain must end, as known from elsewhere.</summary>
/// <param name="Seq">Number of that record; null: the last one, whatever its number.</param>
/// <param name="Hash">64 hex digits.</param>
internal sealed record KnownHead(long? Seq, string Hash);

/// <summary>What checking an export came to.</summary>
internal sealed record ChainReport(ChainVerdict Verdict, long Records, long FirstSeq, long LastSeq, string Hash, string Message)
{
    /// <summary>Bytes of one record; none of ours comes near.</summary>
    private const int LongestRecord = 4 * 1024 * 1024;

    /// <summary>Reads an export line by line; memory stays bounded by one record.</summary>
    public static async Task<ChainReport> OfAsync(Stream export, KnownHead? known, CancellationToken cancellation)
    {
        var verifier = new ChainVerifier();
        var reader = PipeReader.Create(export);
        var headMet = known is null;
        while (true)
        {
            var read = await reader.ReadAsync(cancellation);
            var buffer = read.Buffer;
            while (TryTakeLine(ref buffer, read.IsCompleted, out var line))
            {
                if (line.Length == 0) continue;
                if (verifier.Add(line.ToArray()) is { } fault) return Failed(verifier, fault);
                headMet |= known is not null && known.Seq == verifier.LastSeq && IsHash(verifier, known.Hash);
            }
            if (buffer.Length > LongestRecord) return Failed(verifier, new ChainFault(ChainFaultKind.Unreadable, verifier.Records + 1, "it is longer than any record"));
            reader.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted) break;
        }
        if (known is { Seq: null }) headMet = IsHash(verifier, known.Hash);
        return End(verifier, known is not null, headMet);
    }

    private static ChainReport End(ChainVerifier verifier, bool headKnown, bool headMet)
    {
        if (verifier.Records == 0) return Of(verifier, ChainVerdict.Unreadable, "There is no record to verify.");
        if (!headMet) return Of(verifier, ChainVerdict.Tampered, $"The chain is whole in itself, but does not hold the head that is known: records were taken away at its end, or all of it was made anew. It ends with record {verifier.LastSeq}.");
        var open = verifier.OpenCalls == 0 ? "" : $" Calls without an outcome yet: {verifier.OpenCalls}.";
        var end = headKnown ? "" : " Nothing here proves the last record, or that none were cut off behind it: compare the head with the server's.";
        var part = verifier.FirstSeq == 1 ? "" : $" What came before record {verifier.FirstSeq} was not looked at.";
        return Of(verifier, ChainVerdict.Verified,
            $"Verified: {verifier.Records} records, {verifier.FirstSeq} to {verifier.LastSeq}, each holding the hash of the one before. Head: {Convert.ToHexStringLower(verifier.Hash)}.{part}{open}{end}");
    }

    private static ChainReport Failed(ChainVerifier verifier, ChainFault fault) => fault.Kind == ChainFaultKind.Tampered
        ? Of(verifier, ChainVerdict.Tampered, $"Tampered with: line {fault.Record}: {fault.Why}.")
        : Of(verifier, ChainVerdict.Unreadable, $"Cannot be verified: line {fault.Record}: {fault.Why}.");

    private static ChainReport Of(ChainVerifier verifier, ChainVerdict verdict, string message) =>
        new(verdict, verifier.Records, verifier.FirstSeq, verifier.LastSeq, Convert.ToHexStringLower(verifier.Hash), message);

    private static bool IsHash(ChainVerifier verifier, string hash) =>
        string.Equals(hash, Convert.ToHexStringLower(verifier.Hash), StringComparison.OrdinalIgnoreCase);

    private static bool TryTakeLine(ref ReadOnlySequence<byte> buffer, bool completed, out ReadOnlySequence<byte> line)
    {
        if (buffer.PositionOf((byte)'\n') is { } end)
        {
            line = buffer.Slice(0, end);
            buffer = buffer.Slice(buffer.GetPosition(1, end));
            return true;
        }
        line = buffer;
        if (!completed || buffer.IsEmpty) return false;
        buffer = buffer.Slice(buffer.End);
        return true;
    }
}
