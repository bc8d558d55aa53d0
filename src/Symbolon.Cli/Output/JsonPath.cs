using System.Text.Json;

namespace Symbolon.Cli.Output;

/// <summary>Finds members of an answer by path, e.g. <c>holder.user</c>.</summary>
internal static class JsonPath
{
    public static JsonElement? Find(JsonElement value, string path)
    {
        foreach (var name in path.Split('.'))
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value)) return null;
        return value.ValueKind == JsonValueKind.Null ? null : value;
    }

    /// <returns>The text as a cell shows it, or null where nothing is.</returns>
    public static string? Text(JsonElement value, string path) => Find(value, path) is { } found ? Text(found) : null;

    public static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => string.Join(",", value.EnumerateArray().Select(Text)),
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };
}
