using Symbolon.Admin.Api;

namespace Symbolon.Admin.Identities;

/// <summary>An agent or a workflow, which are shown alike.</summary>
public record IdentityResponse
{
    public required string Name { get; init; }
    public required string Owner { get; init; }

    /// <summary><c>active</c>, <c>suspended</c> or <c>retired</c>; while it is not active its tokens are refused.</summary>
    public required string State { get; init; }
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Thumbprints of the public keys by which it gets tokens by itself (RFC 7638); absent where it has none.</summary>
    public IReadOnlyList<string>? Keys { get; init; }

    /// <summary>Whom foreign issuers know it as: with their tokens it gets ours. Absent where there is nobody.</summary>
    public IReadOnlyList<FederationResponse>? Federation { get; init; }

    /// <summary>Tokens that name it, alone or with others, and are live; absent while the store cannot be asked.</summary>
    public long? LiveTokens { get; init; }

    /// <summary>The last use of any of its tokens, some seconds late; absent for never.</summary>
    public DateTimeOffset? LastSeenAt { get; init; }

    /// <summary>Tools of active servers that live grants which name it open, some of them only together with a person.</summary>
    public required EffectCountsResponse Reach { get; init; }
    public StateChangeResponse? LastChange { get; init; }

    /// <summary>Version of the object, also its <c>ETag</c>; absent in lists and while the store cannot be asked.</summary>
    public long? Version { get; init; }
}

// Under these names the API describes the form, so that its two uses can part without breaking a client.
/// <summary>An agent.</summary>
public sealed record AgentResponse : IdentityResponse;

/// <summary>A workflow.</summary>
public sealed record WorkflowResponse : IdentityResponse;
