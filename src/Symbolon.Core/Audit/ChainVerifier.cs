using System.Security.Cryptography;
using System.Text.Json;

namespace Symbolon.Core.Audit;

/// <summary>
/// Checks an exported chain without a server: records one by one, in order, each as the exact text that was exported. Every record
/// holds the SHA-256 of the text before it, so a change of any byte breaks the chain behind it.
/// </summary>
/// <remarks>A chain that was cut at its end, or made anew as a whole, is only seen by comparing <see cref="Hash"/> with a head known from elsewhere.</remarks>
public sealed class ChainVerifier
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };
    private readonly byte[] hash = new byte[SHA256.HashSizeInBytes];
    private string? organisation;

    /// <summary>How many records were taken.</summary>
    public long Records { get; private set; }

    /// <summary>Number of the first record; 1 for a whole chain, else what came before it was not looked at.</summary>
    public long FirstSeq { get; private set; }

    public long LastSeq { get; private set; }

    /// <summary>SHA-256 of the last record's text.</summary>
    public ReadOnlySpan<byte> Hash => hash;

    /// <summary>Takes the next record. After a fault nothing more can be said of the chain.</summary>
    /// <returns>Null when it fits.</returns>
    public ChainFault? Add(ReadOnlyMemory<byte> record)
    {
        Link link;
        try
        {
            using var json = JsonDocument.Parse(record, Strict);
            if (Link.Read(json.RootElement) is not { } read) return Unreadable("it is no record of the audit");
            link = read;
        }
        catch (JsonException)
        {
            return Unreadable("it is no JSON");
        }
        if (link.Schema != AuditEventJson.SchemaVersion) return Unreadable($"its schema {link.Schema} is not known to this version");
        if (Broken(link) is { } fault) return fault;

        organisation = link.Organisation;
        if (Records == 0) FirstSeq = link.Seq;
        Records++;
        LastSeq = link.Seq;
        SHA256.HashData(record.Span, hash);
        return null;
    }

    private ChainFault? Broken(Link link)
    {
        if (Records == 0)
            return link.Seq == 1 && link.Previous.AsSpan().ContainsAnyExcept((byte)0) ? Tampered("the first record of a chain has a record before it") : null;
        if (link.Organisation != organisation) return Tampered($"it belongs to another organisation, {link.Organisation}");
        if (link.Seq != LastSeq + 1) return Tampered($"its number is {link.Seq}, where {LastSeq + 1} must follow");
        return link.Previous.AsSpan().SequenceEqual(hash) ? null : Tampered($"it does not hold the hash of record {LastSeq}: one of the two was changed");
    }

    private ChainFault Unreadable(string why) => new(ChainFaultKind.Unreadable, Records + 1, why);

    private ChainFault Tampered(string why) => new(ChainFaultKind.Tampered, Records + 1, why);

    /// <summary>What ties a record to its place.</summary>
    private sealed record Link(long Seq, long Schema, string Organisation, byte[] Previous)
    {
        public static Link? Read(JsonElement record)
        {
            if (record.ValueKind != JsonValueKind.Object || !record.TryGetProperty("event", out var found) || found.ValueKind != JsonValueKind.Object) return null;
            return Number(record, "seq") is { } seq && seq > 0 && Number(record, "schema") is { } schema
                && Text(record, "organisation") is { } organisation && Text(record, "prev") is { Length: 2 * SHA256.HashSizeInBytes } previous
                && previous.All(char.IsAsciiHexDigitLower)
                ? new Link(seq, schema, organisation, Convert.FromHexString(previous))
                : null;
        }

        private static long? Number(JsonElement record, string name) =>
            record.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

        private static string? Text(JsonElement record, string name) =>
            record.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}
