using System.Text.Json;

namespace Symbolon.Core.Registry;

/// <summary>A <c>package.json</c>, as far as it says what runs when its folder is run.</summary>
internal static class PackageManifest
{
    /// <summary>Conditions within conditions that are followed.</summary>
    private const int Deepest = 8;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <returns>Paths relative to its folder: <c>main</c>, <c>module</c>, every <c>bin</c>, and <c>exports</c> of the package itself. Null when it cannot be read.</returns>
    public static IReadOnlyList<string>? Entries(ReadOnlySpan<byte> json)
    {
        if (json.Length >= FileFound.File.MostHead) return null;
        var reader = new Utf8JsonReader(json.StartsWith(ByteOrderMark) ? json[ByteOrderMark.Length..] : json);
        try
        {
            using var document = JsonDocument.ParseValue(ref reader);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return null;
            var entries = new List<string>();
            foreach (var name in new[] { "main", "module", "bin" })
                if (document.RootElement.TryGetProperty(name, out var named)) Take(named, entries, 0);
            if (document.RootElement.TryGetProperty("exports", out var exports))
                Take(exports.ValueKind == JsonValueKind.Object && exports.TryGetProperty(".", out var own) ? own : OwnConditions(exports), entries, 0);
            return [.. entries.Where(entry => entry.Length > 0 && !entry.Contains('\0') && !entry.Contains('*')).Distinct(StringComparer.Ordinal)];
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Exports that name other entries by paths say nothing of the package itself.</summary>
    private static JsonElement OwnConditions(JsonElement exports) =>
        exports.ValueKind == JsonValueKind.Object && exports.EnumerateObject().Any(member => member.Name.StartsWith('.')) ? default : exports;

    private static void Take(JsonElement element, List<string> entries, int depth)
    {
        if (depth == Deepest) return;
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                entries.Add(element.GetString()!);
                break;
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject()) Take(member.Value, entries, depth + 1);
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray()) Take(item, entries, depth + 1);
                break;
        }
    }
}
