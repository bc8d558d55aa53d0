using System.Text.Json;
using Symbolon.Core;
using Symbolon.Core.Audit;

namespace Symbolon.Admin.Console.ServerPages;

/// <summary>One call as the record of its outcome has it.</summary>
public sealed record ActivityRow
{
    public required long Seq { get; init; }
    public required DateTimeOffset At { get; init; }
    public string? User { get; init; }
    public string? Agent { get; init; }
    public string? Workflow { get; init; }
    public string? Tool { get; init; }
    public string? Effect { get; init; }
    public bool Allowed { get; init; }
    public string? Code { get; init; }
    public string? Outcome { get; init; }

    internal static ActivityRow Of(StoredAuditRecord record)
    {
        using var json = JsonDocument.Parse(record.Json);
        var call = json.RootElement.GetProperty("event");
        return new ActivityRow
        {
            Seq = record.Seq,
            At = UnixTime.FromMicroseconds(record.Time),
            User = Text("user"),
            Agent = Text("agent"),
            Workflow = Text("workflow"),
            Tool = Text("tool"),
            Effect = Text("effect"),
            Allowed = Text("outcome") != CallOutcome.Refused.ToText(),
            Code = Text("code"),
            Outcome = Text("outcome"),
        };

        string? Text(string name) => call.TryGetProperty(name, out var value) ? value.GetString() : null;
    }
}
