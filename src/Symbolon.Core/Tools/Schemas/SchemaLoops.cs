namespace Symbolon.Core.Tools.Schemas;

/// <summary>Finds schemas that would ask themselves about the same value for ever: references that lead back without a step into the value.</summary>
internal static class SchemaLoops
{
    /// <param name="schemas">Every schema of the document: one that is reached through a part of the value can have a loop, too.</param>
    /// <returns>Where such a schema stands, or null.</returns>
    public static string? Find(IEnumerable<SchemaNode> schemas)
    {
        var left = new HashSet<SchemaNode>();
        var open = new HashSet<SchemaNode>();
        return schemas.Select(schema => Visit(schema, open, left)).FirstOrDefault(loop => loop is not null);
    }

    private static string? Visit(SchemaNode schema, HashSet<SchemaNode> open, HashSet<SchemaNode> left)
    {
        if (left.Contains(schema)) return null;
        // Behind a chain that long no value could be checked, and this walk is a recursion, too.
        if (open.Count == SchemaBounds.MostOpen || !open.Add(schema)) return schema.Path;
        var loop = schema.OfSameValue.Select(next => Visit(next, open, left)).FirstOrDefault(found => found is not null);
        open.Remove(schema);
        left.Add(schema);
        return loop;
    }
}
