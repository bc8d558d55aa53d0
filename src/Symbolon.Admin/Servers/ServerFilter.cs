using Symbolon.Core.Registry;

namespace Symbolon.Admin.Servers;

/// <summary>Which servers a list has; null is any.</summary>
public sealed record ServerFilter
{
    /// <summary>What a person should look at: pending or suspended, a version that waits, tools suspended by drift, or no answer.</summary>
    public const string Attention = "attention";

    public static readonly IReadOnlyList<string> States = ["pending", "active", "suspended", "retired", Attention];

    /// <summary>One of <see cref="States"/>.</summary>
    public string? State { get; init; }

    /// <summary>Compared without case, as people type addresses.</summary>
    public string? Owner { get; init; }

    /// <summary>Found anywhere in the name, the owner or a tool's name, without case.</summary>
    public string? Text { get; init; }

    /// <summary>Apart from the state, which is counted.</summary>
    internal bool HoldsBesidesState(ServerObject server) =>
        (Owner is null || string.Equals(server.Owner, Owner, StringComparison.OrdinalIgnoreCase)) && (Text is null || HasText(server, Text));

    internal static bool IsIn(string state, ServerObject server, UpstreamReading reading) => state == Attention
        ? server.State != Lifecycle.Retired && (server.State != Lifecycle.Active || server.Pending is not null || reading.Health == UpstreamHealth.Unreachable || reading.SuspendedTools > 0)
        : server.State.ToText() == state;

    private static bool HasText(ServerObject server, string text) =>
        Has(server.Name.Value, text) || Has(server.Owner, text) || ServerResponses.Shown(server)?.Tools.Any(tool => Has(tool.Name.Value, text)) == true;

    private static bool Has(string value, string text) => value.Contains(text, StringComparison.OrdinalIgnoreCase);
}
