using Symbolon.Jose.Json;

namespace Symbolon.Core.Tools.Schemas.Keywords;

/// <summary><c>propertyNames</c>: each name as if it were a string by itself. JSON Schema Core §10.3.2.4.</summary>
internal sealed class MemberNamesKeyword(string path, SchemaNode schema) : Keyword(path, "has a name that is not allowed")
{
    public override bool Holds(JsonValue value, SchemaRun run)
    {
        if (value.Kind != JsonKind.Object) return true;
        if (!run.Pass(value)) return false;
        foreach (var member in value.Members)
        {
            // With its quotation marks the name is a string of its own, escapes and all.
            var text = new byte[member.RawName.Length + 2];
            text[0] = text[^1] = (byte)'"';
            member.RawName.CopyTo(text.AsSpan(1));
            if (!run.TryPart(schema, JsonValue.Root(text))) return run.Fail(this, member.Name);
        }
        return true;
    }
}
