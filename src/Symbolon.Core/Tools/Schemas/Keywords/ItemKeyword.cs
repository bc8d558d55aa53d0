using Symbolon.Jose.Json;

namespace Symbolon.Core.Tools.Schemas.Keywords;

/// <summary><c>prefixItems</c>, and <c>items</c> for what comes behind them. JSON Schema Core §10.3.1.</summary>
internal sealed class ItemKeyword(string path, IReadOnlyList<SchemaNode> first, SchemaNode? rest) : Keyword(path, "")
{
    public override bool Holds(JsonValue value, SchemaRun run)
    {
        if (value.Kind != JsonKind.Array) return true;
        if (!run.Pass(value)) return false;
        var index = 0;
        foreach (var item in value.Items)
        {
            var schema = index < first.Count ? first[index] : rest;
            if (schema is null) break;
            if (!run.Holds(schema, item, index)) return false;
            run.Seen?.Mark(index);
            index++;
        }
        return true;
    }
}
