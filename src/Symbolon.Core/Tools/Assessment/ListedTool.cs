using System.Text.Json;

namespace Symbolon.Core.Tools.Assessment;

/// <summary>A tool as its server lists it: all that an assessment reads.</summary>
public sealed record ListedTool
{
    public required string Name { get; init; }
    public string? Title { get; init; }
    public string? Description { get; init; }
    public JsonElement? InputSchema { get; init; }
    public JsonElement? Annotations { get; init; }

    /// <summary>Reads an item of <c>tools/list</c>. What has the wrong type is as if it were absent; half a surrogate pair is no text.</summary>
    public static ListedTool Of(JsonElement listed) => new()
    {
        Name = Text(listed, "name") ?? "",
        Title = Text(listed, "title"),
        Description = Text(listed, "description"),
        InputSchema = Member(listed, "inputSchema"),
        Annotations = Member(listed, "annotations"),
    };

    private static JsonElement? Member(JsonElement listed, string name) =>
        listed.ValueKind == JsonValueKind.Object && listed.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    private static string? Text(JsonElement listed, string name) =>
        listed.ValueKind == JsonValueKind.Object && listed.TryGetProperty(name, out var value) ? JsonTexts.Of(value) : null;
}
