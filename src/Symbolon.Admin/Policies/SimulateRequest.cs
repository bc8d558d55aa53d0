using System.Text.Json;

namespace Symbolon.Admin.Policies;

/// <summary>A call that nobody makes, for the rules that hold now.</summary>
public sealed record SimulateRequest
{
    /// <summary>In the words of a policy's test.</summary>
    public required SimulatedCallRequest Call { get; init; }

    /// <summary>Id of the token whose holder calls; then the call names nobody itself.</summary>
    public string? Token { get; init; }

    /// <summary>From where, <c>call.ip</c>.</summary>
    public string? Ip { get; init; }
}

/// <summary>Of a tool, a prompt or a resource.</summary>
public sealed record SimulatedCallRequest
{
    public required string Server { get; init; }
    public string? Tool { get; init; }
    public string? Prompt { get; init; }

    /// <summary>Its URI.</summary>
    public string? Resource { get; init; }

    /// <summary>An object; at most 65,536 characters of JSON.</summary>
    public JsonElement? Args { get; init; }
    public PolicyTestSubject? Subject { get; init; }
    public string? Agent { get; init; }
    public string? Workflow { get; init; }
    public PolicyTestSession? Session { get; init; }

    /// <summary>When, <c>call.time</c>: 2027-03-31T12:00:00Z; now where nothing is said.</summary>
    public string? At { get; init; }
}
