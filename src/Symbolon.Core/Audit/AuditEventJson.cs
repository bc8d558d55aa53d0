namespace Symbolon.Core.Audit;

/// <summary>
/// The JSON form of an <see cref="AuditEvent"/>: one object, members in RFC 8785 order, integers only, nulls left out.
/// </summary>
public static class AuditEventJson
{
    /// <summary>Version of the whole record's schema; grows when a reader would have to know.</summary>
    public const int SchemaVersion = 1;
}
