using Symbolon.Jose.Json;

namespace Symbolon.Core.Tools.Schemas.Keywords;

/// <summary><c>contains</c> with <c>minContains</c> and <c>maxContains</c>. JSON Schema Core §10.3.1.3, Validation §6.4.4 and §6.4.5.</summary>
internal sealed class ContainsKeyword(string path, string demand, SchemaNode schema, int least, int? most) : Keyword(path, demand)
{
    public override bool Holds(JsonValue value, SchemaRun run)
    {
        if (value.Kind != JsonKind.Array) return true;
        if (!run.Pass(value)) return false;
        var (index, count) = (0, 0);
        foreach (var item in value.Items)
        {
            // Whoever asks what was evaluated wants to know of each item.
            if (run.Seen is null && most is null && count >= least) break;
            if (run.TryPart(schema, item))
            {
                count++;
                run.Seen?.Mark(index);
            }
            if (run.IsStopped) return false;
            index++;
        }
        return (count >= least && (most is null || count <= most)) || run.Fail(this);
    }
}
