using System.Text.Json;

namespace Symbolon.Admin.Api;

/// <param name="Path">In the words of the file; an item with a name by it: <c>spec.tools[look].effect</c>.</param>
/// <param name="Before">Absent where it is new.</param>
/// <param name="After">Absent where it is gone. Where both are absent only the order of the items differs.</param>
public sealed record FieldChangeResponse(string Path, JsonElement? Before, JsonElement? After);
