using System.Text.Json;
using Symbolon.Admin.Sources;
using Symbolon.Cli.Files;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary><c>DIR/symbolon.yaml</c>: one map of settings, nested by the dots of their names.</summary>
internal static class SettingsFile
{
    /// <returns>Name and value; a list gives one pair for each value. Empty where there is no file.</returns>
    /// <exception cref="CommandException">The file cannot be read as one map of settings.</exception>
    public static async Task<IReadOnlyList<KeyValuePair<string, string>>> ReadAsync(string file, CancellationToken cancellation)
    {
        if (!File.Exists(file)) return [];
        var reading = await SourceFiles.ReadAsync([file], Stream.Null, cancellation);
        var pairs = new List<KeyValuePair<string, string>>();
        var errors = reading.Errors.ToList();
        if (reading.Documents.Count > 1) errors.Add(reading.Documents[1].Error("", "The settings are one document."));
        foreach (var document in reading.Documents.Take(1)) Flatten(document, document.Json, "", pairs, errors);
        return errors.Count == 0 ? pairs : throw new CommandException(ExitCode.Usage, "invalid_settings", $"{file} cannot be used.")
        {
            Details = [.. errors.Select(error => error.ToString())],
        };
    }

    private static void Flatten(SourceDocument document, JsonElement value, string path, List<KeyValuePair<string, string>> pairs, List<SourceError> errors)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                    Flatten(document, member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}", pairs, errors);
                break;
            case JsonValueKind.Array when path.Length > 0:
                foreach (var item in value.EnumerateArray()) Flatten(document, item, path, pairs, errors);
                break;
            case JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False when path.Length > 0:
                pairs.Add(KeyValuePair.Create(path, value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText()));
                break;
            default:
                errors.Add(document.Error(path, path.Length == 0 ? "The settings are a map." : "A setting must have a value."));
                break;
        }
    }
}
