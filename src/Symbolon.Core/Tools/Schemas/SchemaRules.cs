namespace Symbolon.Core.Tools.Schemas;

/// <summary>How a schema is read.</summary>
public enum SchemaRules
{
    /// <summary>As JSON Schema 2020-12 says: keywords that nobody knows are remarks, and so is <c>format</c>.</summary>
    Draft,

    /// <summary>
    /// As a constraint that has to hold: a keyword that would be ignored is an error, and a member that a reader without regard to case would take for one
    /// that the schema names is refused.
    /// </summary>
    Constraints,
}
