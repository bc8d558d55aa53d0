using Symbolon.Admin.Api;

namespace Symbolon.Admin.Grants;

public sealed record GrantResponse
{
    public required string Name { get; init; }

    /// <summary><c>active</c>, <c>expired</c> or <c>retired</c>.</summary>
    public required string State { get; init; }
    public required GrantSubjectsResponse To { get; init; }
    public required IReadOnlyList<ServerAccessResponse> Servers { get; init; }

    /// <summary>The last day, UTC, on which it holds.</summary>
    public DateOnly? Expires { get; init; }

    /// <summary>Longest life of a token that needs it, e.g. <c>8h</c>; absent: the organisation's ceiling.</summary>
    public string? MaxTtl { get; init; }

    /// <summary><c>dpop</c> where it serves only tokens that are bound to a key; else absent.</summary>
    public string? Binding { get; init; }
    public StateChangeResponse? LastChange { get; init; }

    /// <summary>Version of the object, also its <c>ETag</c>; absent in lists and while the store cannot be asked.</summary>
    public long? Version { get; init; }
}

/// <summary>A list that is named must be met by the caller; a person who is present must be named.</summary>
public sealed record GrantSubjectsResponse(IReadOnlyList<string> Users, IReadOnlyList<string> Agents, IReadOnlyList<string> Workflows);
