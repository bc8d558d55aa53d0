using System.Text.Json;

namespace Symbolon.Admin.Apply;

/// <summary>What happened to one document; the answer is a list of these in the order of the request.</summary>
/// <param name="Kind">Server, Agent, Workflow or Grant.</param>
/// <param name="Action"><c>created</c>, <c>updated</c>, <c>pending</c> (a server's version that waits for approval) or <c>unchanged</c>.</param>
/// <param name="Version">The number of the manifest for a server, else the version of the object.</param>
public sealed record ApplyResponse(string Kind, string Name, string Action, long Version)
{
    /// <summary>How it differs from what was there, of a server from its newest version, field by field; absent for what is new or unchanged.</summary>
    public IReadOnlyList<FieldChangeResponse>? Changes { get; init; }
}

/// <param name="Path">In the words of the file; an item with a name by it: <c>spec.tools[look].effect</c>.</param>
/// <param name="Before">Absent where it is new.</param>
/// <param name="After">Absent where it is gone. Where both are absent only the order of the items differs.</param>
public sealed record FieldChangeResponse(string Path, JsonElement? Before, JsonElement? After);
