namespace Symbolon.Admin.Console.AuditPages;

/// <summary>An entry over its list.</summary>
/// <param name="Newer">The neighbours under the filters of the list; null at an end, or where looking for it stopped.</param>
public sealed record OpenedEntry(AuditEntry Entry, long? Newer, long? Older);
