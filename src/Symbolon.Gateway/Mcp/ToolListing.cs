using Symbolon.Core.Tools;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.Mcp;

/// <summary>Reads the tools of one page of <c>tools/list</c>.</summary>
internal static class ToolListing
{
    /// <summary>Finds the array of tools of a result; false when the answer is no list.</summary>
    public static bool TryGetTools(AnswerEnvelope envelope, ReadOnlySpan<byte> message, out JsonValue tools)
    {
        tools = default;
        return envelope.Kind == AnswerKind.Result
            && envelope.Member(message, "result"u8).TryGet("tools"u8, out tools)
            && tools.Kind == JsonKind.Array;
    }

    /// <returns>The cursor of the next page as written, absent at the end. <c>""</c> is a cursor.</returns>
    public static Slice NextCursor(AnswerEnvelope envelope, ReadOnlySpan<byte> message) =>
        envelope.Member(message, "result"u8).TryGet("nextCursor"u8, out var cursor) && cursor.Kind == JsonKind.String
            ? Slice.Of(cursor) : default;

    /// <summary>Null for an item that is no usable tool: it is dropped. DESIGN.md section 4, Names.</summary>
    public static ToolDigest? Digest(JsonValue tool) => tool.Kind == JsonKind.Object ? ToolDigest.Of(tool.Raw) : null;
}
