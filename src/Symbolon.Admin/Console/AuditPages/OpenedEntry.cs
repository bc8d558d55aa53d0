using Symbolon.Core.Registry;

namespace Symbolon.Admin.Console.AuditPages;

/// <summary>An entry over its list.</summary>
/// <param name="Newer">The neighbours under the filters of the list; null at an end, or where looking for it stopped.</param>
/// <param name="Server">Its server as it is approved now; null where there is none any more.</param>
public sealed record OpenedEntry(AuditEntry Entry, long? Newer, long? Older, ServerManifest? Server);
