using System.Collections.Immutable;

namespace Symbolon.Client.Callers;

/// <summary>Who asks, and through whom: what a verified identity header says. It gives nothing, and can be exchanged for nothing.</summary>
public sealed record IdentifiedCaller
{
    /// <summary><c>sub</c>: the person, else the workflow, else the agent; <c>symbolon:gateway</c> for what the gateway asks for itself, such as the list of tools.</summary>
    public required string Subject { get; init; }

    /// <summary>The person's e-mail address; null where none is behind the request.</summary>
    public string? Person { get; init; }

    public string? Agent { get; init; }

    public string? Workflow { get; init; }

    /// <summary><c>act</c>, the outermost first (RFC 8693 §4.1).</summary>
    public required ImmutableArray<string> Actors { get; init; }

    /// <summary>The tool whose call this is, as <c>mcp:SERVER:TOOL</c>; null outside of one.</summary>
    public string? Tool { get; init; }

    /// <summary><c>jti</c>: another one for each request.</summary>
    public required string Id { get; init; }

    /// <summary>The gateway asks for itself; nobody's call.</summary>
    public bool IsGateway => Subject == "symbolon:gateway";
}
