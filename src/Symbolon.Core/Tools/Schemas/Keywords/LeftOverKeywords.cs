using Symbolon.Jose.Json;

namespace Symbolon.Core.Tools.Schemas.Keywords;

/// <summary><c>unevaluatedProperties</c>. JSON Schema Core §11.3.</summary>
internal sealed class LeftOverMembersKeyword(string path, SchemaNode schema) : Keyword(path, "")
{
    public override bool Holds(JsonValue value, SchemaRun run)
    {
        if (value.Kind != JsonKind.Object) return true;
        if (!run.Pass(value)) return false;
        var index = 0;
        foreach (var member in value.Members)
        {
            if (!run.Seen!.Has(index) && !run.Holds(schema, member)) return false;
            run.Seen.Mark(index++);
        }
        return true;
    }
}

/// <summary><c>unevaluatedItems</c>. JSON Schema Core §11.2.</summary>
internal sealed class LeftOverItemsKeyword(string path, SchemaNode schema) : Keyword(path, "")
{
    public override bool Holds(JsonValue value, SchemaRun run)
    {
        if (value.Kind != JsonKind.Array) return true;
        if (!run.Pass(value)) return false;
        var index = 0;
        foreach (var item in value.Items)
        {
            if (!run.Seen!.Has(index) && !run.Holds(schema, item, index)) return false;
            run.Seen.Mark(index++);
        }
        return true;
    }
}
