using Symbolon.Core.Tools.Schemas.Patterns;
using Symbolon.Jose.Json;

namespace Symbolon.Core.Tools.Schemas.Keywords;

/// <summary><c>properties</c>, <c>patternProperties</c> and <c>additionalProperties</c>, which looks at what the first two leave. JSON Schema Core §10.3.2.</summary>
internal sealed class MemberKeyword(
    string path, IReadOnlyList<(string Name, SchemaNode Schema)> named, IReadOnlyList<(Pattern Pattern, SchemaNode Schema)> patterns, SchemaNode? others) : Keyword(path, "")
{
    private readonly NameTable<SchemaNode> named = new(named);
    private readonly (Pattern Pattern, SchemaNode Schema)[] patterns = [.. patterns];

    public override bool Holds(JsonValue value, SchemaRun run)
    {
        if (value.Kind != JsonKind.Object) return true;
        if (!run.Pass(value)) return false;
        var index = 0;
        foreach (var member in value.Members)
        {
            if (!HoldsMember(member, run, out var isSeen)) return false;
            if (isSeen) run.Seen?.Mark(index);
            index++;
        }
        return true;
    }

    private bool HoldsMember(JsonMember member, SchemaRun run, out bool isSeen)
    {
        var name = MemberText.Of(member);
        isSeen = named.TryGet(name, out var schema);
        if (!run.Spend(1) || (isSeen && !run.Holds(schema!, member))) return false;
        foreach (var (pattern, matching) in patterns)
        {
            if (!run.TryMatch(pattern, name, out var matches)) return false;
            if (!matches) continue;
            isSeen = true;
            if (!run.Holds(matching, member)) return false;
        }
        if (isSeen || others is null) return true;
        isSeen = true;
        return run.Holds(others, member);
    }
}
