using System.Collections.Immutable;
using System.Text.Json;
using Symbolon.Jose.Json;

namespace Symbolon.Core.Tools.Schemas;

/// <summary>
/// A schema of JSON Schema 2020-12, read once: every keyword of the draft that checks something, within one document; <c>format</c> and <c>content…</c> are
/// remarks. Numbers are compared as they are written, texts by code points, and what a check may cost is bounded by the length of the value.
/// </summary>
public sealed class JsonSchema
{
    private readonly SchemaNode root;
    private readonly bool hasDynamicScopes;

    private JsonSchema(SchemaNode root, bool hasDynamicScopes) => (this.root, this.hasDynamicScopes) = (root, hasDynamicScopes);

    /// <param name="schema">Without U+0000, unpaired surrogates and members that are given twice.</param>
    /// <param name="faults">All that is wrong; empty where there is a schema.</param>
    public static JsonSchema? Compile(JsonElement schema, SchemaRules rules, out ImmutableArray<SchemaFault> faults)
    {
        var compiler = new SchemaCompiler(rules);
        var root = compiler.Compile(schema);
        faults = [.. compiler.Faults];
        return root is null ? null : new JsonSchema(root, compiler.HasDynamicScopes);
    }

    /// <param name="value">Of a text that the strict scan accepted.</param>
    /// <returns>Null where the value is allowed; else the first thing that does not hold.</returns>
    public SchemaViolation? Check(JsonValue value)
    {
        var run = new SchemaRun(SchemaBounds.WorkFor(value.Length), hasDynamicScopes);
        return root.Holds(value, run) && !run.IsStopped ? null : run.Violation;
    }
}
