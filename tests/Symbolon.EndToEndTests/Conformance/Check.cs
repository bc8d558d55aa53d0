using System.Text.Json;
using System.Text.RegularExpressions;

namespace Symbolon.EndToEndTests.Conformance;

/// <summary>One check of the official suite, as it writes it: many have one id and differ by name.</summary>
internal sealed partial record Check
{
    public required string Scenario { get; init; }
    public required string Id { get; init; }
    public required string Name { get; init; }

    /// <summary><c>SUCCESS</c>, <c>FAILURE</c>, <c>WARNING</c>, <c>INFO</c> or <c>SKIPPED</c>.</summary>
    public required string Status { get; init; }
    public string? ErrorMessage { get; init; }

    public bool Passed => Status == "SUCCESS";

    /// <summary>A warning is what the specification calls SHOULD: it counts.</summary>
    public bool Failed => Status is "FAILURE" or "WARNING";

    public (string Scenario, string Id, string Name) Key => (Scenario, Id, Name);

    /// <summary>What a run wrote into its folder, one folder a scenario.</summary>
    public static IReadOnlyList<Check> Read(DirectoryInfo folder) =>
        [.. folder.GetFiles("checks.json", SearchOption.AllDirectories).OrderBy(file => file.DirectoryName, StringComparer.Ordinal).SelectMany(Read)];

    private static IEnumerable<Check> Read(FileInfo file)
    {
        var scenario = Folder().Match(file.FullName).Groups[1].Value;
        using var checks = JsonDocument.Parse(File.ReadAllBytes(file.FullName));
        return [.. checks.RootElement.EnumerateArray().Select(check => new Check
        {
            Scenario = scenario,
            Id = check.GetProperty("id").GetString()!,
            Name = check.GetProperty("name").GetString()!,
            Status = check.GetProperty("status").GetString()!,
            ErrorMessage = check.TryGetProperty("errorMessage", out var message) ? message.GetString() : null,
        })];
    }

    // Scenarios of clients have a slash in their names.
    [GeneratedRegex(@"/(?:server-)?((?:auth/)?[^/]+)-\d{4}-\d\d-\d\dT[\d-]+Z/checks\.json$")]
    private static partial Regex Folder();
}
