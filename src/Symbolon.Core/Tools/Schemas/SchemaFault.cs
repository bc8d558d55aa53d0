namespace Symbolon.Core.Tools.Schemas;

/// <summary>One thing that is wrong with a schema.</summary>
/// <param name="Path">Where, by the names of the members from the schema's root on: <c>properties.namespace.pattern</c>; empty for the whole.</param>
/// <param name="Message">The rest of a sentence that begins with the place: <c>must be a text</c>.</param>
public sealed record SchemaFault(string Path, string Message);

/// <summary>Why a value is not allowed, in words that hold none of it but names of its members.</summary>
/// <param name="Path">Which part of the value: <c>items[2].name</c>; empty for the whole.</param>
/// <param name="Demand">The rest of a sentence that begins with the part: <c>must be at most 5</c>.</param>
/// <param name="Rule">The keyword that is not met, by its place in the schema: <c>properties.replicas.maximum</c>; empty where it is about the whole.</param>
public sealed record SchemaViolation(string Path, string Demand, string Rule);
