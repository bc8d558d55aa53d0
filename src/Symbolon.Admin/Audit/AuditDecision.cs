using System.Text.Json;
using Symbolon.Core.Audit;

namespace Symbolon.Admin.Audit;

/// <summary>What was decided, as one record tells it by itself. No column holds it, so it is looked for in the records.</summary>
internal static class AuditDecision
{
    public const string Allowed = "allowed";
    public const string Refused = "refused";

    /// <summary>Nobody knows whether it happened: its node died before the end was recorded.</summary>
    public const string Lost = "lost";

    public static readonly IReadOnlyList<string> All = [Allowed, Refused, Lost];

    /// <param name="kind">Of the record.</param>
    /// <param name="outcome">How a call or request ended; null where the record does not say.</param>
    /// <param name="allowed">What it says was decided; null where it does not.</param>
    /// <returns>Null for a record that decides nothing, such as drift.</returns>
    public static string? Of(string kind, string? outcome, bool? allowed) =>
        outcome == "unknown" ? Lost
        : outcome == "refused" || kind == "refusals" || allowed == false ? Refused
        : allowed == true || kind == "call_outcome" ? Allowed
        : null;

    public static string? Of(StoredAuditRecord record)
    {
        using var json = JsonDocument.Parse(record.Json);
        var said = json.RootElement.GetProperty("event");
        return Of(
            said.GetProperty("kind").GetString()!,
            said.TryGetProperty("outcome", out var outcome) ? outcome.GetString() : null,
            said.TryGetProperty("allowed", out var allowed) ? allowed.ValueKind == JsonValueKind.True : null);
    }
}
