using Symbolon.Jose.Json;

namespace Symbolon.Core.Tools.Schemas.Keywords;

/// <summary>The schema <c>false</c>.</summary>
internal sealed class NothingKeyword(string path) : Keyword(path, "is not allowed")
{
    public override bool Holds(JsonValue value, SchemaRun run) => run.Fail(this);
}
