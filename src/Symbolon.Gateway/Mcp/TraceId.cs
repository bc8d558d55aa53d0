using Symbolon.Jose.Json;

namespace Symbolon.Gateway.Mcp;

/// <summary>The trace id of <c>params._meta.traceparent</c> (W3C Trace Context §3.2): asserted by the caller, recorded, never trusted.</summary>
internal static class TraceId
{
    private const int Length = 55;

    /// <summary>The header by which HTTP carries it (§3.2), sampled.</summary>
    /// <param name="call">Whose random half is the parent's id.</param>
    public static string Header(string trace, Guid call) => $"00-{trace}-{call.ToString("N").AsSpan(16)}-01";

    /// <returns>32 lower-case hex digits, or null.</returns>
    public static string? Of(McpMessage message)
    {
        if (!message.TraceParent.IsPresent || !JsonValue.Root(message.At(message.TraceParent)).TryGetPlainText(out var text)) return null;
        if (text.Length < Length || text[2] != '-' || text[35] != '-' || text[52] != '-') return null;
        var id = text.Slice(3, 32);
        foreach (var digit in id)
            if (digit is not (>= (byte)'0' and <= (byte)'9' or >= (byte)'a' and <= (byte)'f')) return null;
        return System.Text.Encoding.ASCII.GetString(id);
    }
}
