using Symbolon.Jose.Json;

namespace Symbolon.Core.Tools.Schemas.Keywords;

/// <summary>How many characters, items or members a value has at least and at most. JSON Schema Validation §6.3.1, §6.3.2, §6.4.1, §6.4.2, §6.5.1 and §6.5.2.</summary>
internal sealed class LengthKeyword(string path, string demand, JsonKind kind, int limit, bool isMost) : Keyword(path, demand)
{
    public override bool Holds(JsonValue value, SchemaRun run)
    {
        if (value.Kind != kind) return true;
        // Whoever is shorter than the limit in bytes is so in characters, items and members, too.
        if (value.Length <= limit) return isMost || Compare(value, run);
        return run.Pass(value) && Compare(value, run);
    }

    private bool Compare(JsonValue value, SchemaRun run)
    {
        var count = kind switch
        {
            JsonKind.String => TextLength.Of(value),
            JsonKind.Array => CountItems(value),
            _ => CountMembers(value),
        };
        return (isMost ? count <= limit : count >= limit) || run.Fail(this);
    }

    private static int CountItems(JsonValue value)
    {
        var count = 0;
        foreach (var _ in value.Items) count++;
        return count;
    }

    private static int CountMembers(JsonValue value)
    {
        var count = 0;
        foreach (var _ in value.Members) count++;
        return count;
    }
}
