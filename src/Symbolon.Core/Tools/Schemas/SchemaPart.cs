using System.Text;
using System.Text.Json;

namespace Symbolon.Core.Tools.Schemas;

/// <summary>One schema while its keywords are read: what it says, with its place for what is wrong.</summary>
internal sealed class SchemaPart(JsonElement element, SchemaNode node, SchemaCompiler compiler)
{
    public SchemaNode Node => node;

    public IEnumerable<string> Names => element.EnumerateObject().Select(member => member.Name);

    public bool Has(string keyword) => element.TryGetProperty(keyword, out _);

    public string PathOf(string keyword) => PathText.Join(node.Path, keyword);

    public void Fault(string keyword, string message) => compiler.Fault(PathOf(keyword), message);

    /// <summary>The keyword's value; null where it is not there, and, with a fault, where it is of another kind.</summary>
    public JsonElement? Value(string keyword, string rule, params ReadOnlySpan<JsonValueKind> kinds)
    {
        if (!element.TryGetProperty(keyword, out var value)) return null;
        if (kinds.Contains(value.ValueKind)) return value;
        Fault(keyword, rule);
        return null;
    }

    public JsonElement? Any(string keyword) => element.TryGetProperty(keyword, out var value) ? value : null;

    public string? Text(string keyword) => Value(keyword, "must be a text", JsonValueKind.String)?.GetString();

    public int? Count(string keyword)
    {
        if (Number(keyword) is not { } number) return null;
        if (number.TryGetCount(out var count)) return count;
        Fault(keyword, "must be a whole number from 0 on");
        return null;
    }

    public ExactNumber? Number(string keyword)
    {
        if (Value(keyword, "must be a number", JsonValueKind.Number) is not { } value) return null;
        if (ExactNumber.TryRead(Encoding.UTF8.GetBytes(value.GetRawText()), out var number)) return number;
        Fault(keyword, "must be a number that an int64 or a double carries exactly");
        return null;
    }

    /// <summary>A list of different texts.</summary>
    public List<string>? Texts(string keyword)
    {
        if (Value(keyword, "must be a list of texts", JsonValueKind.Array) is not { } list) return null;
        var texts = new List<string>();
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String) Fault(keyword, "must be a list of texts");
            else if (texts.Contains(item.GetString()!)) Fault(keyword, "has a text twice");
            else texts.Add(item.GetString()!);
        }
        return texts;
    }

    public SchemaNode? Schema(string keyword) => Any(keyword) is { } value ? compiler.Read(value, PathOf(keyword), $"{node.Pointer}/{keyword}", node.Resource) : null;

    public List<SchemaNode>? List(string keyword)
    {
        if (Value(keyword, "must be a list of schemas", JsonValueKind.Array) is not { } list) return null;
        if (list.GetArrayLength() == 0) Fault(keyword, "must have at least one schema");
        return [.. list.EnumerateArray().Select((item, i) => compiler.Read(item, PathText.Join(PathOf(keyword), i), $"{node.Pointer}/{keyword}/{i}", node.Resource))];
    }

    public List<(string Name, SchemaNode Schema)>? Map(string keyword)
    {
        if (Value(keyword, "must be an object of schemas", JsonValueKind.Object) is not { } map) return null;
        return [.. map.EnumerateObject().Select(member => (member.Name, compiler.Read(member.Value, PathText.Join(PathOf(keyword), member.Name), $"{node.Pointer}/{keyword}/{Token(member.Name)}", node.Resource)))];
    }

    /// <summary>RFC 6901 §3.</summary>
    private static string Token(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
