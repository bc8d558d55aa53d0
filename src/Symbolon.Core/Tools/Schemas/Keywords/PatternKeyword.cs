using System.Text;
using Symbolon.Core.Tools.Schemas.Patterns;
using Symbolon.Jose.Json;

namespace Symbolon.Core.Tools.Schemas.Keywords;

/// <summary><c>pattern</c>. JSON Schema Validation §6.3.3.</summary>
internal sealed class PatternKeyword(string path, Pattern pattern) : Keyword(path, $"must match {PathText.Shown(pattern.Text, Pattern.MostLength)}")
{
    public override bool Holds(JsonValue value, SchemaRun run)
    {
        if (value.Kind != JsonKind.String) return true;
        if (!run.Pass(value)) return false;
        if (!value.TryGetPlainText(out var text))
        {
            value.TryGetString(out var decoded);
            text = Encoding.UTF8.GetBytes(decoded!);
        }
        return run.TryMatch(pattern, text, out var matches) && (matches || run.Fail(this));
    }
}
