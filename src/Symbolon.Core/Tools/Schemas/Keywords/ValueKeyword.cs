using Symbolon.Jose.Json;

namespace Symbolon.Core.Tools.Schemas.Keywords;

/// <summary><c>const</c> and <c>enum</c>. JSON Schema Validation §6.1.2 and §6.1.3.</summary>
internal sealed class ValueKeyword(string path, string demand, IReadOnlyList<KnownValue> values) : Keyword(path, demand)
{
    private readonly KnownValue[] values = [.. values];

    public override bool Holds(JsonValue value, SchemaRun run)
    {
        foreach (var known in values)
        {
            if (known.Is(value, this, run)) return true;
            if (run.IsStopped) return false;
        }
        return run.Fail(this);
    }
}
