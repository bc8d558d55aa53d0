using Symbolon.Jose.Json;

namespace Symbolon.Core.Tools.Schemas.Keywords;

/// <summary><c>multipleOf</c>, <c>maximum</c> and the like. JSON Schema Validation §6.2.</summary>
internal sealed class NumberKeyword(string path, string demand, NumberRule rule, ExactNumber limit) : Keyword(path, demand)
{
    public override bool Holds(JsonValue value, SchemaRun run)
    {
        if (value.Kind != JsonKind.Number) return true;
        if (!run.TryRead(this, value, out var number)) return false;
        var holds = rule switch
        {
            NumberRule.Multiple => number.IsMultipleOf(limit),
            NumberRule.Most => number.CompareTo(limit) <= 0,
            NumberRule.LessThan => number.CompareTo(limit) < 0,
            NumberRule.Least => number.CompareTo(limit) >= 0,
            _ => number.CompareTo(limit) > 0,
        };
        return holds || run.Fail(this);
    }
}

internal enum NumberRule : byte
{
    Multiple,
    Most,
    LessThan,
    Least,
    MoreThan,
}
