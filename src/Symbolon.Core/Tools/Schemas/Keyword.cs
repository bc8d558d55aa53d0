using Symbolon.Jose.Json;

namespace Symbolon.Core.Tools.Schemas;

/// <summary>One keyword of a schema, or some that decide together, read once and then only asked.</summary>
/// <param name="path">Its place in the schema.</param>
/// <param name="demand">What it asks for, as <see cref="SchemaViolation.Demand"/> says it.</param>
internal abstract class Keyword(string path, string demand)
{
    public string Path => path;

    public string Demand => demand;

    /// <summary>Schemas that hold for the same value, not for a part of it.</summary>
    public virtual IEnumerable<SchemaNode> OfSameValue => [];

    /// <returns>False when it does not hold, or the run has stopped.</returns>
    public abstract bool Holds(JsonValue value, SchemaRun run);
}
