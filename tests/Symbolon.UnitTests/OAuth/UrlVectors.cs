using System.Text.Json;

namespace Symbolon.UnitTests.OAuth;

/// <summary>The addresses by which browsers are tested (tests/data/url).</summary>
internal static class UrlVectors
{
    /// <returns>Each address as it is written, and what browsers make of it; null where they refuse it.</returns>
    public static IEnumerable<(string Input, string? Href)> Read()
    {
        using var stream = typeof(UrlVectors).Assembly.GetManifestResourceStream("url/urltestdata.json")!;
        using var vectors = JsonDocument.Parse(stream);
        foreach (var vector in vectors.RootElement.EnumerateArray())
        {
            if (vector.ValueKind != JsonValueKind.Object) continue;
            if (TextOf(vector.GetProperty("input")) is { } input) yield return (input, vector.TryGetProperty("href", out var given) ? TextOf(given) : null);
        }
    }

    /// <returns>Null for half a surrogate pair, which no text of UTF-8 can hold.</returns>
    private static string? TextOf(JsonElement element)
    {
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
