using Symbolon.Jose.Json;

namespace Symbolon.Gateway.Mcp;

/// <summary>Where the schemas of one place say what is inside it, as slices of the text that they are read from.</summary>
internal sealed class SchemaMembers
{
    /// <summary>Declared names with their schemas.</summary>
    public Dictionary<string, List<Slice>> Named { get; } = new(StringComparer.Ordinal);

    /// <summary>Schemas of members by pattern; patterns are not matched, each may hold for any name.</summary>
    public List<Slice> Patterns { get; } = [];

    /// <summary>Schemas of members that are not declared.</summary>
    public List<Slice> Others { get; } = [];

    public List<Slice> Items { get; } = [];

    public bool IsEmpty => Named.Count + Patterns.Count + Others.Count + Items.Count == 0;

    /// <param name="offset">Where the schema starts in the text.</param>
    public void Read(JsonValue schema, int offset)
    {
        foreach (var member in schema.Members)
        {
            var value = member.Value;
            switch (member.Name)
            {
                case "properties":
                    foreach (var property in value.Members) SchemasOf(property.Name).Add(new Slice(offset + property.Value.Offset, property.Value.Length));
                    break;
                case "patternProperties":
                    foreach (var pattern in value.Members) Patterns.Add(new Slice(offset + pattern.Value.Offset, pattern.Value.Length));
                    break;
                case "additionalProperties" or "unevaluatedProperties":
                    Others.Add(new Slice(offset + value.Offset, value.Length));
                    break;
                case "items" or "prefixItems" or "additionalItems" or "unevaluatedItems" or "contains":
                    if (value.Kind == JsonKind.Object) Items.Add(new Slice(offset + value.Offset, value.Length));
                    foreach (var item in value.Items) Items.Add(new Slice(offset + item.Offset, item.Length));
                    break;
            }
        }
    }

    private List<Slice> SchemasOf(string name)
    {
        if (!Named.TryGetValue(name, out var schemas)) Named[name] = schemas = [];
        return schemas;
    }
}
