using System.Text.Json;
using Symbolon.Core.Tools.Schemas;
using Symbolon.Jose.Json;

namespace Symbolon.Core.Registry;

/// <summary>
/// What the arguments of every call of a tool are held to, on top of the tool's own schema: JSON Schema 2020-12, read when the first call asks for it and kept.
/// DESIGN.md section 4, Files and Order of checks.
/// </summary>
/// <param name="json">As the file has it.</param>
public sealed class ToolConstraints(JsonElement json)
{
    /// <summary>What an older version let pass and this one does not read lets nothing pass.</summary>
    private static readonly SchemaViolation Unread = new("", "cannot be checked: this version does not read the tool's constraints; its file has to be applied again", "");

    private readonly Lazy<JsonSchema?> schema = new(() => JsonSchema.Compile(json, SchemaRules.Constraints, out _));

    public JsonElement Json => json;

    /// <param name="arguments">Of a text that the strict scan accepted.</param>
    /// <returns>Null where the call is allowed.</returns>
    public SchemaViolation? Check(JsonValue arguments) => schema.Value is { } read ? read.Check(arguments) : Unread;
}
