using System.Text.Json;

namespace Symbolon.Admin.Sources;

/// <summary>One document of a file.</summary>
public sealed class SourceDocument(string file, SourceNode root)
{
    /// <summary>The document as JSON.</summary>
    public JsonElement Json { get; } = ToJson(root);

    public SourceError Error(string path, string message) => new(file, root.PlaceOf(path), path, message);

    private static JsonElement ToJson(SourceNode root)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true })) root.WriteTo(writer);
        using var document = JsonDocument.Parse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), new JsonDocumentOptions { MaxDepth = SourceLimits.Depth + 1 });
        return document.RootElement.Clone();
    }
}

/// <summary>What one reading of files may cost.</summary>
public static class SourceLimits
{
    /// <summary>Bytes of one file. 16 MiB.</summary>
    public const int FileBytes = 16 * 1024 * 1024;

    /// <summary>Levels of nesting.</summary>
    public const int Depth = 64;

    /// <summary>Values of one file, those that aliases repeat counted each time.</summary>
    public const int Nodes = 500_000;

    /// <summary>Files of one folder.</summary>
    public const int Files = 10_000;
}

/// <summary>What was read, and all that is wrong with it.</summary>
public sealed record SourceReading(IReadOnlyList<SourceDocument> Documents, IReadOnlyList<SourceError> Errors);
