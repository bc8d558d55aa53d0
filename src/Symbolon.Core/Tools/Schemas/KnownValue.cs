using System.Text;
using System.Text.Json;
using Symbolon.Jose.Json;

namespace Symbolon.Core.Tools.Schemas;

/// <summary>A value that a schema has, for comparing.</summary>
internal sealed class KnownValue
{
    private readonly byte[] json;
    private readonly byte[]? text;
    private readonly ExactNumber? number;
    private readonly JsonKind kind;

    private KnownValue(byte[] json, byte[]? text, ExactNumber? number) =>
        (this.json, this.text, this.number, kind) = (json, text, number, JsonValue.Root(json).Kind);

    /// <returns>Null for a number that nobody could compare.</returns>
    public static KnownValue? Of(JsonElement value)
    {
        var json = Encoding.UTF8.GetBytes(value.GetRawText());
        if (value.ValueKind == JsonValueKind.String) return new KnownValue(json, Encoding.UTF8.GetBytes(value.GetString()!), null);
        if (value.ValueKind != JsonValueKind.Number) return HasOnlyExactNumbers(value) ? new KnownValue(json, null, null) : null;
        return ExactNumber.TryRead(json, out var number) ? new KnownValue(json, null, number) : null;
    }

    public bool Is(JsonValue value, Keyword keyword, SchemaRun run)
    {
        if (!run.Spend(1) || value.Kind != kind) return false;
        if (text is not null) return value.TextEquals(text);
        if (number is { } mine) return run.TryRead(keyword, value, out var theirs) && mine == theirs;
        return ValueComparison.Same(JsonValue.Root(json), value, keyword, run);
    }

    private static bool HasOnlyExactNumbers(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().All(member => HasOnlyExactNumbers(member.Value)),
        JsonValueKind.Array => value.EnumerateArray().All(HasOnlyExactNumbers),
        JsonValueKind.Number => ExactNumber.TryRead(Encoding.UTF8.GetBytes(value.GetRawText()), out _),
        _ => true,
    };
}
