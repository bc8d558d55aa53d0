using Symbolon.Jose.Json;

namespace Symbolon.Core.Audit;

/// <summary>What ties one record to its place.</summary>
internal readonly record struct ChainLine(
    long Seq, long Schema, long Recorded, byte[] Previous, string Organisation, string Kind, string? Call, string? Outcome)
{
    /// <param name="line">A text that the strict scan accepted.</param>
    /// <returns>Null when it is no record.</returns>
    public static ChainLine? Read(ReadOnlySpan<byte> line)
    {
        var root = JsonValue.Root(line);
        if (!root.TryGetMember("event"u8, out var found) || Text(found.Value, "kind"u8) is not { } kind) return null;
        if (Number(root, "seq"u8) is not (>= 1 and var seq) || Number(root, "schema"u8) is not { } schema || Number(root, "recorded"u8) is not { } recorded) return null;
        if (Text(root, "organisation"u8) is not { } organisation || Text(root, "prev"u8) is not { Length: 2 * AuditChain.HashSize } previous) return null;
        return previous.All(char.IsAsciiHexDigitLower)
            ? new ChainLine(seq, schema, recorded, Convert.FromHexString(previous), organisation, kind, Text(found.Value, "call"u8), Text(found.Value, "outcome"u8))
            : null;
    }

    private static string? Text(JsonValue from, ReadOnlySpan<byte> name) =>
        from.TryGetMember(name, out var member) && member.Value.TryGetString(out var text) ? text : null;

    private static long? Number(JsonValue from, ReadOnlySpan<byte> name) =>
        from.TryGetMember(name, out var member) && member.Value.TryGetInt64(out var number) ? number : null;
}
