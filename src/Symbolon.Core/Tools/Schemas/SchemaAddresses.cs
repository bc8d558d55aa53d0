namespace Symbolon.Core.Tools.Schemas;

/// <summary>All schemas of one document by their addresses. There is nothing else: what is not in the document is not fetched.</summary>
internal sealed class SchemaAddresses
{
    /// <summary>The address of a document that gives itself none; nobody can have it (RFC 6761 §6.4).</summary>
    private static readonly Uri Nowhere = new("https://schema.invalid/");

    private readonly Dictionary<string, SchemaResource> resources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SchemaNode> schemas = new(StringComparer.Ordinal);

    public IEnumerable<SchemaResource> Resources => resources.Values;

    public IReadOnlyCollection<SchemaNode> Schemas => schemas.Values;

    public void Add(SchemaNode schema) => schemas[schema.Pointer] = schema;

    /// <param name="id">As written; null for the document without one.</param>
    /// <param name="around">The resource that it stands in; null for the document.</param>
    /// <returns>Null, with the fault, where it is no address, or one that is taken.</returns>
    public SchemaResource? Open(string? id, string pointer, SchemaResource? around, out string? fault)
    {
        fault = null;
        var address = Nowhere;
        if (id is not null && (id.TrimEnd('#') is not { Length: > 0 } text || text.Contains('#') || !Uri.TryCreate(around?.Address ?? Nowhere, text, out address!)))
            fault = "must be an address without a fragment";
        var resource = new SchemaResource(address, pointer);
        if (fault is null && !resources.TryAdd(address.AbsoluteUri, resource)) fault = "is the address of another schema of the document, too";
        return fault is null ? resource : null;
    }

    /// <param name="from">The resource that the reference stands in.</param>
    /// <param name="anchor">The name behind the <c>#</c>, where there is one and it is no JSON pointer.</param>
    public SchemaNode? Find(string reference, SchemaResource from, out string? anchor, out string? fault)
    {
        var hash = reference.IndexOf('#');
        var (address, fragment) = hash < 0 ? (reference, "") : (reference[..hash], Uri.UnescapeDataString(reference[(hash + 1)..]));
        anchor = fragment.Length == 0 || fragment[0] == '/' ? null : fragment;
        fault = null;
        var resource = from;
        if (address.Length > 0 && !(Uri.TryCreate(from.Address, address, out var full) && resources.TryGetValue(full.AbsoluteUri, out resource)))
        {
            fault = "leads out of the document; nothing is fetched, so write what it refers to into $defs";
            return null;
        }
        var found = anchor is null ? schemas.GetValueOrDefault(resource!.Pointer + fragment) : resource!.Anchors.GetValueOrDefault(anchor);
        fault = found is null ? "leads to no schema of the document" : null;
        return found;
    }
}
