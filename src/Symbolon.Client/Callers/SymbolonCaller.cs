using System.Collections.Immutable;

namespace Symbolon.Client.Callers;

/// <summary>Who calls, through whom, and what for: what a verified token says.</summary>
public sealed record SymbolonCaller
{
    /// <summary><c>sub</c>: the person, else the workflow, else the agent; for what a server or the gateway does by itself <c>server:NAME</c> or <c>symbolon:gateway</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>The person's e-mail address; null where none is behind the call.</summary>
    public string? Person { get; init; }

    public string? Agent { get; init; }

    public string? Workflow { get; init; }

    /// <summary>The MCP server that calls: the outermost of the chain.</summary>
    public string? Server { get; init; }

    /// <summary>
    /// <c>act</c>, the outermost first: who has sent this request, then on whose behalf. Only the first and <see cref="Subject"/> decide anything, the others
    /// are information (RFC 8693 §4.1).
    /// </summary>
    public required ImmutableArray<string> Actors { get; init; }

    /// <summary>The OAuth client that the token was issued to.</summary>
    public required string ClientId { get; init; }

    /// <summary>The tool whose call this is, as <c>mcp:SERVER:TOOL</c>; null outside of one.</summary>
    public string? Tool { get; init; }

    public required ImmutableArray<string> Scopes { get; init; }

    /// <summary>Empty where the token gives nothing.</summary>
    public required ImmutableArray<ResourceDetail> Details { get; init; }

    /// <summary><c>jti</c>: how this token is called in Symbolon's audit.</summary>
    public required string TokenId { get; init; }

    /// <summary>The token that the call began with.</summary>
    public string? OriginTokenId { get; init; }

    /// <summary>The OAuth client that the call began with; null where there is none.</summary>
    public string? OriginClientId { get; init; }

    /// <summary>The consent that the call rests on.</summary>
    public string? AuthorizationId { get; init; }

    /// <summary>Whether the token lets the caller do this with this one resource, which is named in full: <c>cluster:prod/namespace:checkout/release/web</c>.</summary>
    public bool Allows(string action, string resource)
    {
        foreach (var detail in Details)
            if (detail.Allows(action, resource)) return true;
        return false;
    }
}
