using System.Text;
using Symbolon.Jose.Json;

namespace Symbolon.Core.Tools.Schemas.Keywords;

/// <summary><c>allOf</c>. JSON Schema Core §10.2.1.1.</summary>
internal sealed class AllKeyword(string path, IReadOnlyList<SchemaNode> schemas) : Keyword(path, "")
{
    public override IEnumerable<SchemaNode> OfSameValue => schemas;

    public override bool Holds(JsonValue value, SchemaRun run)
    {
        for (var i = 0; i < schemas.Count; i++)
            if (!schemas[i].Holds(value, run)) return false;
        return true;
    }
}

/// <summary><c>anyOf</c>. JSON Schema Core §10.2.1.2.</summary>
internal sealed class AnyKeyword(string path, IReadOnlyList<SchemaNode> schemas) : Keyword(path, "must be as one of the alternatives of anyOf allows it")
{
    public override IEnumerable<SchemaNode> OfSameValue => schemas;

    public override bool Holds(JsonValue value, SchemaRun run)
    {
        var holds = false;
        // Where somebody asks what was evaluated, each alternative that holds has its say.
        for (var i = 0; i < schemas.Count && !(holds && run.Seen is null); i++) holds |= run.Try(schemas[i], value);
        return (holds && !run.IsStopped) || run.Fail(this);
    }
}

/// <summary><c>oneOf</c>. JSON Schema Core §10.2.1.3.</summary>
internal sealed class OneKeyword(string path, IReadOnlyList<SchemaNode> schemas) : Keyword(path, "must be as exactly one of the alternatives of oneOf allows it")
{
    public override IEnumerable<SchemaNode> OfSameValue => schemas;

    public override bool Holds(JsonValue value, SchemaRun run)
    {
        var count = 0;
        for (var i = 0; i < schemas.Count && count < 2; i++)
            if (run.Try(schemas[i], value)) count++;
        return (count == 1 && !run.IsStopped) || run.Fail(this);
    }
}

/// <summary><c>not</c>. JSON Schema Core §10.2.1.4.</summary>
internal sealed class NotKeyword(string path, SchemaNode schema) : Keyword(path, "is of a kind that is not allowed (not)")
{
    public override IEnumerable<SchemaNode> OfSameValue => [schema];

    public override bool Holds(JsonValue value, SchemaRun run)
    {
        var around = run.Seen;
        run.Seen = null;
        var holds = run.Try(schema, value);
        run.Seen = around;
        return (!holds && !run.IsStopped) || run.Fail(this);
    }
}

/// <summary><c>if</c>, <c>then</c> and <c>else</c>. JSON Schema Core §10.2.2.</summary>
internal sealed class IfKeyword(string path, SchemaNode condition, SchemaNode? then, SchemaNode? otherwise) : Keyword(path, "")
{
    public override IEnumerable<SchemaNode> OfSameValue => new[] { condition, then, otherwise }.OfType<SchemaNode>();

    public override bool Holds(JsonValue value, SchemaRun run)
    {
        var branch = run.Try(condition, value) ? then : otherwise;
        return !run.IsStopped && (branch is null || branch.Holds(value, run));
    }
}

/// <summary><c>dependentSchemas</c>. JSON Schema Core §10.2.2.4.</summary>
internal sealed class DependentKeyword(string path, IReadOnlyList<(string Name, SchemaNode Schema)> schemas) : Keyword(path, "")
{
    private readonly (byte[] Name, SchemaNode Schema)[] schemas = [.. schemas.Select(each => (Encoding.UTF8.GetBytes(each.Name), each.Schema))];

    public override IEnumerable<SchemaNode> OfSameValue => schemas.Select(each => each.Schema);

    public override bool Holds(JsonValue value, SchemaRun run)
    {
        if (value.Kind != JsonKind.Object) return true;
        foreach (var (name, schema) in schemas)
            if (!run.Pass(value) || (value.TryGetMember(name, out _) && !schema.Holds(value, run))) return false;
        return true;
    }
}
