namespace Symbolon.Core.Tools.Schemas;

/// <summary>A schema with an address of its own (<c>$id</c>, or the document), within which <c>#…</c> is looked up. JSON Schema Core §8.2.</summary>
/// <param name="pointer">Where it stands in the document.</param>
internal sealed class SchemaResource(Uri address, string pointer)
{
    public Uri Address => address;

    public string Pointer => pointer;

    public Dictionary<string, SchemaNode> Anchors { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, SchemaNode> DynamicAnchors { get; } = new(StringComparer.Ordinal);
}
