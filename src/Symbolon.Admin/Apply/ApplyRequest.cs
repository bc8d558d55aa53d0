using System.Text.Json;

namespace Symbolon.Admin.Apply;

/// <summary>Documents in the form of the files, as JSON; all are applied, or none.</summary>
public sealed record ApplyRequest
{
    /// <summary>1 to 500.</summary>
    public required IReadOnlyList<JsonElement> Documents { get; init; }

    /// <summary>Say what would happen and change nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Why, for the record; at most 1024 characters.</summary>
    public string? Reason { get; init; }
}
