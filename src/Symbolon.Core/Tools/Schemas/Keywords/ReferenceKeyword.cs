using Symbolon.Jose.Json;

namespace Symbolon.Core.Tools.Schemas.Keywords;

/// <summary><c>$ref</c> and <c>$dynamicRef</c>, joined to what they lead to once all schemas of the document are read. JSON Schema Core §8.2.3.</summary>
internal sealed class ReferenceKeyword(string path, string reference, SchemaNode from, bool mayBeDynamic) : Keyword(path, "")
{
    private SchemaNode? target;
    private string? anchor;
    private SchemaNode[] candidates = [];

    /// <summary>Whether the way by which it is reached decides where it leads.</summary>
    public bool IsDynamic => anchor is not null;

    public override IEnumerable<SchemaNode> OfSameValue => target is null ? [] : candidates.Append(target);

    /// <returns>What is wrong, as the rest of a sentence; null when it leads somewhere.</returns>
    public string? Join(SchemaAddresses addresses)
    {
        target = addresses.Find(reference, from.Resource, out var name, out var fault);
        // Only what first leads to a dynamic anchor is dynamic at all (the bookend of Core §8.2.3.2).
        if (!mayBeDynamic || target is null || name is null || target.Resource.DynamicAnchors.GetValueOrDefault(name) != target) return fault;
        anchor = name;
        candidates = [.. addresses.Resources.Select(resource => resource.DynamicAnchors.GetValueOrDefault(name)).OfType<SchemaNode>()];
        return fault;
    }

    public override bool Holds(JsonValue value, SchemaRun run) => (anchor is null ? target! : run.FindDynamic(anchor) ?? target!).Holds(value, run);
}
