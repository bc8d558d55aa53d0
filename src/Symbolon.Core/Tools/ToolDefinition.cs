using Symbolon.Jose.Json;

namespace Symbolon.Core.Tools;

/// <summary>
/// Whether a listed tool is one by the specification. A client has to drop one that is not (2026-07-28 for <c>x-mcp-header</c>), and whole lists fail at clients that check
/// types, so it is dropped here. PROTOCOL.md sections 8 and 9.
/// </summary>
public static class ToolDefinition
{
    /// <param name="tool">One item of a list, accepted by the strict scan.</param>
    /// <returns>What is wrong with it, for a record; null for a tool that may be listed.</returns>
    public static string? FaultOf(JsonValue tool, Era era)
    {
        if (!tool.TryGetMember("inputSchema"u8, out var schema) || schema.Value.Kind != JsonKind.Object) return "inputSchema is missing or no object";
        if (!schema.Value.TryGetMember("type"u8, out var type) || !type.Value.TextEquals("object"u8)) return "inputSchema.type is not \"object\"";
        if (IsOther(tool, "description"u8, JsonKind.String)) return "description is no string";
        if (IsOther(tool, "title"u8, JsonKind.String)) return "title is no string";
        if (IsOther(tool, "annotations"u8, JsonKind.Object)) return "annotations are no object";
        if (era == Era.Legacy) return IsOther(tool, "outputSchema"u8, JsonKind.Object) ? "outputSchema is no object" : null;
        return tool.TryGetMember("outputSchema"u8, out var output) && output.Value.Kind is not (JsonKind.Object or JsonKind.True or JsonKind.False)
            ? "outputSchema is no schema"
            : MirroredArguments.Read(schema.Value, out _);
    }

    private static bool IsOther(JsonValue tool, ReadOnlySpan<byte> name, JsonKind kind) => tool.TryGetMember(name, out var member) && member.Value.Kind != kind;
}
