using Symbolon.Jose.Json;

namespace Symbolon.Core.Tools.Schemas.Keywords;

/// <summary><c>type</c>. JSON Schema Validation §6.1.1.</summary>
internal sealed class TypeKeyword(string path, IReadOnlyList<string> types)
    : Keyword(path, types.Count == 1 ? $"must be of the type {types[0]}" : $"must be of one of the types {string.Join(", ", types)}")
{
    public static readonly string[] Names = ["object", "array", "string", "number", "integer", "boolean", "null"];

    private readonly bool[] kinds =
    [
        // In the order of JsonKind.
        types.Contains("object"), types.Contains("array"), types.Contains("string"), types.Contains("number") || types.Contains("integer"),
        types.Contains("boolean"), types.Contains("boolean"), types.Contains("null"),
    ];

    private readonly bool isWhole = !types.Contains("number");

    public override bool Holds(JsonValue value, SchemaRun run)
    {
        if (!kinds[(int)value.Kind]) return run.Fail(this);
        if (value.Kind != JsonKind.Number) return true;
        if (!run.TryRead(this, value, out var number)) return false;
        return !isWhole || number.IsInteger || run.Fail(this);
    }
}
