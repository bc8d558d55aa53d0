using System.Text;
using System.Text.Json;
using Symbolon.Core.Tools.Schemas;
using Symbolon.Jose.Json;

namespace Symbolon.UnitTests.Tools.Schemas;

/// <summary>Schemas and values as texts.</summary>
internal static class SchemaCheck
{
    public static JsonSchema Read(string schema, SchemaRules rules = SchemaRules.Constraints)
    {
        var read = JsonSchema.Compile(JsonDocument.Parse(schema, new JsonDocumentOptions { MaxDepth = 512 }).RootElement, rules, out var faults);
        Assert.Empty(faults);
        return read!;
    }

    public static IReadOnlyList<SchemaFault> Faults(string schema, SchemaRules rules = SchemaRules.Constraints)
    {
        Assert.Null(JsonSchema.Compile(JsonDocument.Parse(schema, new JsonDocumentOptions { MaxDepth = 512 }).RootElement, rules, out var faults));
        return faults;
    }

    /// <returns>What is violated, or null.</returns>
    public static SchemaViolation? Check(this JsonSchema schema, string value)
    {
        var text = Encoding.UTF8.GetBytes(value);
        Assert.True(StrictJson.Scan(text, new JsonLimits(JsonLimits.GreatestDepth, int.MaxValue), MemberRule.Envelope).Accepted);
        return schema.Check(JsonValue.Root(text));
    }

    public static SchemaViolation? Check(string schema, string value) => Read(schema).Check(value);
}
