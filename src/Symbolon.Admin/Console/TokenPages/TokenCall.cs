using System.Globalization;
using System.Text.Json;
using Symbolon.Core;
using Symbolon.Core.Audit;

namespace Symbolon.Admin.Console.TokenPages;

/// <summary>What the audit says of one request by a token.</summary>
/// <param name="IsCall">It was a call of a tool, a prompt or a resource, and not the talk around it.</param>
public sealed record TokenCall(long Seq, DateTimeOffset At, bool IsCall, string? Method, string? Server, string? Tool, bool Allowed, string? Code, string? Outcome, long? Microseconds)
{
    private static readonly string[] Calls = ["tools/call", "prompts/get", "resources/read", "completion/complete"];

    public string What => Tool ?? Method ?? "a request";

    /// <summary>The record in one line, e.g. "look on shop, allowed, 84 ms".</summary>
    public string Line
    {
        get
        {
            var decision = Allowed ? "allowed" : $"refused, {Code}";
            var end = Allowed && Code is { } why ? $", then {why}" : "";
            var took = Microseconds is { } micros ? string.Create(CultureInfo.InvariantCulture, $", {Math.Max(1, micros / 1000)} ms") : "";
            return $"{What}{(Server is null ? "" : " on " + Server)}, {decision}{end}{took}";
        }
    }

    /// <returns>Null for a record that does not tell how a request ended.</returns>
    internal static TokenCall? Of(StoredAuditRecord record)
    {
        using var json = JsonDocument.Parse(record.Json);
        var told = json.RootElement.GetProperty("event");
        var kind = Text("kind");
        if (kind != AuditKind.CallOutcome.ToText() && kind != AuditKind.Request.ToText()) return null;
        var method = Text("method");
        // What is refused before it becomes a call has one record, like everything that is none.
        return new TokenCall(
            record.Seq, UnixTime.FromMicroseconds(record.Time), kind == AuditKind.CallOutcome.ToText() || Calls.Contains(method), method, Text("server"), Text("tool"),
            IsAllowed(told, kind), Text("code"), Text("outcome"),
            told.TryGetProperty("duration", out var duration) ? duration.GetInt64() : null);

        string? Text(string name) => told.TryGetProperty(name, out var value) ? value.GetString() : null;
    }

    /// <summary>The decision is said by the intent of a call; its outcome says that nothing went out.</summary>
    private static bool IsAllowed(JsonElement told, string? kind) => kind == AuditKind.CallOutcome.ToText()
        ? !told.TryGetProperty("outcome", out var outcome) || outcome.GetString() != CallOutcome.Refused.ToText()
        : told.TryGetProperty("allowed", out var allowed) && allowed.ValueKind == JsonValueKind.True;
}
